"""Monthly figures of a few counties, reported through the action, so that a visitor sees charts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from county_portal.accounts.models import User
from county_portal.common import clock
from county_portal.demo.answers import answers_of
from county_portal.demo.cast import Cast
from county_portal.demo.chance import around, stream
from county_portal.demo.figures import CountyYear as CountyAnswers
from county_portal.demo.seasons import shares
from indicators.actions.monthly import (
    MonthEntry,
    MonthlyInput,
    TargetEntry,
    open_call,
    report_months,
)
from indicators.enums import MonthlyKind
from indicators.models import Indicator, MonthlyCall, Submission, SystemVersion
from indicators.rules.monthly import has_ended
from indicators.selectors.monthly import (
    CountyYear,
    Line,
    list_called,
    list_monthly_indicators,
    read_county,
)

SEED = 41
DUE_DAY = 10
# Where nothing is known of last year the year starts from something.
_START = Decimal(40)
_START_OF_MONEY = Decimal(8000)
_GROWTH = Decimal("1.15")
_CENT = Decimal("0.01")
# Per cent by which a county's year brings more or less than it aimed at.
_LUCK = 30


def play_monthly(
    cast: Cast, version: SystemVersion, submissions: Sequence[Submission]
) -> MonthlyCall | None:
    """Call for this year's months and let these counties report those that are over.

    The last county is a month behind, another left one month out: late ones and gaps are to be seen too.
    None where the version has no monthly indicators, or the year has no month behind it yet.
    """
    today = clock.today()
    if not list_monthly_indicators(version) or not has_ended(today.year, 1, today):
        return None
    with clock.playing(datetime(today.year, 1, 6, 9, tzinfo=clock.BEIJING)):
        call = open_call(actor=cast.manager, version=version, year=today.year, due_day=DUE_DAY)
    called = {region.pk: region for region in list_called(call)}
    for place, submission in enumerate(submissions):
        if submission.region_id in called:
            year = read_county(call, called[submission.region_id])
            is_last = place == len(submissions) - 1
            _Months(year, place, is_last).report(cast.filler(submission))
    return call


@dataclass(frozen=True, slots=True)
class _Months:
    """One county's year as it is to look."""

    year: CountyYear
    place: int
    is_last: bool

    def report(self, actor: User) -> None:
        """Targets and the months that are over, in one saving as on the web."""
        starts = _starts(self.year)
        targets = [_target(line, starts) for line in self.year.lines]
        by_code = {target.code: target for target in targets}
        months = [
            entry
            for line in self.year.lines
            for entry in self._entries(line, by_code[line.indicator.code])
        ]
        entered = MonthlyInput(self.year.fingerprint, months, targets)
        report_months(actor=actor, call_id=self.year.call.public_id, entered=entered)

    def _entries(self, line: Line, target: TargetEntry) -> list[MonthEntry]:
        """As years run, now ahead and now behind; a sum since January only grows."""
        chance = stream(SEED, self.place, line.indicator.order)
        is_flow = line.indicator.monthly == MonthlyKind.FLOW
        number = start = Decimal(0) if is_flow else target.baseline or Decimal(0)
        # A county may have a good year or a poor one, besides the season.
        way = (target.number - start) * Decimal(100 + around(chance, _LUCK)) / 100
        parts, entries = shares(line.indicator.code, chance), []
        for month in self._reported():
            number += way * parts[month - 1]
            entries.append(MonthEntry(target.code, month, fitted(line.indicator, number)))
        return [entry for entry in entries if entry.month != self._gap]

    def _reported(self) -> list[int]:
        today = clock.today()
        ended = [month for month in range(1, 13) if has_ended(self.year.call.year, month, today)]
        return ended[:-1] if self.is_last else ended

    @property
    def _gap(self) -> int:
        """The second county forgot March."""
        return 3 if self.place == 1 else 0


def _starts(year: CountyYear) -> dict[str, Decimal]:
    """Last year's figures as the county would know them, reviewed or not."""
    return figures_of(answers_of(year.region, year.call.year - 1))


def figures_of(year: CountyAnswers) -> dict[str, Decimal]:
    """A year's figures by indicator code; what is listed is counted."""
    return {
        answer.indicator: Decimal(answer.text.replace(",", "") or len(answer.items))
        for answer in year.answers
        if answer.items or answer.text
    }


def _target(line: Line, starts: Mapping[str, Decimal]) -> TargetEntry:
    unknown = _START_OF_MONEY if line.indicator.unit == "万元" else _START
    start = starts.get(line.indicator.code, unknown) if line.proposed is None else line.proposed
    factor = 2 - _GROWTH if line.indicator.lower_is_better else _GROWTH
    # At least one more of what is counted: nobody aims at standing still.
    goal = max(start * factor, start + 1) if factor > 1 else start * factor
    return TargetEntry(
        line.indicator.code, fitted(line.indicator, start), fitted(line.indicator, goal)
    )


def fitted(indicator: Indicator, number: Decimal) -> Decimal:
    """Whole where the indicator counts, cents otherwise."""
    return number.quantize(Decimal(1) if indicator.is_integer else _CENT, ROUND_HALF_UP)


def months_reported(call: MonthlyCall) -> Mapping[str, int]:
    """What the summary counts."""
    return {
        "counties": call.figures.values("region").distinct().count(),
        "figures": call.figures.count(),
    }
