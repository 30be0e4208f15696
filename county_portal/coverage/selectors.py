"""What coverage goals are held against: the newest published list's frozen figures, and the pilots there are."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from django.conf import settings

from applications.models import Pilot
from applications.selectors.pilots import list_taken_up
from county_portal.accounts.models import Region
from county_portal.accounts.roles import Level
from county_portal.common.province_files import has_province_file, read_province_json
from county_portal.coverage.rules import Goal, GoalKind, Place, Standing, read_goal, stand
from scoring.engine.codec import inputs_from_bytes
from scoring.engine.measures import exact_value
from scoring.engine.numbers import exact_arithmetic
from scoring.engine.types import Figure, GradingInputs
from scoring.selectors.lists import list_published

FILE = "coverage.json"
# Digits kept of a ratio before it is held against a goal; the engine's own figures are exact.
PLACES = 6


@dataclass(frozen=True, slots=True)
class Coverage:
    """The goals of the province with their standing, and the data they stand on."""

    source: str
    data_year: int
    document_number: str
    standings: tuple[Standing, ...]

    @property
    def met(self) -> int:
        """How many are reached."""
        return sum(standing.is_met for standing in self.standings)


def has_goals() -> bool:
    """Whether this province set itself any."""
    return has_province_file(FILE)


def read_coverage() -> Coverage | None:
    """Where every goal stands; None before the first list is published."""
    published = list_published().first()
    if published is None:
        return None
    inputs = inputs_from_bytes(published.run.inputs)
    cities, homes = _register()
    pilots = list(list_taken_up())
    units = {row.code: row.unit for row in published.collection.version.indicators.all()}
    source, goals = _goals(settings.PROVINCE)
    return Coverage(
        source=source,
        data_year=inputs.data_year,
        document_number=published.document_number,
        standings=tuple(
            stand(
                goal,
                _places(goal, inputs, homes, pilots),
                cities,
                units.get(goal.indicator, ""),
            )
            for goal in goals
        ),
    )


@cache
def _goals(province: str) -> tuple[str, tuple[Goal, ...]]:
    document = read_province_json(FILE, province)
    return document["source"], tuple(map(read_goal, document["goals"]))


def _register() -> tuple[list[str], dict[str, str]]:
    """Cities that have counties today, by code, and each county's city by the county's code."""
    counties = Region.objects.filter(level=Level.COUNTY).select_related("parent")
    rows = [each for each in counties.order_by("code") if each.parent]
    homes = {each.code: each.parent.name for each in rows if each.parent}
    cities = [homes[each.code] for each in rows if each.valid_to is None]
    return list(dict.fromkeys(cities)), homes


def _places(
    goal: Goal, inputs: GradingInputs, homes: dict[str, str], pilots: list[Pilot]
) -> list[Place]:
    if goal.kind == GoalKind.PILOTS:
        return [_pilot(each, homes) for each in pilots if each.region.level == Level.COUNTY]
    if goal.kind == GoalKind.TOWNSHIPS:
        owned = [each.parent_id for each in pilots if each.parent_id]
        return [
            _pilot(each, homes, owned.count(each.pk))
            for each in pilots
            if each.region.level == Level.COUNTY
        ]
    with exact_arithmetic():
        return [
            _county(row.name, homes.get(row.code, ""), _figure(row.figures, goal.indicator))
            for row in inputs.counties
        ]


def _pilot(pilot: Pilot, homes: dict[str, str], townships: int = 0) -> Place:
    return Place(pilot.region.name, homes.get(pilot.region.code, ""), count=townships)


def _figure(figures: tuple[Figure, ...], code: str) -> Figure | None:
    return next((each for each in figures if each.indicator == code), None)


def _county(name: str, city: str, figure: Figure | None) -> Place:
    """A county as it answered; what was carried over from another year is no answer of this one."""
    # It stands in its city's line, which need not be named again.
    name = name.removeprefix(city)
    if figure is None or figure.absence:
        return Place(name, city)
    measure = figure.measure
    items = frozenset(item.kind for item in measure.items)
    number = None
    if measure.value is not None or measure.numerator is not None:
        exact = exact_value(measure)
        number = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(
            Decimal(1).scaleb(-PLACES)
        )
    return Place(name, city, number, items)
