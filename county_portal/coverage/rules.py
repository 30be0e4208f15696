"""How far a coverage goal is reached: plain values in, plain values out; a blank is never a nought."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

HUNDRED = Decimal(100)
TENTH = Decimal("0.1")


class GoalKind(StrEnum):
    """What is counted, and over what."""

    ITEM = "counties-with-item"
    REACHING = "counties-reaching"
    SUM = "sum-of-counties"
    PILOTS = "pilots-per-city"
    TOWNSHIPS = "townships-per-pilot"


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal as the province's `coverage.json` states it; blanks where a kind does not ask for them."""

    code: str
    kind: GoalKind
    name: str
    text: str
    by: int
    indicator: str = ""
    items: frozenset[str] = frozenset()
    share: Decimal | None = None  # per cent of counties
    figure: Decimal | None = None  # what a county must reach
    sum: Decimal | None = None
    least: int = 0
    most: int = 0


def read_goal(entry: Mapping[str, Any]) -> Goal:
    """A goal from its plain form."""
    numbers = {name: Decimal(entry[name]) for name in ("share", "figure", "sum") if name in entry}
    return Goal(
        code=entry["code"],
        kind=GoalKind(entry["kind"]),
        name=entry["name"],
        text=entry["text"],
        by=entry["by"],
        indicator=entry.get("indicator", ""),
        items=frozenset(entry.get("items", ())),
        share=numbers.get("share"),
        figure=numbers.get("figure"),
        sum=numbers.get("sum"),
        least=entry.get("least", 0),
        most=entry.get("most", 0),
    )


@dataclass(frozen=True, slots=True)
class Place:
    """A county, or a pilot county, with what is known of it."""

    name: str
    city: str
    number: Decimal | None = None  # the figure; None where none was stated
    items: frozenset[str] | None = None  # kinds held; None where no list was handed in
    count: int = 0  # townships of a pilot


@dataclass(frozen=True, slots=True)
class CityLine:
    """A city's part: how many of its places hold, and the names of those that do not or are unknown."""

    city: str
    held: int
    of: int
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a goal stands: `short` is how many more places (or how much more) it takes, 0 once reached."""

    goal: Goal
    is_met: bool
    held: int
    of: int
    short: Decimal
    unit: str
    lines: tuple[CityLine, ...]
    share: Decimal | None = None  # per cent, one decimal, half up; None where nothing is counted
    amount: Decimal | None = None
    unknown: int = field(default=0)

    @property
    def wanted(self) -> str:
        """The goal in a few words."""
        goal = self.goal
        if goal.kind == GoalKind.SUM:
            return f"≧{goal.sum}{self.unit}"
        if goal.kind in (GoalKind.PILOTS, GoalKind.TOWNSHIPS):
            return f"{goal.least}—{goal.most}个"
        reached = "" if goal.figure is None else f"达到{goal.figure}%的县"
        return f"{reached}占比≧{goal.share}%"


def share_of(held: int, of: int) -> Decimal | None:
    """Per cent to one decimal; None of nothing."""
    return (held * HUNDRED / of).quantize(TENTH, ROUND_HALF_UP) if of else None


def stand(goal: Goal, places: Sequence[Place], cities: Sequence[str], unit: str = "") -> Standing:
    """Where the goal stands; `places` are counties, or for townships the pilots.

    `cities` fixes the order of the lines and names those without any place.
    """
    if goal.kind == GoalKind.SUM:
        return _summed(goal, places, cities, unit)
    if goal.kind == GoalKind.PILOTS:
        return _pilots(goal, places, cities)
    holds = {place: _holds(goal, place) for place in places}
    lines = tuple(
        _line(city, {place: held for place, held in holds.items() if place.city == city})
        for city in cities
    )
    held = sum(value is True for value in holds.values())
    of = len(places)
    # Townships are asked of each pilot: all of them.
    wanted = HUNDRED if goal.share is None else goal.share
    needed = (wanted * of / HUNDRED).to_integral_value(ROUND_CEILING)
    return Standing(
        goal=goal,
        # The exact share decides, not the one shown.
        is_met=of > 0 and held * HUNDRED >= wanted * of,
        held=held,
        of=of,
        short=max(needed - held, Decimal(0)),
        unit="个",
        lines=lines,
        share=share_of(held, of),
        unknown=sum(value is None for value in holds.values()),
    )


def _holds(goal: Goal, place: Place) -> bool | None:
    if goal.kind == GoalKind.TOWNSHIPS:
        return goal.least <= place.count <= goal.most
    if goal.kind == GoalKind.ITEM:
        return None if place.items is None else bool(place.items & goal.items)
    if place.number is None or goal.figure is None:
        return None
    return place.number >= goal.figure


def _line(city: str, holds: Mapping[Place, bool | None]) -> CityLine:
    return CityLine(
        city=city,
        held=sum(held is True for held in holds.values()),
        of=len(holds),
        missing=_names(place for place, held in holds.items() if held is False),
        unknown=_names(place for place, held in holds.items() if held is None),
    )


def _names(places: Iterable[Place]) -> tuple[str, ...]:
    return tuple(place.name for place in places)


def _pilots(goal: Goal, pilots: Sequence[Place], cities: Sequence[str]) -> Standing:
    """Cities with as many pilots as asked for; one with too many has not kept to it either."""
    lines = []
    for city in cities:
        own = [pilot for pilot in pilots if pilot.city == city]
        fits = goal.least <= len(own) <= goal.most
        words = (f"现有{len(own)}个",) if not fits else ()
        lines.append(CityLine(city, int(fits), 1, words, amount=Decimal(len(own))))
    held = sum(line.held for line in lines)
    return Standing(
        goal=goal,
        is_met=bool(cities) and held == len(cities),
        held=held,
        of=len(cities),
        short=Decimal(len(cities) - held),
        unit="个",
        lines=tuple(lines),
        share=share_of(held, len(cities)),
        amount=Decimal(len(pilots)),
    )


def _summed(goal: Goal, places: Sequence[Place], cities: Sequence[str], unit: str) -> Standing:
    wanted = goal.sum or Decimal(0)
    lines = []
    for city in cities:
        own = [place for place in places if place.city == city]
        known = [place.number for place in own if place.number is not None]
        lines.append(
            CityLine(
                city,
                len(known),
                len(own),
                unknown=_names(place for place in own if place.number is None),
                amount=sum(known, Decimal(0)) if known else None,
            )
        )
    amount = sum((line.amount for line in lines if line.amount is not None), Decimal(0))
    return Standing(
        goal=goal,
        is_met=amount >= wanted,
        held=sum(line.held for line in lines),
        of=len(places),
        short=max(wanted - amount, Decimal(0)),
        unit=unit,
        lines=tuple(lines),
        amount=amount,
        unknown=sum(len(line.unknown) for line in lines),
    )
