"""A scheme under edit, as its document, and the edits it takes; it need not be sound before it is tested."""

import copy
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from county_portal.common.errors import Invalid
from county_portal.common.text import clean_text
from scoring.engine.codec import canonical_bytes, sha256
from scoring.engine.errors import DocumentError
from scoring.engine.scheme_document import SCHEME_FORMAT, read_scheme, scheme_document

Document = dict[str, Any]

_CODE = re.compile(r"[0-9A-Za-z._-]{1,60}")


def read_document(text: str) -> Document:
    """The document of a stored text."""
    document: Document = json.loads(text)
    return document


def written(document: Document) -> tuple[str, str]:
    """Canonical text and digest of a document, sound or not."""
    content = canonical_bytes(document)
    return content.decode(), sha256(content)


def normal(document: object) -> Document:
    """The document as the engine writes it, whether it makes sense or not.

    Raises Invalid, with the engine's path as the field, for what is no scheme document at all.
    """
    try:
        made: Document = dict(scheme_document(read_scheme(_cleaned(document))))
    except DocumentError as fault:
        raise Invalid(fault.code, fault.sentence, fault.path) from fault
    for code in _codes(made):
        if not _CODE.fullmatch(code):
            raise Invalid(
                "code_not_plain",
                f"代码“{code[:30]}”只能由字母、数字、点、横线和下划线组成，最多60个字符，请修改。",
                "code",
            )
    return made


def _cleaned(value: Any) -> Any:
    """Texts by the portal's input policy, wherever they stand."""
    if isinstance(value, str):
        try:
            return clean_text(value)
        except ValueError as error:
            raise Invalid(
                "text_control_character", f"“{value[:20]!a}”含有不可见的控制字符，请删去。"
            ) from error
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    if isinstance(value, dict):
        return {key: _cleaned(each) for key, each in value.items()}
    return value


def _codes(document: Document) -> Iterator[str]:
    """Every code by which something else names a thing."""
    if isinstance(document["ties"], dict):
        yield from document["ties"]["then_by"]
    for row in document["indicators"]:
        yield row["code"]
        for rule in rules_in(row["rule"]):
            yield from (item["code"] for item in rule.get("items", []))
            yield from (code for group in rule.get("exclusive", []) for code in group)
            for group in rule.get("groups", []):
                yield from group["codes"]


def rules_in(rule: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """A rule and those it holds for classes of counties."""
    if rule.get("kind") != "by-peer":
        return [rule]
    return [rule, *(group["rule"] for group in rule["groups"]), rule["otherwise"]]


def empty_document(title: str) -> Document:
    """A scheme with nothing in it yet."""
    return {
        "format": SCHEME_FORMAT,
        "title": title,
        "rounding": {"places": 2, "mode": "ROUND_HALF_UP"},
        "total": "sum-of-rounded",
        "ties": "shared-rank",
        "classes": [],
        "absence": {"missing": "zero", "not-applicable": "zero", "qualitative": "zero"},
        "indicators": [],
    }


class Edit(Protocol):
    """A change of a document; `act` is what the record calls it."""

    @property
    def act(self) -> str: ...

    def applied(self, document: Document) -> Document:
        """The changed document; the one given stays as it is."""
        ...


@dataclass(frozen=True, slots=True)
class GeneralEdit:
    """Title, rounding, total, ties, classes and absence at once, as the document holds them."""

    parts: Mapping[str, Any]

    @property
    def act(self) -> str:
        """As recorded."""
        return "edit_scheme_general"

    def applied(self, document: Document) -> Document:
        """Indicators stay."""
        return {**document, **copy.deepcopy(dict(self.parts))}


@dataclass(frozen=True, slots=True)
class IndicatorEdit:
    """One indicator as it shall be; without a position it comes last.

    A position is taken at its word only while the indicator with this code stands there: a colleague may have moved it.
    """

    indicator: Mapping[str, Any]
    position: int | None = None

    @property
    def act(self) -> str:
        """As recorded."""
        return "edit_scheme_indicator" if self.position is not None else "add_scheme_indicator"

    def applied(self, document: Document) -> Document:
        """Raises Invalid for a position that is not there."""
        rows = list(document["indicators"])
        if self.position is None:
            _require_new(rows, self.indicator["code"])
            rows.append(dict(self.indicator))
        else:
            rows[self._place(rows)] = dict(self.indicator)
        return {**document, "indicators": rows}

    def _place(self, rows: Sequence[Mapping[str, Any]]) -> int:
        code = self.indicator["code"]
        places = [place for place, row in enumerate(rows) if row["code"] == code]
        if not places:
            raise _gone()
        return self.position if self.position in places else places[0]


@dataclass(frozen=True, slots=True)
class RemovalEdit:
    """An indicator taken out."""

    position: int

    @property
    def act(self) -> str:
        """As recorded."""
        return "remove_scheme_indicator"

    def applied(self, document: Document) -> Document:
        """Raises Invalid for a position that is not there."""
        rows = list(document["indicators"])
        _require(rows, self.position)
        del rows[self.position]
        return {**document, "indicators": rows}


@dataclass(frozen=True, slots=True)
class MoveEdit:
    """An indicator moved up (negative) or down; beyond the ends it stays where it is."""

    position: int
    by: int

    @property
    def act(self) -> str:
        """As recorded."""
        return "move_scheme_indicator"

    def applied(self, document: Document) -> Document:
        """Raises Invalid for a position that is not there."""
        rows = list(document["indicators"])
        _require(rows, self.position)
        target = min(max(self.position + self.by, 0), len(rows) - 1)
        rows.insert(target, rows.pop(self.position))
        return {**document, "indicators": rows}


@dataclass(frozen=True, slots=True)
class ReplacementEdit:
    """The whole text, out of a file."""

    document: Document

    @property
    def act(self) -> str:
        """As recorded."""
        return "import_scheme_file"

    def applied(self, document: Document) -> Document:
        """Nothing of the former text stays."""
        return self.document


def _require(rows: Sequence[object], position: int) -> None:
    if not 0 <= position < len(rows):
        raise _gone()


def _require_new(rows: Sequence[Mapping[str, Any]], code: str) -> None:
    if any(row["code"] == code for row in rows):
        raise Invalid("indicator_listed", f"指标{code}已在方案中，请直接修改它。", "code")


def _gone() -> Invalid:
    return Invalid(
        "no_such_indicator",
        "要修改的指标已不在方案中，可能已被同事删除。请返回方案页重新选择。",
    )
