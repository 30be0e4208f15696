"""The chart of a monthly indicator: reported months over the straight path to the year's target."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from django import template

from county_portal.common.templatetags.portal_ui import (
    Tick,
    axis_ticks,
    decimal_text,
    round_half_up,
)
from indicators.enums import MonthlyKind
from indicators.rules.monthly import month_words

if TYPE_CHECKING:
    from indicators.selectors.monthly import Line

register = template.Library()

HEIGHT, TOP, FOOT = 200, Decimal(20), 26
LEFT, RIGHT = Decimal(11), Decimal(96)


@dataclass(frozen=True, slots=True)
class Point:
    """A place of the chart: x in per cent of the width, y in pixels."""

    x: Decimal
    y: Decimal


@dataclass(frozen=True, slots=True)
class PaceChart:
    """Everything `indicators/_pace_chart.html` draws."""

    height: int
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    path: tuple[tuple[Point, Point], ...]
    lines: tuple[tuple[Point, Point], ...]
    dots: tuple[Point, ...]
    summary: str


@register.simple_tag
def pace_chart(line: "Line") -> PaceChart:
    """Compute it; a month without a figure is a gap in the line, never a zero."""
    numbers = [month.number for month in line.months]
    path = [_start(line), *(month.expected for month in line.months)]
    known = [value for value in [*numbers, *path] if value is not None]
    ticks = axis_ticks(known or [Decimal(0), Decimal(1)])

    def y_of(value: Decimal) -> Decimal:
        level = (value - ticks[0]) / (ticks[-1] - ticks[0])
        return round_half_up(HEIGHT - FOOT - level * (HEIGHT - FOOT - TOP), 1)

    def x_of(month: int) -> Decimal:
        return round_half_up(LEFT + (RIGHT - LEFT) * month / 12, 2)

    def place(month: int, value: Decimal | None) -> Point | None:
        return None if value is None else Point(x_of(month), y_of(value))

    on_path = [place(month, value) for month, value in enumerate(path)]
    reported = [place(month, value) for month, value in enumerate(numbers, 1)]
    return PaceChart(
        height=HEIGHT,
        rows=tuple(Tick(y_of(tick), y_of(tick) - 4, str(decimal_text(tick))) for tick in ticks),
        columns=tuple(Tick(x_of(month), Decimal(0), f"{month}") for month in range(1, 13)),
        path=tuple((a, b) for a, b in pairwise(on_path) if a and b),
        lines=tuple((a, b) for a, b in pairwise(reported) if a and b),
        dots=tuple(point for point in reported if point),
        summary="；".join(
            f"{month.month}月{decimal_text(month.number)}"
            for month in line.months
            if month.number is not None
        )
        or "尚无月报数",
    )


def _start(line: "Line") -> Decimal | None:
    """Where the path starts: a flow with nothing, a stock with last December's figure."""
    if line.target is None:
        return None
    return Decimal(0) if line.indicator.monthly == MonthlyKind.FLOW else line.target.baseline


@register.filter
def lead_words(lead: Decimal | None, unit: str = "") -> str:
    """快 12.5万元, 慢 3家, 与序时进度持平; a dash without a path."""
    if lead is None:
        return "—"
    if not lead:
        return "持平"
    size = decimal_text(round_half_up(abs(lead), 2))
    return f"{'快' if lead > 0 else '慢'} {size}{unit}"


@register.filter
def lead_tone(lead: Decimal | None) -> str:
    """Tone of a lead: behind is a warning, ahead a success."""
    if lead is None or not lead:
        return "neutral"
    return "success" if lead > 0 else "warning"


@register.filter
def lead_icon(lead: Decimal | None) -> str:
    """Sign of a lead, so that colour is not alone."""
    if lead is None or not lead:
        return "arrow-right"
    return "arrow-up" if lead > 0 else "arrow-down"


@register.filter
def months(numbers: list[int]) -> str:
    """1—3、5月."""
    return month_words(numbers)
