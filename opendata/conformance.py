"""Whether the interface answers as its own description says: every GET asked, every answer held against it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.test import Client
from jsonschema import Draft202012Validator

from opendata.interface import description


@dataclass(slots=True)
class Conformance:
    """How many operations were asked, how many answers came, and what was wrong with which."""

    operations: int = 0
    answers: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def as_document(self) -> dict[str, int]:
        """The numbers alone."""
        return {
            "operations": self.operations,
            "answers": self.answers,
            "failures": len(self.failures),
        }


def check_conformance(token: str, arguments: Mapping[str, str]) -> Conformance:
    """Ask each GET of the description; `arguments` are values of what its paths name.

    An operation whose path names something for which there is no argument counts as asked and unanswered.
    """
    document, found = description(), Conformance()
    # In the process itself: no server need run, and the host is whatever the portal accepts.
    client = Client(raise_request_exception=False)
    for path, item in document["paths"].items():
        if "get" not in item:
            continue
        found.operations += 1
        address = _address(path, item["get"], arguments)
        if address is None:
            found.failures.append(f"{path}: nothing to ask for")
            continue
        headers = {"Host": _host()}
        if "security" in item["get"]:
            headers["Authorization"] = f"Bearer {token}"
        answer = client.get(address, headers=headers, secure=True)
        found.answers += 1
        fault = _fault(document, item["get"], answer)
        if fault:
            found.failures.append(f"{path}: {fault}")
    return found


def _host() -> str:
    """A host the portal answers for."""
    return next((host for host in settings.ALLOWED_HOSTS if host[0] not in "*."), "localhost")


def _address(path: str, details: Mapping[str, Any], arguments: Mapping[str, str]) -> str | None:
    names = [each["name"] for each in details.get("parameters", ()) if each["in"] == "path"]
    if any(name not in arguments for name in names):
        return None
    return path.format_map({name: arguments[name] for name in names})


def _fault(document: Mapping[str, Any], details: Mapping[str, Any], answer: Any) -> str:
    """What of an answer differs from its description; blank where nothing does."""
    responses = {str(status): said for status, said in details["responses"].items()}
    if answer.status_code != 200:  # noqa: PLR2004 -- what is there must be answered
        return f"status {answer.status_code}"
    content = responses["200"].get("content", {})
    media = answer["Content-Type"].partition(";")[0]
    if media not in content:
        return f"media type {media}"
    if media != "application/json":
        return ""
    schema = {**content[media]["schema"], "components": document["components"]}
    error = next(Draft202012Validator(schema).iter_errors(answer.json()), None)
    return f"{error.json_path}: {error.message[:200]}" if error else ""
