"""Monthly figures as pages need them: one county's year, and all counties at a glance."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from county_portal.accounts.models import Region, User
from county_portal.accounts.roles import Level, Permission
from county_portal.accounts.selectors import lineages, list_counties_alive_on
from county_portal.common import clock
from county_portal.common.numbers import plain
from county_portal.common.text import fingerprint
from indicators.enums import REVIEWED, VersionState
from indicators.models import (
    Indicator,
    MonthlyCall,
    MonthlyFigure,
    MonthlyTarget,
    SystemVersion,
    Value,
)
from indicators.rules.monthly import (
    MONTHS,
    Course,
    due_on,
    has_ended,
    late_months,
    pace_word,
    targets_until,
)
from indicators.selectors.sheets import figure_of


def list_calls(user: User) -> QuerySet[MonthlyCall]:
    """Calls for monthly figures, newest first; those who see submissions see them."""
    if not user.holds(Permission.VIEW_SUBMISSIONS):
        return MonthlyCall.objects.none()
    return MonthlyCall.objects.select_related("version__system", "opened_by").order_by("-year")


def get_call(user: User, public_id: UUID, *, lock: bool = False) -> MonthlyCall:
    """One of those; 404 otherwise."""
    calls = list_calls(user)
    if lock:
        calls = calls.select_for_update(of=("self",))
    return get_object_or_404(calls, public_id=public_id)


def list_monthly_indicators(version: SystemVersion) -> list[Indicator]:
    """The indicators of a version that are reported monthly, in table order."""
    return list(version.indicators.exclude(monthly="").order_by("order"))


def list_callable_versions() -> QuerySet[SystemVersion]:
    """Locked versions that have monthly indicators."""
    return (
        SystemVersion.objects.filter(state=VersionState.LOCKED, indicators__monthly__gt="")
        .distinct()
        .select_related("system")
        .order_by("-number")
    )


def called_on(call: MonthlyCall) -> date:
    """The day of the call."""
    return timezone.localtime(call.opened_at, clock.BEIJING).date()


def list_called(call: MonthlyCall) -> QuerySet[Region]:
    """Counties a call concerns: those there are, at the end of its year at the latest."""
    return list_counties_alive_on(min(clock.today(), date(call.year, 12, 31)))


def list_regions(user: User, call: MonthlyCall) -> QuerySet[Region]:
    """Of these the ones within the user's jurisdiction."""
    regions = list_called(call)
    if user.level == Level.COUNTY:
        return regions.filter(offices=user.office_id)
    if user.level == Level.CITY:
        return regions.filter(reviewing_office=user.office_id)
    return regions


def get_region(user: User, call: MonthlyCall, public_id: UUID) -> Region:
    """One of those; 404 otherwise."""
    return get_object_or_404(list_regions(user, call), public_id=public_id)


def own_county(user: User, call: MonthlyCall) -> Region:
    """The county whose figures the user reports; 404 for everybody else."""
    return get_object_or_404(list_regions(user, call).filter(offices=user.office_id))


@dataclass(frozen=True, slots=True)
class Month:
    """One month of one indicator."""

    month: int
    due_on: date
    has_ended: bool
    number: Decimal | None
    note: str
    expected: Decimal | None
    lead: Decimal | None
    reported: MonthlyFigure | None
    # Its day has passed without a figure.
    is_late: bool

    @property
    def word(self) -> str:
        """快, 慢 or 持平."""
        return pace_word(self.lead)


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator's year in one county; `proposed` is last year's reviewed figure."""

    indicator: Indicator
    target: MonthlyTarget | None
    proposed: Decimal | None
    months: Sequence[Month]

    @property
    def latest(self) -> Month | None:
        """The last month reported."""
        return next((month for month in reversed(self.months) if month.number is not None), None)

    @property
    def share(self) -> Decimal | None:
        """The latest figure in per cent of the year's target; none where the target is 0."""
        latest = self.latest
        if latest is None or latest.number is None or not self.target or not self.target.number:
            return None
        return latest.number / self.target.number * 100

    @property
    def baseline(self) -> Decimal | None:
        """Where the path starts: as set, else as reviewed last year."""
        return self.target.baseline if self.target else self.proposed


@dataclass(frozen=True, slots=True)
class CountyYear:
    """All monthly indicators of one county in one call."""

    call: MonthlyCall
    region: Region
    lines: Sequence[Line]

    @property
    def late(self) -> list[int]:
        """Months of which something is still lacking although the day has passed."""
        return sorted({m.month for line in self.lines for m in line.months if m.is_late})

    @property
    def fingerprint(self) -> str:
        """Digest of what is stored, by which a form knows that nobody wrote meanwhile."""
        return fingerprint(map(_shown, self.lines))

    @property
    def targets_until(self) -> date:
        """Until when set targets may be changed."""
        return targets_until(self.call.year, self.call.due_day)


def _shown(line: Line) -> list[object]:
    target = line.target
    aim = [plain(target.baseline), plain(target.number)] if target else None
    return [aim, [[plain(month.number), month.note] for month in line.months]]


def read_county(call: MonthlyCall, region: Region) -> CountyYear:
    """One county's year; a constant number of queries."""
    return read_counties(call, [region])[0]


def read_counties(call: MonthlyCall, regions: Sequence[Region]) -> list[CountyYear]:
    """Several counties' years; the same number of queries however many."""
    indicators = list_monthly_indicators(call.version)
    figures: dict[tuple[int, int], dict[int, MonthlyFigure]] = {}
    for figure in call.figures.filter(region__in=regions).select_related("reported_by"):
        key = (figure.region_id, figure.indicator_id)
        figures.setdefault(key, {})[figure.month] = figure
    targets = {
        (row.region_id, row.indicator_id): row for row in call.targets.filter(region__in=regions)
    }
    proposed = _last_years(call, regions)
    calendar = _calendar(call)
    return [
        CountyYear(
            call,
            region,
            [
                _line(
                    calendar,
                    indicator,
                    targets.get((region.pk, indicator.pk)),
                    proposed.get((region.pk, indicator.code)),
                    figures.get((region.pk, indicator.pk), {}),
                )
                for indicator in indicators
            ],
        )
        for region in regions
    ]


@dataclass(frozen=True, slots=True)
class Due:
    """A month's day, and whether the month is over: the same for every county."""

    month: int
    on: date
    has_ended: bool


def _calendar(call: MonthlyCall) -> list[Due]:
    today, called = clock.today(), called_on(call)
    return [
        Due(
            month,
            due_on(call.year, month, call.due_day, called),
            has_ended(call.year, month, today),
        )
        for month in MONTHS
    ]


def _line(
    calendar: Sequence[Due],
    indicator: Indicator,
    target: MonthlyTarget | None,
    proposed: Decimal | None,
    figures: Mapping[int, MonthlyFigure],
) -> Line:
    course = course_of(indicator, target)
    months = [_month(due, course, figures.get(due.month)) for due in calendar]
    return Line(indicator, target, proposed, months)


def course_of(indicator: Indicator, target: MonthlyTarget | None) -> Course | None:
    """The straight path to a target; none without one."""
    if target is None:
        return None
    return Course(indicator.monthly, target.baseline, target.number, indicator.lower_is_better)


def _month(due: Due, course: Course | None, figure: MonthlyFigure | None) -> Month:
    number = figure.number if figure else None
    return Month(
        month=due.month,
        due_on=due.on,
        has_ended=due.has_ended,
        number=number,
        note=figure.note if figure else "",
        expected=course.expected(due.month) if course else None,
        lead=course.lead(due.month, number) if course and number is not None else None,
        reported=figure,
        is_late=number is None and due.on < clock.today(),
    )


def _last_years(call: MonthlyCall, regions: Iterable[Region]) -> dict[tuple[int, str], Decimal]:
    """Last year's reviewed figures by county and code, unrounded; history follows the unit."""
    past = lineages(regions)
    owners = {earlier: region for region, line in past.items() for earlier in line}
    values = Value.objects.filter(
        submission__collection__version__system=call.version.system_id,
        submission__collection__data_year=call.year - 1,
        submission__region__in=list(owners),
        submission__state__in=REVIEWED,
        indicator__monthly__gt="",
    ).select_related("indicator", "submission")
    found = {}
    for value in values:
        number = figure_of(value).exact(value.indicator.factor)
        if number is not None:
            found[owners[value.submission.region_id], value.indicator.code] = number
    return found


@dataclass(frozen=True, slots=True)
class Reported:
    """How far the months of a county are in, for the calendar: late months by county."""

    region: Region
    late: Sequence[int]
    missing: Sequence[int]


def list_reported(call: MonthlyCall, today: date) -> list[Reported]:
    """For each county of a call the ended months that lack a figure; four queries."""
    codes = {row.pk for row in list_monthly_indicators(call.version)}
    full: dict[int, dict[int, set[int]]] = {}
    for owner, month, indicator in call.figures.values_list("region", "month", "indicator"):
        full.setdefault(owner, {}).setdefault(month, set()).add(indicator)
    ended = [
        (month, due_on(call.year, month, call.due_day, called_on(call)))
        for month in MONTHS
        if has_ended(call.year, month, today)
    ]
    found = []
    for region in list_called(call):
        done = [month for month, known in full.get(region.pk, {}).items() if known >= codes]
        missing = [month for month, _ in ended if month not in done]
        found.append(Reported(region, late_months(ended, done, today), missing))
    return found
