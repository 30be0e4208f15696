"""The tiles as a drawing for download: numbers to coordinates; the SVG itself is in the template."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from dashboards.palette import SHADES

if TYPE_CHECKING:
    from dashboards.grid import Grid

WIDTH, _LEFT, _HEAD = 1400, 176, 132
_TILE, _TALL, _GAP = 116, 40, 6
_ACROSS = (WIDTH - _LEFT - 24) // (_TILE + _GAP)
# As many characters stand beside the sign on one line of a tile.
_LINE = 6


@dataclass(frozen=True, slots=True)
class DrawnTile:
    """One tile: where, which colours, what stands on it in one or two lines."""

    x: int
    y: int
    fill: str
    ink: str
    letter: str
    lines: Sequence[tuple[str, int]]
    words: str


@dataclass(frozen=True, slots=True)
class DrawnText:
    """A text at its place."""

    x: int
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class DrawnKey:
    """A line of the legend."""

    x: int
    fill: str
    ink: str
    letter: str
    word: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """All of it."""

    width: int
    height: int
    title: str
    lines: Sequence[DrawnText]
    keys: Sequence[DrawnKey]
    cities: Sequence[DrawnText]
    tiles: Sequence[DrawnTile]


def drawing_of(grid: "Grid", title: str, lines: Sequence[str]) -> Drawing:
    """City by city, as many tiles a line as there is room for."""
    y, cities, tiles = _HEAD, [], []
    for city, rows in groupby(grid.rows, key=lambda row: row.place.city):
        cities.append(DrawnText(24, y + 25, city))
        for place, row in enumerate(rows):
            if place and place % _ACROSS == 0:
                y += _TALL + _GAP
            fill, ink = SHADES[row.shade]
            x, name = _LEFT + place % _ACROSS * (_TILE + _GAP), row.standing.name
            words = f"{city}{name}：{row.word}"
            tiles.append(DrawnTile(x, y, fill, ink, row.letter or "—", _lines(name, y), words))
        y += _TALL + 16
    foot = y + 8
    notes = [DrawnText(24, foot + 22 * n, line) for n, line in enumerate(lines)]
    return Drawing(WIDTH, foot + 22 * len(notes) + 8, title, notes, _keys(grid), cities, tiles)


def _lines(name: str, y: int) -> list[tuple[str, int]]:
    if len(name) <= _LINE:
        return [(name, y + 25)]
    rest = name[_LINE:]
    shown = rest if len(rest) <= _LINE else rest[: _LINE - 1] + "…"
    return [(name[:_LINE], y + 17), (shown, y + 32)]


def _keys(grid: "Grid") -> list[DrawnKey]:
    x, keys = 24, []
    for key in grid.keys:
        fill, ink = SHADES[key.shade]
        keys.append(DrawnKey(x, fill, ink, key.letter or "—", key.word))
        x += 56 + 14 * len(key.word)
    return keys
