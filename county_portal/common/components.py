"""What the shared components of pages take (`templates/components`)."""

from collections.abc import Sequence
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
    url: str = ""


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


@dataclass(frozen=True, slots=True)
class Tile:
    """One region of `components/tile_grid.html`.

    `letter` is what is read on the tile besides its colour; `shade` names the colour (a class a, b, c, or a
    tone: info, success, warning, pale, danger, neutral), the letter's own without it; `word` says both in words;
    `mark` is a second sign, e.g. which round.
    """

    name: str
    letter: str = ""
    shade: str = ""
    word: str = ""
    mark: str = ""
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class TileGroup:
    """The regions of one city."""

    name: str
    tiles: Sequence[Tile]


@dataclass(frozen=True, slots=True)
class TileKey:
    """A line of the legend: the sign, its colour, what it means."""

    letter: str
    shade: str
    word: str


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is, since when, until when, as `components/turn.html` takes it.

    `who` is blank when nothing is left to do.
    """

    who: str
    since: datetime | date | None = None
    until: date | None = None
    note: str = ""
