"""One matter that waits, and matters of one kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One matter that waits: what, since when, until when."""

    title: str
    url: str
    note: str = ""
    since: datetime | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class InboxGroup:
    """Matters of one kind; `items` are the first of `count`."""

    key: str
    title: str
    hint: str
    count: int
    items: Sequence[InboxItem]
    all_url: str = ""

    @property
    def anchor(self) -> str:
        """Where on the page it stands."""
        return f"#{self.key}"
