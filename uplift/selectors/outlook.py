"""Target, now, forecast: one county's lines, and what they come to for the plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from county_portal.accounts.models import Region
from county_portal.common import clock
from indicators.models import Indicator, MonthlyTarget
from indicators.rules.monthly import Course
from scoring.models import PublishedList, Result
from scoring.selectors.runs import engine_scheme
from uplift.models import PlanVersion
from uplift.rules.growth import Outcome, outcome_of
from uplift.rules.positions import aimed_class, places_of
from uplift.rules.standing import reaches, share_of, start_of
from uplift.rules.text import PlanText, TargetLine
from uplift.selectors.figures import CountyFigures, Reviewed, read_figures
from uplift.selectors.plans import counties_of, names_of
from uplift.selectors.projected import Projected, read_projected
from uplift.selectors.texts import listed_classes, read_text, valid_lists


@dataclass(frozen=True, slots=True)
class Now:
    """The newest figure, where it is from and how firm it is."""

    number: Decimal
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class OutlookLine:
    """One indicator of the plan in one county."""

    line: TargetLine
    indicator: Indicator | None
    base: Reviewed | None
    target: Decimal | None
    now: Now | None
    # On the straight path to the class's target; None without months or a start.
    lead: Decimal | None
    forecast: Projected | None
    own_target: MonthlyTarget | None

    @property
    def is_lower_better(self) -> bool:
        """Whether less is better."""
        return bool(self.indicator and self.indicator.lower_is_better)

    @property
    def is_reached(self) -> bool | None:
        """Whether the newest figure reaches the target; None where one is lacking."""
        number = self.now.number if self.now else None
        return reaches(number, self.target, is_lower_better=self.is_lower_better)

    @property
    def will_reach(self) -> bool | None:
        """The same of the forecast."""
        number = self.forecast.number if self.forecast else None
        return reaches(number, self.target, is_lower_better=self.is_lower_better)

    @property
    def share(self) -> Decimal | None:
        """The newest figure in per cent of the target."""
        return share_of(self.now.number if self.now else None, self.target)

    @property
    def forecast_share(self) -> Decimal | None:
        """The forecast in per cent of the target."""
        return share_of(self.forecast.number if self.forecast else None, self.target)


@dataclass(frozen=True, slots=True)
class Standing:
    """A county on the newest valid list: class, total, and the limit of the class aimed at."""

    data_year: int
    class_name: str
    total: Decimal
    limit: Decimal | None

    @property
    def missing(self) -> Decimal | None:
        """Points lacking to the class aimed at; 0 in it or above, None where no class is aimed at."""
        return None if self.limit is None else max(self.limit - self.total, Decimal(0))


@dataclass(frozen=True, slots=True)
class Outlook:
    """One county under a plan in one year."""

    region: Region
    year: int
    # Data year of the targets shown; None where the plan has none for this year.
    target_year: int | None
    aimed: str
    start: str
    lines: Sequence[OutlookLine]
    growth: Sequence[Outcome]
    standing: Standing | None

    @property
    def reached(self) -> int:
        """Targets reached by the newest figures."""
        return sum(line.is_reached is True for line in self.lines)

    @property
    def judged(self) -> int:
        """Targets of which it can be said."""
        return sum(line.is_reached is not None for line in self.lines)

    @property
    def followed(self) -> int:
        """Lines with months to hold against the straight path to the target."""
        return sum(line.lead is not None for line in self.lines)

    @property
    def behind(self) -> int:
        """Lines behind the straight path to the target."""
        return sum(line.lead is not None and line.lead < 0 for line in self.lines)

    @property
    def growth_broken(self) -> int:
        """Growth rules not kept so far."""
        return sum(outcome.is_kept is False for outcome in self.growth)

    @property
    def is_in_class(self) -> bool:
        """Whether the newest list has the county in the class aimed at, or above it."""
        return self.standing is not None and self.standing.missing == 0


def years_of(version: PlanVersion) -> list[int]:
    """The data years a page may be asked for; the first list of a plan is of the year before it begins."""
    return list(range(_first_year(version), version.to_year + 1))


def _first_year(version: PlanVersion) -> int:
    return max(version.base_year + 1, version.from_year - 1)


def default_year(version: PlanVersion) -> int:
    """This year, kept within the plan's."""
    return min(max(clock.today().year, _first_year(version)), version.to_year)


def read_outlooks(version: PlanVersion, regions: Sequence[Region], year: int) -> list[Outlook]:
    """Several counties; the same number of queries for any number of them."""
    text = read_text(version)
    places = places_of(text, names_of(counties_of(version.plan.office)))
    figures = read_figures(version, regions, year, [rule.meaning for rule in text.growth])
    lists = valid_lists(version)
    standings = _standings(lists, regions)
    base = listed_classes(lists).get(version.base_year, {})
    indicators = {row.code: row for row in version.system_version.indicators.all()}
    projected = read_projected([each.months for each in figures.values() if each.months])
    built = _Builder(version, text, year, indicators, projected)
    return [
        built.outlook(
            figures[region.pk],
            # Where the plan is silent the published list of the base year says where a county starts.
            aimed_class(text, places, region.code, year) or base.get(region.code, ""),
            places.starts.get(region.code, "") or base.get(region.code, ""),
            standings.get(region.pk),
        )
        for region in regions
    ]


@dataclass(frozen=True, slots=True)
class _Builder:
    version: PlanVersion
    text: PlanText
    year: int
    indicators: Mapping[str, Indicator]
    projected: Mapping[tuple[int, str], Projected]

    def outlook(
        self,
        figures: CountyFigures,
        aimed: str,
        start: str,
        result: tuple[int, str, Decimal, Mapping[str, Decimal]] | None,
    ) -> Outlook:
        years = {line.data_year for line in self.text.lines}
        return Outlook(
            region=figures.region,
            year=self.year,
            target_year=self.year if self.year in years else None,
            aimed=aimed,
            start=start,
            lines=[
                self._line(line, figures, aimed)
                for line in self.text.lines
                if line.data_year == (self.year if self.year in years else max(years))
            ]
            if years
            else [],
            growth=[
                outcome_of(
                    rule, figures.facts.get(rule.meaning, {}), self.version.base_year, self._known
                )
                for rule in self.text.growth
            ],
            standing=_standing(result, aimed),
        )

    @property
    def _known(self) -> int:
        """The last data year of which figures can be known: the one before this year."""
        return min(self.year, clock.today().year - 1)

    def _line(self, line: TargetLine, figures: CountyFigures, aimed: str) -> OutlookLine:
        indicator = self.indicators.get(line.indicator)
        target = line.targets.get(aimed) if line.data_year == self.year else None
        months = figures.line(line.indicator) if line.indicator else None
        latest = months.latest if months else None
        return OutlookLine(
            line=line,
            indicator=indicator,
            base=figures.reviewed.get(line.indicator, {}).get(self.version.base_year),
            target=target,
            now=self._now(line, figures),
            lead=_lead(indicator, months.baseline, target, latest.month, latest.number)
            if indicator and months and latest and latest.number is not None
            else None,
            forecast=self.projected.get((figures.region.pk, line.indicator)),
            own_target=months.target if months else None,
        )

    def _now(self, line: TargetLine, figures: CountyFigures) -> Now | None:
        """The latest month of the year asked for, else the newest reviewed figure."""
        months = figures.line(line.indicator) if line.indicator else None
        latest = months.latest if months else None
        if latest is not None and latest.number is not None:
            return Now(latest.number, f"{self.year}年{latest.month}月月报", "县报")
        newest = figures.newest(line.indicator, self.year) if line.indicator else None
        if newest is None:
            return None
        return Now(newest.number, f"{newest.data_year}年度填报表", newest.status)


def _lead(
    indicator: Indicator,
    baseline: Decimal | None,
    target: Decimal | None,
    month: int,
    number: Decimal,
) -> Decimal | None:
    if target is None:
        return None
    start = start_of(baseline, target, is_lower_better=indicator.lower_is_better)
    course = Course(indicator.monthly, start, target, indicator.lower_is_better)
    return course.lead(month, number)


_ListResult = tuple[int, str, Decimal, Mapping[str, Decimal]]


def _standings(lists: Sequence[PublishedList], regions: Sequence[Region]) -> dict[int, _ListResult]:
    """Per region: data year, class, total on the newest valid list, and the limits of the classes."""
    if not lists:
        return {}
    newest = lists[0]
    limits = {
        grade.name: grade.at_least for grade in engine_scheme(newest.run.scheme_version).classes
    }
    rows = Result.objects.filter(run=newest.run_id, region__code__in=[r.code for r in regions])
    by_code = {
        code: (name, total)
        for code, name, total in rows.values_list("region__code", "class_name", "total")
    }
    year = newest.collection.data_year
    return {
        region.pk: (year, *by_code[region.code], limits)
        for region in regions
        if region.code in by_code
    }


def _standing(result: _ListResult | None, aimed: str) -> Standing | None:
    if result is None:
        return None
    year, class_name, total, limits = result
    return Standing(year, class_name, total, limits.get(aimed))
