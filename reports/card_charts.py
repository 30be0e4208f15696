"""Charts of the report card: numbers to coordinates; the SVG itself is in the templates.

Units are tenths of a millimetre, so that a chart can be measured against the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from reports.card_words import signed_points
from reports.score_changes import Moved

TEMPLATES = (
    "reports/documents/chart_gauge.svg",
    "reports/documents/chart_trend.svg",
    "reports/documents/chart_changes.svg",
    "reports/documents/chart_bars.svg",
)

_BASELINE = 330
_BAR_ROOM = 260  # height of full marks
_LABEL_ROOM = 60
_LIMIT_LABELS = 100  # to the right of the last bar
_NAME_AT_MOST = 24
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
    label_inside: bool


@dataclass(frozen=True, slots=True)
class Dot:
    """One year's mark on a line; None for `y` where the county was not graded."""

    x: Decimal
    y: Decimal | None
    label: str
    year: int
    is_low: bool = False  # below a neighbour: its label goes under it, out of the line's way


@dataclass(frozen=True, slots=True)
class Trend:
    """Total, class and rank through the years, side by side on the same years."""

    width: int
    panel: int
    baseline: int
    limits: tuple[Tick, ...]
    points: tuple[YearPoint, ...]
    classes: tuple[Tick, ...]
    class_dots: tuple[Dot, ...]
    ranks: tuple[Dot, ...]

    @property
    def class_path(self) -> str:
        """Through the classes of the years that follow each other."""
        return _path(self.class_dots)

    @property
    def rank_path(self) -> str:
        """Through the ranks of the years that follow each other."""
        return _path(self.ranks)


@dataclass(frozen=True, slots=True)
class ChangeBar:
    """What an indicator gained (to the right, solid) or lost (to the left, hatched)."""

    y: int
    name: str
    x: Decimal
    length: Decimal
    hatching: str
    label: str
    label_x: Decimal
    is_gain: bool
    is_rest: bool


@dataclass(frozen=True, slots=True)
class ChangeBars:
    """All changes on one scale, from nought to both sides."""

    width: int
    height: int
    height_mm: Decimal
    axis: int
    bars: tuple[ChangeBar, ...]


Limits = tuple[tuple[str, Decimal | None], ...]


def gauge(total: Decimal, full_marks: Decimal, limits: Limits) -> Gauge:
    """`limits` best class first, as the scheme lists them; the lowest has None."""
    width = 1740
    zones: list[Zone] = []
    upper = full_marks
    for place, (name, lower) in enumerate(limits):
        x, right = (
            scaled(lower or Decimal(0), full_marks, width),
            scaled(upper, full_marks, width),
        )
        shade = _SHADES[min(len(limits) - 1 - place, len(_SHADES) - 1)]
        zones.append(Zone(x, right - x, (x + right) / 2, shade, f"{name}类"))
        upper = lower or Decimal(0)
    ticks = [
        Tick(scaled(lower, full_marks, width), f"{lower.normalize():f}")
        for _, lower in limits
        if lower
    ]
    at = scaled(min(max(total, Decimal(0)), full_marks), full_marks, width)
    label_at = min(max(at, Decimal(90)), Decimal(width - 90))
    return Gauge(width, tuple(reversed(zones)), tuple(ticks), at, f"{total:.2f}", label_at)


YearMark = tuple[int, Decimal | None, str, int | None]


def trend(history: Sequence[YearMark], full_marks: Decimal, limits: Limits) -> Trend:
    """`history` is (data year, total, class, rank), oldest first; `limits` best class first."""
    panel = 540
    step = Decimal(panel - _LIMIT_LABELS) / max(len(history), 1)
    middles = [tenth(step * place + step / 2) for place in range(len(history))]
    points = tuple(
        _year_point(
            x,
            year,
            scaled(total or Decimal(0), full_marks, _BAR_ROOM),
            "未参评" if total is None else f"{total:.2f}",
        )
        for x, (year, total, _, _) in zip(middles, history, strict=True)
    )
    lines = tuple(
        Tick(_BASELINE - scaled(lower, full_marks, _BAR_ROOM), f"{name} {lower.normalize():f}")
        for name, lower in limits
        if lower is not None
    )
    rows = _class_rows([name for name, _ in limits])
    return Trend(
        1740, panel, _BASELINE, lines, points, rows,
        _class_dots(history, middles, rows), _rank_dots(history, middles),
    )  # fmt: skip


def _class_rows(names: Sequence[str]) -> tuple[Tick, ...]:
    """The best class on top."""
    pitch = Decimal(_BAR_ROOM - 20) / max(len(names), 1)
    return tuple(
        Tick(tenth(_BASELINE - _BAR_ROOM + 10 + pitch * place + pitch / 2), f"{name}类")
        for place, name in enumerate(names)
    )


def _class_dots(
    history: Sequence[YearMark], middles: Sequence[Decimal], rows: Sequence[Tick]
) -> tuple[Dot, ...]:
    at = {row.label: row.at for row in rows}
    return tuple(
        Dot(x, at.get(f"{name}类"), name, year)
        for x, (year, _, name, _) in zip(middles, history, strict=True)
    )


def _rank_dots(history: Sequence[YearMark], middles: Sequence[Decimal]) -> tuple[Dot, ...]:
    """The better the rank, the higher; the scale is that of the years shown."""
    ranks = [rank for _, _, _, rank in history]
    heights = _heights(ranks)
    return tuple(
        Dot(
            x,
            height,
            "" if rank is None else f"第{rank}位",
            year,
            is_low=height is not None
            and any(near is not None and near < height for near in heights[max(place - 1, 0) : place + 2]),
        )
        for place, (x, height, rank, (year, *_)) in enumerate(
            zip(middles, heights, ranks, history, strict=True)
        )
    )  # fmt: skip


def _heights(ranks: Sequence[int | None]) -> list[Decimal | None]:
    known = [rank for rank in ranks if rank is not None]
    best, worst = min(known, default=1), max(known, default=1)
    foot, room = Decimal(_BASELINE - 80), Decimal(_BAR_ROOM - 140)
    if worst == best:
        return [None if rank is None else foot - room / 2 for rank in ranks]
    return [
        None
        if rank is None
        else foot - scaled(Decimal(worst - rank), Decimal(worst - best), int(room))
        for rank in ranks
    ]


def _path(dots: Sequence[Dot]) -> str:
    """Broken where a year is missing."""
    parts, pen = [], "M"
    for dot in dots:
        if dot.y is None:
            pen = "M"
            continue
        parts.append(f"{pen}{dot.x} {dot.y}")
        pen = "L"
    return "".join(parts)


def change_bars(moved: Moved) -> ChangeBars:
    """What was gained, what was lost, and the rest."""
    axis, room, pitch = 1140, 420, 62
    longest = max((abs(row.points) for row in moved.rows), default=Decimal(1))
    bars = []
    for place, row in enumerate(moved.rows):
        length = scaled(abs(row.points), longest, room)
        is_gain = row.points > 0
        x = Decimal(axis) if is_gain else axis - length
        y = 10 + pitch * place
        bars.append(
            ChangeBar(
                y=y,
                name=shortened(row.label),
                x=x,
                length=length,
                hatching="" if is_gain else _hatching(x, y + 6, length, 36),
                label=signed_points(row.points),
                label_x=axis + length + 12 if is_gain else axis - length - 12,
                is_gain=is_gain,
                is_rest=row is moved.rest,
            )
        )
    height = 10 + pitch * max(len(bars), 1)
    return ChangeBars(1740, height, Decimal(height) / 10, axis, tuple(bars))


def _hatching(left: Decimal, top: int, length: Decimal, height: int) -> str:
    """Slanting strokes that fill a rectangle: what is lost is told from what is gained without colour."""
    strokes, start = [], Decimal(-height)
    while start < length:
        x1, x2 = max(start, Decimal(0)), min(start + height, length)
        strokes.append(
            f"M{left + x1} {top + height - (x1 - start)}L{left + x2} {top + height - (x2 - start)}"
        )
        start += 14
    return "".join(strokes)


def shortened(name: str) -> str:
    """What fits into the column of names; the table beside has the whole of it."""
    return name if len(name) <= _NAME_AT_MOST else f"{name[: _NAME_AT_MOST - 1]}…"


def _year_point(x: Decimal, year: int, height: Decimal, total: str) -> YearPoint:
    # In the bar where it fits: above it a class limit may run through the figures.
    inside = height >= _LABEL_ROOM
    top = _BASELINE - height
    return YearPoint(x, top, height, top + (38 if inside else -14), year, total, inside)


def scaled(value: Decimal, whole: Decimal, length: int) -> Decimal:
    """A share of a length, to a tenth of the unit; nothing of nothing."""
    return tenth(value / whole * length) if whole else Decimal(0)


def tenth(value: Decimal) -> Decimal:
    """To a tenth of the unit."""
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP)
