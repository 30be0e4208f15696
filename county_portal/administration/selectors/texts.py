"""The door to official texts: what is shipped, what is in force, what was."""

import hashlib
from dataclasses import dataclass

from django.http import Http404

from county_portal.administration.models import TextVersion
from county_portal.administration.placeholders import Shipped
from county_portal.documents import wording

SHIPPED_VERSION = 0


@dataclass(frozen=True, slots=True)
class OfficialText:
    """A text as it stands: `version` None where nobody has worded it anew."""

    name: str
    shipped: Shipped
    version: TextVersion | None

    @property
    def is_reworded(self) -> bool:
        """Whether what is in force is not what is shipped."""
        return self.version is not None and not self.version.is_shipped

    @property
    def body(self) -> str:
        """The text in force."""
        if self.version is None or self.version.is_shipped:
            return self.shipped.body
        return self.version.text

    @property
    def digest(self) -> str:
        """What tells it apart from every other."""
        return digest_of(self.body)

    @property
    def number(self) -> int:
        """Of the version in force; 0 before the first."""
        return self.version.number if self.version else SHIPPED_VERSION


def digest_of(text: str) -> str:
    """SHA-256 of a text, its line ends being \\n."""
    return hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()


def text_names() -> list[str]:
    """The texts there are, without the ending."""
    return sorted(path.stem for path in wording.TEXT_FOLDER.glob("*.txt"))


def list_texts() -> list[OfficialText]:
    """All of them; one query."""
    rows = TextVersion.objects.select_related("made_by").order_by("name", "-number")
    latest = {row.name: row for row in rows.distinct("name")}
    return [_text(name, latest.get(name)) for name in text_names()]


def get_text(name: str) -> OfficialText:
    """One of them; 404 otherwise."""
    if name not in text_names():
        raise Http404
    return _text(name, TextVersion.objects.filter(name=name).order_by("-number").first())


def _text(name: str, version: TextVersion | None) -> OfficialText:
    return OfficialText(name, Shipped.of(wording.shipped_text(f"{name}.txt")), version)


def list_versions(name: str) -> list[TextVersion]:
    """What was in force, newest first; one query."""
    return list(TextVersion.objects.filter(name=name).select_related("made_by"))


def reworded(template_name: str) -> str | None:
    """The wording in force in the place of a shipped file; None where the file's own is. One query."""
    name = template_name.removesuffix(".txt")
    row = TextVersion.objects.filter(name=name).order_by("-number").first()
    return None if row is None or row.is_shipped else row.text
