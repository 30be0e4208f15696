"""Where each monthly indicator of a county stands, and where it will end the year.

The door for plans, dashboards and pages alike: `list_projections` for one county somebody may see,
`project_call` for many at the same number of queries, `project_years` where their months were read already.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.shortcuts import get_object_or_404

from county_portal.accounts.models import Region, User
from indicators.models import Indicator, MonthlyCall
from indicators.rules.projection import NO_MONTHS, Projection, project
from indicators.selectors.monthly import CountyYear, Line, list_regions, read_counties
from monitoring.learned import EMPTY, Teaching, from_document
from monitoring.models import Calibration


@dataclass(frozen=True, slots=True)
class ProjectedLine:
    """One indicator of one county: start, aim, newest month, and the year's end as it looks from there.

    Every number in the indicator's own unit. `mid`, `low`, `high` are None where too little is known; `why`
    says what is lacking.
    """

    region: Region
    line: Line
    projection: Projection

    @property
    def indicator(self) -> Indicator:
        """Its code, name, unit and direction."""
        return self.line.indicator

    @property
    def code(self) -> str:
        """Code of the indicator."""
        return self.line.indicator.code

    @property
    def baseline(self) -> Decimal | None:
        """Last year's figure."""
        return self.line.baseline

    @property
    def target(self) -> Decimal | None:
        """The year's target of the county; None where it has set none."""
        return self.line.target.number if self.line.target else None

    @property
    def month(self) -> int | None:
        """The newest month reported."""
        return self.line.latest.month if self.line.latest else None

    @property
    def latest(self) -> Decimal | None:
        """Its figure."""
        return self.line.latest.number if self.line.latest else None

    @property
    def expected(self) -> Decimal | None:
        """Where the straight path to the target is at that month."""
        return self.line.latest.expected if self.line.latest else None

    @property
    def lead(self) -> Decimal | None:
        """By how much the figure is ahead of the path; behind is negative, whatever the direction."""
        return self.line.latest.lead if self.line.latest else None

    @property
    def mid(self) -> Decimal | None:
        """The year's end as projected."""
        return self.projection.mid

    @property
    def low(self) -> Decimal | None:
        """In one of ten past years the end was below."""
        return self.projection.low

    @property
    def high(self) -> Decimal | None:
        """In one of ten past years the end was above."""
        return self.projection.high

    @property
    def why(self) -> str:
        """What is lacking for a projection, or for its band; blank where nothing is."""
        return self.projection.why

    @property
    def best(self) -> Decimal | None:
        """The better end of the band, the middle where there is no band."""
        if not self.projection.has_band:
            return self.mid
        return self.low if self.indicator.lower_is_better else self.high

    @property
    def short(self) -> Decimal | None:
        """By how much the middle falls short of the target; negative where it is passed."""
        if self.mid is None or self.target is None:
            return None
        return self.mid - self.target if self.indicator.lower_is_better else self.target - self.mid


def newest_call(year: int) -> MonthlyCall | None:
    """The call for a year's months; of several versions of the system the newest."""
    calls = MonthlyCall.objects.filter(year=year).select_related("version__system")
    return calls.order_by("-version__number", "-pk").first()


def list_call_years() -> list[int]:
    """Years that were called for, newest first."""
    years = MonthlyCall.objects.order_by("-year").values_list("year", flat=True)
    return list(dict.fromkeys(years))


def teaching_of(call: MonthlyCall) -> Teaching:
    """What past years taught for a call; empty until it has been learned. One query."""
    kept = Calibration.objects.filter(call=call).first()
    return from_document(kept.content) if kept else EMPTY


def list_projections(user: User, region: Region, year: int) -> list[ProjectedLine]:
    """All monthly indicators of a county in table order; none where the year was not called for.

    404 for a county outside the user's jurisdiction. Eight queries.
    """
    call = newest_call(year)
    if call is None:
        return []
    shown = get_object_or_404(list_regions(user, call), pk=region.pk)
    return project_county(call, shown)


def project_county(call: MonthlyCall, region: Region) -> list[ProjectedLine]:
    """One county's lines of a call."""
    return project_call(call, [region])[region.pk]


def project_call(call: MonthlyCall, regions: Sequence[Region]) -> dict[int, list[ProjectedLine]]:
    """The same for many counties, by the region's key; the same number of queries however many.

    Asks nobody's permission: the caller hands over counties its user may see.
    """
    return project_years(call, read_counties(call, regions))


def project_years(call: MonthlyCall, years: Iterable[CountyYear]) -> dict[int, list[ProjectedLine]]:
    """The same where the months of the call were read already; one query."""
    teaching = teaching_of(call)
    return {
        year.region.pk: [_projected(year, line, teaching) for line in year.lines] for year in years
    }


def _projected(year: CountyYear, line: Line, teaching: Teaching) -> ProjectedLine:
    months = {each.month: each.number for each in line.months if each.number is not None}
    if not months:
        return ProjectedLine(year.region, line, Projection(why=NO_MONTHS))
    indicator = line.indicator
    found = project(indicator.monthly, line.baseline, months, teaching.of(indicator.code))
    return ProjectedLine(year.region, line, found)
