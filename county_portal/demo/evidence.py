"""Invented platforms, parks, projects and awards: in which order a county gains them, and their names."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from random import Random
from typing import Any

from county_portal.demo.chance import between, pick, shuffled
from county_portal.demo.shapes import FULL, County, Shapes
from scoring.engine.types import Item, ItemisedRule, ItemKind, Measure

EARLIEST_APPROVAL = 2012
LOCAL_TRADES = 4
# A county has some item a little before it has earned the whole of its points.
GOODWILL = Decimal("0.25")
COMMONEST = 6
RAREST_LEVEL = "国家"


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """A named item as a county enters it; year and number are unknown for printed ones."""

    kind: str
    name: str
    year: int | None = None
    approval_number: str = ""


@dataclass(frozen=True, slots=True)
class Ladder:
    """What a county holds at each number of points; every rung brings more than the one below."""

    rungs: tuple[Measure, ...]
    points: tuple[Decimal, ...]

    def rung_at(self, cap: Decimal, strength: int) -> Measure:
        """The kinds held at a strength, in the order they were gained, as items yet unnamed."""
        reach = cap * strength / FULL + GOODWILL
        return self.rungs[bisect_right(self.points, reach) - 1]


def make_ladder(rule: ItemisedRule, shapes: Shapes, chance: Random) -> Ladder:
    """The order in which a county gains items; kinds that a panel must judge are left out."""
    names, levels = shapes.invented["names"], shapes.levels
    kinds = {kind.code: kind for kind in rule.kinds if kind.code in names}
    rivals = {code for group in rule.exclusive for code in group}
    if rivals >= kinds.keys():
        return _ladder_of_forms(rule, kinds)
    gained: list[ItemKind] = []
    while sum(map(_points, gained)) < rule.cap + 1:
        tickets = [
            kind
            for kind in kinds.values()
            if _may_gain(kind, gained, rule, names)
            for _ in range(_weight(kind, levels))
        ]
        gained.append(pick(chance, tickets))
    return _ladder([gained[:rung] for rung in range(len(gained) + 1)])


def _ladder_of_forms(rule: ItemisedRule, kinds: Mapping[str, ItemKind]) -> Ladder:
    """First whatever has no rival, then one form of each group, from the humblest to the best."""
    sure = [kinds[group[0]] for group in rule.exclusive if len(group) == 1]
    groups = [[kinds[code] for code in group] for group in rule.exclusive if len(group) > 1]
    forms = sorted(product(*groups), key=lambda form: sum(map(_points, form)))
    return _ladder([[], sure, *([*form, *sure] for form in forms)])


def _ladder(rungs: Sequence[Sequence[ItemKind]]) -> Ladder:
    return Ladder(
        tuple(Measure(items=tuple(Item(kind.code, "") for kind in rung)) for rung in rungs),
        tuple(sum(map(_points, rung), Decimal(0)) for rung in rungs),
    )


def _points(kind: ItemKind) -> Decimal:
    return kind.points or Decimal(0)


def _weight(kind: ItemKind, levels: Mapping[str, str]) -> int:
    """Humble items are common, splendid ones rare, those of the nation rarest."""
    weight = max(1, min(COMMONEST, int(Decimal(3) / _points(kind))))
    return weight if levels[kind.code] == RAREST_LEVEL else weight * COMMONEST


def _may_gain(
    kind: ItemKind, gained: Sequence[ItemKind], rule: ItemisedRule, names: Mapping[str, str]
) -> bool:
    """A name without a trade or a brand can be borne once only; so can one of rival titles."""
    held = {each.code for each in gained}
    if any(kind.code in group and held & set(group) for group in rule.exclusive):
        return False
    name = names[kind.code]
    return "{brand}" in name or "{trade}" in name or name not in {names[code] for code in held}


class Registry:
    """Names and approvals of one county's items; an item once approved keeps both."""

    def __init__(self, shapes: Shapes, county: County, chance: Random) -> None:
        self._invented: Mapping[str, Any] = shapes.invented
        self._levels = shapes.levels
        self._chance = chance
        self._place = {"place": county.name, "city": county.prefecture.removesuffix("市")}
        self._trades = shuffled(chance, self._invented["trades"])
        self._brands = shuffled(chance, self._invented["brands"])
        self._names: set[str] = set()
        self._approved: dict[tuple[str, str, int, int], EvidenceItem] = {}

    def items(
        self, code: str, kinds: Sequence[str], year: int, *, first_year: int, yearly: bool
    ) -> tuple[EvidenceItem, ...]:
        """The items of one indicator in a year; those of a yearly one are new every year."""
        items = []
        for rung, kind in enumerate(kinds):
            key = (code, kind, kinds[:rung].count(kind), year if yearly else 0)
            if key not in self._approved:
                approved = year
                if year == first_year and not yearly:
                    approved = between(self._chance, EARLIEST_APPROVAL, first_year)
                self._approved[key] = self._approve(kind, approved)
            items.append(self._approved[key])
        return tuple(items)

    def _approve(self, kind: str, year: int) -> EvidenceItem:
        name = self._name(self._invented["names"][kind])
        numbers, level = self._invented["numbers"], self._levels[kind]
        pattern = self._invented["number_overrides"].get(kind, numbers[level])
        number = pattern.format(**self._place, year=year, serial=between(self._chance, 1, 180))
        return EvidenceItem(kind, name, year, number)

    def _name(self, pattern: str) -> str:
        """A name not borne yet, of a local trade if possible; a title without either recurs."""
        serial, name = len(self._approved), pattern
        for attempt in range(len(self._trades) - LOCAL_TRADES):
            name = pattern.format(
                **self._place,
                trade=self._trades[serial % LOCAL_TRADES + attempt],
                brand=self._brands[(serial + attempt) % len(self._brands)],
            )
            if name not in self._names:
                break
        self._names.add(name)
        return name
