"""Which class and about which total each county shall reach in each year.

Reported class counts stand in the data file; who rises and who falls follows from a lasting quality
and the luck of a year, so that most counties climb and a few slip.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from county_portal.demo.chance import around, stream
from county_portal.demo.shapes import FULL, County, Shapes, YearTarget

QUALITY_SPREAD = 330
LUCK_SPREAD = 60
# Now and then a year goes badly: firms move away, a department reports late.
SETBACK_PER_MILLE = 45
SETBACK = 170


@dataclass(frozen=True, slots=True)
class Target:
    class_name: str
    total: Decimal


def choose_targets(
    shapes: Shapes, seed: int, taken: Mapping[int, str], taken_code: str
) -> dict[tuple[str, int], Target]:
    """Targets by county and year; `taken` is the class a county with figures of its own fills."""
    others = [county for county in shapes.counties if county.code != taken_code]
    quality = {county.code: _quality(shapes, county, seed) for county in others}
    targets: dict[tuple[str, int], Target] = {}
    for year in shapes.targets:
        luck = {
            county.code: _luck(stream(seed, int(county.code), year.data_year, 1))
            for county in others
        }
        order = sorted(others, key=lambda each: (-quality[each.code] - luck[each.code], each.code))
        totals = _totals(year, taken.get(year.data_year, ""))
        for county, target in zip(order, totals, strict=True):
            targets[county.code, year.data_year] = target
    return targets


def _quality(shapes: Shapes, county: County, seed: int) -> int:
    lead = shapes.invented["prefecture_lead"][county.prefecture_code]
    lead += shapes.invented["type_lead"][county.kind]
    return int(lead) + around(stream(seed, int(county.code)), QUALITY_SPREAD)


def _luck(chance: Random) -> int:
    setback = SETBACK if chance.randrange(FULL) < SETBACK_PER_MILLE else 0
    return around(chance, LUCK_SPREAD) - setback


def _totals(year: YearTarget, taken_class: str) -> list[Target]:
    """One target per place, best first: each class evenly from its highest total to its lowest."""
    totals = []
    for name, places in year.classes.items():
        count = places - (name == taken_class)
        low, high = year.span[name]
        step = (high - low) / max(count - 1, 1)
        totals += [Target(name, high - step * place) for place in range(count)]
    return totals
