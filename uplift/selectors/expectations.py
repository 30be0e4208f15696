"""What a plan expects of a county in a year, month by month, and what the county made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.http import Http404

from county_portal.accounts.models import Region, User
from county_portal.common import clock
from county_portal.common.errors import Stale
from county_portal.common.numbers import plain
from county_portal.common.text import fingerprint
from indicators.models import Indicator, MonthlyCall
from indicators.rules.monthly import MONTHS, Course, targets_until
from indicators.selectors.monthly import Line, read_county
from uplift.enums import VersionState
from uplift.models import Expectation, PlanVersion
from uplift.rules.standing import reaches, start_of
from uplift.selectors.figures import monthly_call
from uplift.selectors.outlook import Outlook, read_outlooks
from uplift.selectors.plans import get_county


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """One monthly indicator: the class's target, the county's own, and the path between."""

    indicator: Indicator
    expected: Decimal
    months: Line
    answer: Expectation | None

    @property
    def own(self) -> Decimal | None:
        """The county's own target, which stands whatever the plan says."""
        return self.months.target.number if self.months.target else None

    @property
    def is_below(self) -> bool:
        """Whether the county aims at less than its class's target."""
        return self.own is not None and self.is_less(self.own)

    def is_less(self, number: Decimal) -> bool:
        """Whether a number would fall short of the class's target."""
        lower = self.indicator.lower_is_better
        return reaches(number, self.expected, is_lower_better=lower) is False

    @property
    def path(self) -> list[tuple[int, Decimal | None]]:
        """Month and what the straight path to the class's target expects at its end."""
        lower = self.indicator.lower_is_better
        start = start_of(self.months.baseline, self.expected, is_lower_better=lower)
        course = Course(self.indicator.monthly, start, self.expected, lower)
        return [(month, course.expected(month)) for month in MONTHS]


@dataclass(frozen=True)
class Expected:
    """A county's expectations under a plan in force in a year that is reported monthly."""

    outlook: Outlook
    call: MonthlyCall
    lines: Sequence[ExpectedLine]
    months_seen: str

    @property
    def open_lines(self) -> list[ExpectedLine]:
        """Lines for which the county has set no target yet."""
        return [line for line in self.lines if line.own is None]

    @property
    def due_on(self) -> date:
        """Until when targets that were set may still be changed."""
        return targets_until(self.call.year, self.call.due_day)

    @cached_property
    def fingerprint(self) -> str:
        """Digest of what the page shows as set."""
        lines = [[line.indicator.code, plain(line.expected)] for line in self.lines]
        return fingerprint([self.months_seen, lines])


def read_expected(user: User, version: PlanVersion, region: Region, year: int) -> Expected | None:
    """What is expected of a county; None where the plan has no target for its class, or no month is called for."""
    call = monthly_call(version, year)
    if call is None or version.state != VersionState.SETTLED:
        return None
    region = get_county(user, version, region.public_id)
    (outlook,) = read_outlooks(version, [region], year)
    months = read_county(call, region)
    by_code = {line.indicator.code: line for line in months.lines}
    answers = {
        row.indicator.code: row
        for row in Expectation.objects.filter(
            version=version, region=region, call=call
        ).select_related("indicator", "answered_by")
    }
    lines = [
        ExpectedLine(
            by_code[line.line.indicator].indicator,
            line.target,
            by_code[line.line.indicator],
            answers.get(line.line.indicator),
        )
        for line in outlook.lines
        if line.target is not None and line.line.indicator in by_code
    ]
    return Expected(outlook, call, lines, months.fingerprint) if lines else None


def own_expected(user: User, version: PlanVersion) -> Expected:
    """This year's of the user's own county.

    Raises Stale where the plan expects nothing of it this year, 404 for an office without a county.
    """
    region = user.office.region
    if region is None:
        raise Http404
    expected = read_expected(user, version, region, clock.today().year)
    if expected is None:
        raise Stale(
            "nothing_expected",
            "本年度还没有布置月报，或者本计划没有给本县所在类别定目标，没有可以采用的月度预期。",
        )
    return expected
