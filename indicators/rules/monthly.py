"""Monthly figures: when a month may be and must be reported, and how it stands to the straight path."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from indicators.enums import MonthlyKind

MONTHS = range(1, 13)
YEAR = Decimal(12)
# What a figure is stored with.
PLACES = Decimal("0.000001")
# A call that comes late leaves so many days for the months that lie behind it.
DAYS_AFTER_CALL = 10
SHORT_RUN = 2


def has_ended(year: int, month: int, today: date) -> bool:
    """Whether the month is over, so that its figure can be known."""
    return today >= _first_of_next(year, month)


def due_on(year: int, month: int, due_day: int, called_on: date) -> date:
    """Until when a month is to be reported; months before the call have some days from the call on."""
    regular = _first_of_next(year, month).replace(day=due_day)
    return max(regular, called_on + timedelta(days=DAYS_AFTER_CALL))


def _first_of_next(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class Course:
    """Where a year starts and where it is to end."""

    kind: str
    baseline: Decimal | None
    target: Decimal
    is_lower_better: bool = False

    def expected(self, month: int) -> Decimal | None:
        """The straight path at the end of a month: a stock from last December's, a flow from nothing.

        None for a stock whose start is not known.
        """
        share = Decimal(month) / YEAR
        if self.kind == MonthlyKind.FLOW:
            return (self.target * share).quantize(PLACES, ROUND_HALF_UP)
        if self.baseline is None:
            return None
        way = (self.target - self.baseline) * share
        return (self.baseline + way).quantize(PLACES, ROUND_HALF_UP)

    def lead(self, month: int, number: Decimal) -> Decimal | None:
        """By how much the figure is ahead of the path, in its own unit; behind is negative.

        Ahead means better: below the path where lower is better.
        """
        expected = self.expected(month)
        if expected is None:
            return None
        ahead = expected - number if self.is_lower_better else number - expected
        return ahead or Decimal(0)


def pace_word(lead: Decimal | None) -> str:
    """Fast, slow or as planned."""
    if lead is None:
        return ""
    return "快" if lead > 0 else "慢" if lead < 0 else "持平"


def fallen_months(kind: str, numbers: Mapping[int, Decimal]) -> list[int]:
    """Months whose sum since January is below an earlier month's; a stock may fall."""
    if kind != MonthlyKind.FLOW:
        return []
    fallen, highest = [], None
    for month in sorted(numbers):
        if highest is not None and numbers[month] < highest:
            fallen.append(month)
        highest = numbers[month] if highest is None else max(highest, numbers[month])
    return fallen


def late_months(
    months: Iterable[tuple[int, date]], reported: Iterable[int], today: date
) -> list[int]:
    """Months whose day has passed without a figure."""
    known = set(reported)
    return [month for month, due in months if due < today and month not in known]


def targets_until(year: int, due_day: int) -> date:
    """Until when a target that was set may still be changed: the day of the first quarter's report."""
    return date(year, 4, due_day)


def month_words(months: Iterable[int]) -> str:
    """1—3、5月: runs of three or more are drawn together."""
    runs: list[list[int]] = []
    for month in sorted(months):
        if runs and runs[-1][-1] == month - 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    parts = [
        f"{run[0]}—{run[-1]}" if len(run) > SHORT_RUN else "、".join(map(str, run)) for run in runs
    ]
    return f"{'、'.join(parts)}月" if parts else ""
