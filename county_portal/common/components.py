"""What the shared components of pages take (`templates/components`)."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Chip:
    """A ready-made filter as `components/filters.html` takes it."""

    label: str
    url: str
    count: int
    current: bool
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A stage as `components/steps.html` takes it; `state` is done, current, returned or todo."""

    label: str
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """An act as `components/steps.html` takes it."""

    action: str
    actor: str
    office: str
    at: datetime | date
    comment: str
    tone: str
    icon_name: str = ""
