"""A piecewise rule as a line: points over figures, in the units of the drawing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from scoring.schemes.sheet import number

WIDTH, HEIGHT = 640, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 620, 20, 200
# The open end is drawn this share of the last knot further on.
_BEYOND = Decimal("1.15")
_TENTH = Decimal("0.1")
_MOST_LABELS = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """A labelled place on an axis."""

    at: Decimal
    label: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """One band as a line."""

    x1: Decimal
    y1: Decimal
    x2: Decimal
    y2: Decimal


@dataclass(frozen=True, slots=True)
class Picture:
    """All of it; `baseline` and `left` are where the axes lie."""

    stretches: tuple[Stretch, ...]
    figures: tuple[Mark, ...]
    points: tuple[Mark, ...]
    summary: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = _RIGHT
    top: int = _TOP
    baseline: int = _BOTTOM


def picture_of(rule: Mapping[str, Any], unit: str) -> Picture | None:
    """The line of a piecewise rule; None for other rules and for bands that cannot be drawn."""
    if rule["kind"] != "piecewise" or not rule["bands"]:
        return None
    bands: Sequence[Mapping[str, Any]] = rule["bands"]
    last = max(number(band["to"] or band["from"]) for band in bands)
    most = max(number(band[key]) for band in bands for key in ("points_from", "points_to"))
    if last <= 0 or most <= 0:
        return None
    end = last * _BEYOND

    def x(value: Decimal) -> Decimal:
        return _scaled(value, end, _LEFT, _RIGHT)

    def y(value: Decimal) -> Decimal:
        return _scaled(value, most, _BOTTOM, _TOP)

    stretches = tuple(
        Stretch(
            x(number(band["from"])),
            y(number(band["points_from"])),
            x(end if band["to"] is None else number(band["to"])),
            y(number(band["points_to"])),
        )
        for band in bands
    )
    knots = sorted({number(band["from"]) for band in bands} | {last})
    heights = sorted({number(band[key]) for band in bands for key in ("points_from", "points_to")})
    words = "；".join(f"{band['from']}{unit}得{band['points_from']}分" for band in bands)
    return Picture(
        stretches,
        tuple(_marks([(x(knot), str(knot)) for knot in knots], 40)),
        tuple(_marks([(y(height), str(height)) for height in heights], 16)),
        words,
    )


def _scaled(value: Decimal, full: Decimal, start: int, end: int) -> Decimal:
    return (start + value / full * (end - start)).quantize(_TENTH, ROUND_HALF_UP)


def _marks(places: Sequence[tuple[Decimal, str]], room: int) -> list[Mark]:
    """Labels that leave each other room; the last always stands."""
    marks: list[Mark] = []
    for at, label in reversed(places):
        if not marks or abs(marks[-1].at - at) >= room:
            marks.append(Mark(at, label))
    return marks[:_MOST_LABELS]
