"""Monthly figures of a few counties, reported through the action, so that a visitor sees charts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from county_portal.accounts.models import User
from county_portal.common import clock
from county_portal.demo.cast import Cast
from county_portal.demo.chance import around, stream
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
# Where nothing was reviewed last year the year starts from something.
_START = Decimal(40)
_GROWTH = Decimal("1.15")
_CENT = Decimal("0.01")


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
            _report(cast.filler(submission), year, place, len(submissions))
    return call


def _report(actor: User, year: CountyYear, place: int, counties: int) -> None:
    today = clock.today()
    ended = [month for month in range(1, 13) if has_ended(year.call.year, month, today)]
    reported = ended[:-1] if place == counties - 1 else ended
    gap = 3 if place == 1 else 0
    targets = [_target(line) for line in year.lines]
    by_code = {target.code: target for target in targets}
    months = [
        entry
        for line in year.lines
        for entry in _months(line, by_code[line.indicator.code], reported, place, gap)
    ]
    entered = MonthlyInput(year.fingerprint, months, targets)
    report_months(actor=actor, call_id=year.call.public_id, entered=entered)


def _target(line: Line) -> TargetEntry:
    start = _START if line.proposed is None else line.proposed.quantize(_CENT, ROUND_HALF_UP)
    factor = 2 - _GROWTH if line.indicator.lower_is_better else _GROWTH
    return TargetEntry(
        line.indicator.code, _fit(line.indicator, start), _fit(line.indicator, start * factor)
    )


def _months(
    line: Line, target: TargetEntry, reported: Sequence[int], place: int, gap: int
) -> list[MonthEntry]:
    """Near the straight path, now ahead and now behind; a sum since January only grows."""
    chance = stream(SEED, place, line.indicator.order)
    is_flow = line.indicator.monthly == MonthlyKind.FLOW
    start = Decimal(0) if is_flow else target.baseline or Decimal(0)
    step = (target.number - start) / 12
    number, entries = start, []
    for month in reported:
        number += step * Decimal(100 + around(chance, 60)) / 100
        if month != gap:
            entries.append(MonthEntry(target.code, month, _fit(line.indicator, number)))
    return entries


def _fit(indicator: Indicator, number: Decimal) -> Decimal:
    """Whole where the indicator counts, cents otherwise."""
    return number.quantize(Decimal(1) if indicator.is_integer else _CENT, ROUND_HALF_UP)


def months_reported(call: MonthlyCall) -> Mapping[str, int]:
    """What the summary counts."""
    return {
        "counties": call.figures.values("region").distinct().count(),
        "figures": call.figures.count(),
    }
