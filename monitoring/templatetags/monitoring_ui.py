"""The fan chart of a projected indicator: months, straight path, and where the year will end."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from django import template

from county_portal.common.templatetags.portal_ui import (
    Tick,
    axis_ticks,
    decimal_text,
    readable_text,
    round_half_up,
)
from indicators.enums import MonthlyKind
from indicators.templatetags.monthly_ui import Point
from monitoring.enums import Stage, WarningState

if TYPE_CHECKING:
    from monitoring.models import Warning  # noqa: A004 -- the word of the field
    from monitoring.selectors.projections import ProjectedLine

register = template.Library()

HEIGHT, TOP, FOOT = 220, Decimal(20), 26
LEFT, RIGHT, YEAR = Decimal(13), Decimal(95), Decimal(12)


@dataclass(frozen=True, slots=True)
class FanChart:
    """Everything `components` of the county page draw; pieces that are not known are empty."""

    height: int
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    path: tuple[tuple[Point, Point], ...]
    lines: tuple[tuple[Point, Point], ...]
    dots: tuple[Point, ...]
    ahead: tuple[tuple[Point, Point], ...]  # from the newest month to the middle
    edges: tuple[tuple[Point, Point], ...]  # and to both ends of the band
    end: tuple[Point, Point] | None  # the band itself
    target: Point | None
    summary: str


@register.simple_tag
def fan_chart(row: "ProjectedLine") -> FanChart:
    """Compute it; a month without a figure is a gap, never a zero."""
    months = row.line.months
    numbers = [month.number for month in months]
    path = [_start(row), *(month.expected for month in months)]
    ends = [row.low, row.mid, row.high, row.target]
    known = [value for value in [*numbers, *path, *ends] if value is not None]
    ticks = axis_ticks(known or [Decimal(0), Decimal(1)])

    def place(month: int, value: Decimal | None) -> Point | None:
        if value is None:
            return None
        level = (value - ticks[0]) / (ticks[-1] - ticks[0])
        x = round_half_up(LEFT + (RIGHT - LEFT) * month / YEAR, 2)
        return Point(x, round_half_up(HEIGHT - FOOT - level * (HEIGHT - FOOT - TOP), 1))

    on_path = [place(month, value) for month, value in enumerate(path)]
    reported = [place(month, value) for month, value in enumerate(numbers, 1)]
    newest = place(row.month, row.latest) if row.month else None
    is_open = row.month is not None and row.month < YEAR
    low, mid, high = (place(12, value) if is_open else None for value in ends[:3])
    return FanChart(
        height=HEIGHT,
        rows=tuple(
            Tick(place_.y, place_.y - 4, str(decimal_text(tick)))
            for tick in ticks
            if (place_ := place(0, tick))
        ),
        columns=tuple(
            Tick(round_half_up(LEFT + (RIGHT - LEFT) * month / YEAR, 2), Decimal(0), f"{month}")
            for month in range(1, 13)
        ),
        path=tuple((a, b) for a, b in pairwise(on_path) if a and b),
        lines=tuple((a, b) for a, b in pairwise(reported) if a and b),
        dots=tuple(point for point in reported if point),
        ahead=((newest, mid),) if newest and mid else (),
        edges=tuple((newest, each) for each in (low, high) if newest and each),
        end=(low, high) if low and high else None,
        target=place(12, row.target),
        summary=_summary(row),
    )


def _start(row: "ProjectedLine") -> Decimal | None:
    if row.target is None:
        return None
    return Decimal(0) if row.indicator.monthly == MonthlyKind.FLOW else row.baseline


def _summary(row: "ProjectedLine") -> str:
    if row.latest is None:
        return "尚无月报数"
    told = [f"{row.month}月末{readable_text(row.latest)}"]
    if row.target is not None:
        told.append(f"年度目标{readable_text(row.target)}")
    if row.mid is not None:
        told.append(f"预计年末{readable_text(row.mid)}")
    if row.low is not None:
        told.append(f"区间{readable_text(row.low)}至{readable_text(row.high)}")
    return "，".join(told)


SEVERITY_MARKS = {
    "1-notice": ("info", "info-circle-fill"),
    "2-warning": ("warning", "exclamation-triangle-fill"),
    "3-severe": ("danger", "exclamation-octagon-fill"),
}


@register.filter
def severity_tone(severity: str) -> str:
    """Colour of a severity."""
    return SEVERITY_MARKS.get(severity, ("neutral", ""))[0]


@register.filter
def severity_icon(severity: str) -> str:
    """Sign of a severity, so that colour is not alone."""
    return SEVERITY_MARKS.get(severity, ("", "dash-circle"))[1]


@register.filter
def state_tone(warning: "Warning") -> str:
    """Colour of where a warning stands; red once it is out of the county's hands."""
    if warning.state != WarningState.CLOSED and warning.stage != Stage.COUNTY:
        return "danger"
    return {"raised": "warning", "answered": "info", "closed": "success"}.get(
        warning.state, "neutral"
    )
