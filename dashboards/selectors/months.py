"""Monthly figures of many counties in one indicator: months, targets, expectations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from county_portal.common import clock
from dashboards.selectors.reach import Place
from indicators.models import Indicator, MonthlyCall, MonthlyFigure, MonthlyTarget
from indicators.rules.monthly import MONTHS, Course, has_ended, pace_word


@dataclass(frozen=True, slots=True)
class Months:
    """One county's year in one indicator; `numbers` by month."""

    place: Place
    target: Decimal | None
    course: Course | None
    numbers: Mapping[int, Decimal]

    @property
    def latest(self) -> int | None:
        """The last month reported."""
        return max(self.numbers, default=None)

    def expected(self, month: int) -> Decimal | None:
        """The straight path at the end of a month."""
        return self.course.expected(month) if self.course else None

    def lead(self, month: int) -> Decimal | None:
        """How far ahead of the path; better is positive."""
        if self.course is None or month not in self.numbers:
            return None
        return self.course.lead(month, self.numbers[month])

    def word(self, month: int) -> str:
        """快, 慢, 持平; 未报 where nothing was reported, blank without a target."""
        return pace_word(self.lead(month)) if month in self.numbers else "未报"


def list_calls() -> list[MonthlyCall]:
    """Calls of all years, newest first."""
    return list(MonthlyCall.objects.select_related("version").order_by("-year", "-pk"))


def ended_months(call: MonthlyCall) -> list[int]:
    """Months that are over, so that a figure can be expected."""
    return [month for month in MONTHS if has_ended(call.year, month, clock.today())]


def read_months(call: MonthlyCall, indicator: Indicator, places: Sequence[Place]) -> list[Months]:
    """Each county's year; two queries."""
    regions = [place.pk for place in places]
    figures = MonthlyFigure.objects.filter(call=call, indicator=indicator, region__in=regions)
    numbers: dict[int, dict[int, Decimal]] = {}
    for region, month, number in figures.order_by("month").values_list("region", "month", "number"):
        numbers.setdefault(region, {})[month] = number
    rows = MonthlyTarget.objects.filter(call=call, indicator=indicator, region__in=regions)
    targets = {
        region: (baseline, number)
        for region, baseline, number in rows.values_list("region", "baseline", "number")
    }
    return [
        _months(place, indicator, targets.get(place.pk), numbers.get(place.pk, {}))
        for place in places
    ]


def _months(
    place: Place,
    indicator: Indicator,
    target: tuple[Decimal | None, Decimal] | None,
    numbers: Mapping[int, Decimal],
) -> Months:
    if target is None:
        return Months(place, None, None, numbers)
    course = Course(indicator.monthly, target[0], target[1], indicator.lower_is_better)
    return Months(place, target[1], course, numbers)
