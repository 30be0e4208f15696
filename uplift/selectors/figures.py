"""What is known of counties' figures: reviewed values by data year, months of this year, projections, facts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from county_portal.accounts.models import Region
from county_portal.accounts.selectors import lineages
from indicators.enums import REVIEWED, SubmissionState
from indicators.models import Fact, MonthlyCall, Value
from indicators.selectors.monthly import CountyYear, Line, read_counties
from indicators.selectors.sheets import figure_of
from uplift.models import PlanVersion


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A reviewed figure, unrounded, and by whom it was confirmed."""

    data_year: int
    number: Decimal
    status: str


@dataclass(frozen=True, slots=True)
class CountyFigures:
    """One county: reviewed figures by code and year, its months, its facts by meaning and year."""

    region: Region
    reviewed: Mapping[str, Mapping[int, Reviewed]] = field(default_factory=dict)
    months: CountyYear | None = None
    facts: Mapping[str, Mapping[int, Decimal]] = field(default_factory=dict)

    def newest(self, code: str, until: int) -> Reviewed | None:
        """The newest reviewed figure of a data year not after `until`."""
        years = [year for year in self.reviewed.get(code, {}) if year <= until]
        return self.reviewed[code][max(years)] if years else None

    def line(self, code: str) -> Line | None:
        """Its months of an indicator, if it is reported monthly."""
        lines = self.months.lines if self.months else ()
        return next((line for line in lines if line.indicator.code == code), None)


def read_figures(
    version: PlanVersion, regions: Sequence[Region], year: int, meanings: Iterable[str]
) -> dict[int, CountyFigures]:
    """By region's key; the same number of queries for any number of counties."""
    past = lineages(regions)
    owners = {earlier: pk for pk, line in past.items() for earlier in line}
    reviewed = _reviewed(version, owners)
    facts = _facts(owners, list(meanings), version.base_year)
    months = _months(version, regions, year)
    return {
        region.pk: CountyFigures(
            region,
            reviewed.get(region.pk, {}),
            months.get(region.pk),
            facts.get(region.pk, {}),
        )
        for region in regions
    }


def _reviewed(
    version: PlanVersion, owners: Mapping[int, int]
) -> dict[int, dict[str, dict[int, Reviewed]]]:
    values = Value.objects.filter(
        submission__collection__version__system=version.system_version.system_id,
        submission__collection__data_year__gte=version.base_year,
        submission__region__in=list(owners),
        submission__state__in=REVIEWED,
    ).select_related("indicator", "submission__collection")
    found: dict[int, dict[str, dict[int, Reviewed]]] = {}
    for value in values:
        number = figure_of(value).exact(value.indicator.factor)
        if number is None:
            continue
        submission = value.submission
        year = submission.collection.data_year
        status = "核定" if submission.state == SubmissionState.ACCEPTED else "市审"
        lines = found.setdefault(owners[submission.region_id], {})
        lines.setdefault(value.indicator.code, {})[year] = Reviewed(year, number, status)
    return found


def _facts(
    owners: Mapping[int, int], meanings: Sequence[str], base_year: int
) -> dict[int, dict[str, dict[int, Decimal]]]:
    rows = Fact.objects.filter(
        region__in=list(owners), meaning__code__in=meanings, data_year__gte=base_year
    ).values_list("region", "meaning__code", "data_year", "number")
    found: dict[int, dict[str, dict[int, Decimal]]] = {}
    for region, meaning, year, number in rows:
        found.setdefault(owners[region], {}).setdefault(meaning, {})[year] = number
    return found


def _months(version: PlanVersion, regions: Sequence[Region], year: int) -> dict[int, CountyYear]:
    call = monthly_call(version, year)
    if call is None:
        return {}
    return {row.region.pk: row for row in read_counties(call, regions)}


def monthly_call(version: PlanVersion, year: int) -> MonthlyCall | None:
    """The call for the months of a year under the plan's indicator system."""
    calls = MonthlyCall.objects.filter(version__system=version.system_version.system_id, year=year)
    return calls.select_related("version__system").order_by("-pk").first()
