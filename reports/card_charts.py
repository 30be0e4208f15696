"""Charts of the report card: numbers to coordinates; the SVG itself is in the templates.

Units are tenths of a millimetre, so that a chart can be measured against the page.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

import segno

TEMPLATES = (
    "reports/documents/chart_gauge.svg",
    "reports/documents/chart_years.svg",
    "reports/documents/chart_groups.svg",
)

_BASELINE = 400
_BAR_ROOM = 340  # height of full marks
_LABEL_ROOM = 60
_LIMIT_LABELS = 110  # to the right of the last bar
# Worst to best: the better the class, the deeper the blue.
_SHADES = ("#dfe6f1", "#b9cdea", "#7fa5da", "#4d82c8")


@dataclass(frozen=True, slots=True)
class Zone:
    """A class as a stretch of the gauge."""

    x: Decimal
    width: Decimal
    middle: Decimal
    shade: str
    label: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled position."""

    at: Decimal
    label: str


@dataclass(frozen=True, slots=True)
class Gauge:
    """Where the total stands among the classes."""

    width: int
    zones: tuple[Zone, ...]
    ticks: tuple[Tick, ...]
    at: Decimal
    label: str
    label_at: Decimal


@dataclass(frozen=True, slots=True)
class YearPoint:
    """One year's bar; of no height where the county was not graded."""

    x: Decimal
    y: Decimal
    height: Decimal
    label_y: Decimal
    year: int
    total: str
    remark: str
    label_inside: bool


@dataclass(frozen=True, slots=True)
class Years:
    """Totals by year against the class limits."""

    width: int
    baseline: int
    limits: tuple[Tick, ...]
    points: tuple[YearPoint, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A group's share of its points, with the marks it is measured against."""

    y: int
    name: str
    length: Decimal
    score: str
    share: str
    median: Decimal | None
    mean: Decimal | None


@dataclass(frozen=True, slots=True)
class GroupBars:
    """All groups on one scale from 0 to 100 %."""

    width: int
    height: int
    height_mm: Decimal
    track: int
    bars: tuple[Bar, ...]
    grid: tuple[Tick, ...]


Limits = tuple[tuple[str, Decimal | None], ...]


def gauge(total: Decimal, full_marks: Decimal, limits: Limits) -> Gauge:
    """`limits` best class first, as the scheme lists them; the lowest has None."""
    width = 1740
    zones: list[Zone] = []
    upper = full_marks
    for place, (name, lower) in enumerate(limits):
        x, right = (
            _scaled(lower or Decimal(0), full_marks, width),
            _scaled(upper, full_marks, width),
        )
        shade = _SHADES[min(len(limits) - 1 - place, len(_SHADES) - 1)]
        zones.append(Zone(x, right - x, (x + right) / 2, shade, f"{name}类"))
        upper = lower or Decimal(0)
    ticks = [
        Tick(_scaled(lower, full_marks, width), f"{lower.normalize():f}")
        for _, lower in limits
        if lower
    ]
    at = _scaled(min(max(total, Decimal(0)), full_marks), full_marks, width)
    label_at = min(max(at, Decimal(90)), Decimal(width - 90))
    return Gauge(width, tuple(reversed(zones)), tuple(ticks), at, f"{total:.2f}", label_at)


def years(
    history: tuple[tuple[int, Decimal | None, str, int | None], ...],
    full_marks: Decimal,
    limits: tuple[tuple[str, Decimal], ...],
) -> Years:
    """`history` is (data year, total, class, rank), oldest first."""
    width = 840
    step = Decimal(width - _LIMIT_LABELS) / max(len(history), 1)
    points = tuple(
        _year_point(
            _tenth(step * place + step / 2),
            year,
            _scaled(total or Decimal(0), full_marks, _BAR_ROOM),
            "未参评" if total is None else f"{total:.2f}",
            (f"{class_name}类" + (f" 第{rank}位" if rank else "")) if class_name else "",
        )
        for place, (year, total, class_name, rank) in enumerate(history)
    )
    lines = tuple(
        Tick(_BASELINE - _scaled(lower, full_marks, _BAR_ROOM), f"{name}类 {lower.normalize():f}")
        for name, lower in limits
    )
    return Years(width, _BASELINE, lines, points)


def _year_point(x: Decimal, year: int, height: Decimal, total: str, remark: str) -> YearPoint:
    # In the bar where it fits: above it a class limit may run through the figures.
    inside = height >= _LABEL_ROOM
    top = _BASELINE - height
    return YearPoint(x, top, height, top + (40 if inside else -14), year, total, remark, inside)


def group_bars(
    groups: tuple[tuple[str, Decimal, Decimal, Decimal | None, Decimal | None], ...],
) -> GroupBars:
    """`groups` is (name, score, weight, class median, province mean)."""
    track = 1080
    bars = tuple(
        Bar(
            y=30 + 84 * place,
            name=name,
            length=_scaled(score, weight, track),
            score=f"{score:.2f} / {weight.normalize():f}",
            share=f"{_share(score, weight)}%",
            median=None if median is None else _scaled(median, weight, track),
            mean=None if mean is None else _scaled(mean, weight, track),
        )
        for place, (name, score, weight, median, mean) in enumerate(groups)
    )
    grid = tuple(Tick(Decimal(track) * quarter / 4, f"{quarter * 25}%") for quarter in range(5))
    height = 30 + 84 * len(groups) + 50
    return GroupBars(1740, height, Decimal(height) / 10, track, bars, grid)


@dataclass(frozen=True, slots=True)
class QrCode:
    """A QR code's modules as one path on a square of `side` units, its quiet zone included."""

    side: int
    path: str


def qr_code(address: str) -> QrCode:
    """The address as a QR code that still reads when a fold or a stamp has spoilt a seventh of it."""
    quiet = 4
    rows = tuple(segno.make(address, error="m", micro=False).matrix)
    runs = [
        f"M{start + quiet} {line + quiet}h{length}v1h-{length}z"
        for line, row in enumerate(rows)
        for start, length in _dark_runs(row)
    ]
    return QrCode(len(rows) + 2 * quiet, "".join(runs))


def _dark_runs(row: Sequence[int]) -> Iterator[tuple[int, int]]:
    place = 0
    for is_dark, modules in groupby(row):
        length = len(list(modules))
        if is_dark:
            yield place, length
        place += length


def _scaled(value: Decimal, whole: Decimal, length: int) -> Decimal:
    return _tenth(value / whole * length) if whole else Decimal(0)


def _share(score: Decimal, weight: Decimal) -> Decimal:
    return (score / weight * 100).quantize(Decimal(1), ROUND_HALF_UP) if weight else Decimal(0)


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP)
