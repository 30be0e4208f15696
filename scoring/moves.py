"""Ways of moving a lever or lengthening a list, and what each brings; every score is the engine's."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from scoring.engine.types import (
    CompletionRule,
    Figure,
    Indicator,
    Item,
    ItemKind,
    Measure,
    PiecewiseRule,
)
from scoring.ground import Ground
from scoring.improvements import knots, scored_measure, with_items
from scoring.levers import Lever, is_ratio, numerator_for, snapped

_ZERO = Decimal(0)
ITEMS_AT_MOST = 60


@dataclass(frozen=True, slots=True)
class Option:
    """A lever moved so far: the figures it gives, how far it moved, and the points that brings."""

    figures: Mapping[str, Figure]
    target: Decimal
    moved: Decimal
    gain: Decimal


def moved_figures(ground: Ground, lever: Lever, target: Decimal) -> dict[str, Figure]:
    """The figures of all lines of a lever once it stands at `target`."""
    return {code: _moved(ground, code, target) for code in lever.codes}


def _moved(ground: Ground, code: str, target: Decimal) -> Figure:
    figure = ground.figures[code]
    measure = scored_measure(ground.indicators[code], figure) or Measure()
    ratio = is_ratio(measure)
    changed = (
        replace(measure, value=None, numerator=target)
        if ratio
        else Measure(value=target, factor=measure.factor)
    )
    return replace(figure, measure=changed, absence=None, carried=None)


def quantity_options(
    ground: Ground, lever: Lever, limit: Decimal | None, needed: Decimal
) -> list[Option]:
    """Each way of moving a lever that scores more than every nearer one, up to `limit` and to a gain of `needed`.

    Between two neighbours no target scores more than the nearer, so nothing is lost by leaving the others out.
    """
    walk = _Walk(ground, lever)
    end = lever.farthest
    if limit is not None:
        end = min(end, limit) if lever.rises else max(end, limit)
    if (end <= lever.start) if lever.rises else (end >= lever.start):
        return []
    last = _last_step(lever, end)
    found = list(walk.rising(0, last, needed))
    at_end = walk.gain_at(end)
    if (not found or found[-1].gain < min(at_end, needed)) and at_end > _ZERO:
        found.append(walk.option(end))
    return found


def _last_step(lever: Lever, end: Decimal) -> int:
    """How many steps of the grid lie between the start and `end`."""
    first = _grid(lever, 1)
    if (first > end) if lever.rises else (first < end):
        return 0
    return int(abs(end - first) // lever.step) + 1


def _grid(lever: Lever, number: int) -> Decimal:
    """The n-th round target beyond the start; the 0th is the start itself."""
    if number == 0:
        return lever.start
    beside = snapped(lever.start, lever.step, up=not lever.rises)
    return beside + number * lever.step if lever.rises else beside - number * lever.step


@dataclass(frozen=True)
class _Walk:
    """Looks along a lever; every score is the engine's."""

    ground: Ground
    lever: Lever

    @cached_property
    def now(self) -> Decimal:
        return sum(
            (self.ground.score(self.ground.figures[code]).score for code in self.lever.codes), _ZERO
        )

    def gain_at(self, target: Decimal) -> Decimal:
        figures = moved_figures(self.ground, self.lever, target).values()
        return sum((self.ground.score(each).score for each in figures), _ZERO) - self.now

    def gain(self, number: int) -> Decimal:
        return _ZERO if number == 0 else self.gain_at(_grid(self.lever, number))

    def option(self, target: Decimal) -> Option:
        figures = moved_figures(self.ground, self.lever, target)
        moved = abs(target - self.lever.start)
        return Option(figures, target, moved, self.gain_at(target))

    def rising(self, first: int, last: int, needed: Decimal) -> Iterator[Option]:
        """Every step of the grid that gains more than the one before it, until `needed` is gained."""
        if last <= first:
            return
        last = first_where(lambda number: self.gain(number) >= needed, first, last) or last
        stack = [(first, self.gain(first), last, self.gain(last))]
        while stack:
            low, gain_low, high, gain_high = stack.pop()
            if gain_low >= gain_high:
                continue
            if high - low == 1:
                yield self.option(_grid(self.lever, high))
                continue
            middle = (low + high) // 2
            gain = self.gain(middle)
            stack += [(middle, gain, high, gain_high), (low, gain_low, middle, gain)]


def first_where(holds: Callable[[int], bool], low: int, high: int) -> int | None:
    """The first number above `low` up to `high` where a condition holds that then holds on; None if nowhere."""
    if high <= low or not holds(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def worse_target(ground: Ground, lever: Lever, limit: Decimal) -> Decimal | None:
    """The nearest round target on the losing side that takes the total below `limit`; None if none does."""
    if lever.now is None:
        return None
    mirrored = replace(lever, rises=not lever.rises)
    reach = _last_step(mirrored, _ZERO if lever.rises else _worst(ground, lever))

    def loses(number: int) -> bool:
        return ground.total(moved_figures(ground, lever, _grid(mirrored, number))) < limit

    number = first_where(loses, 0, reach)
    return None if number is None else _grid(mirrored, number)


def _worst(ground: Ground, lever: Lever) -> Decimal:
    """Where a quantity that should be low brings next to no points; ten times the target where a rule ends nowhere."""
    ends = [lever.start]
    for code in lever.codes:
        rule, indicator = ground.indicators[code].rule, ground.indicators[code]
        measure = scored_measure(indicator, ground.figures[code])
        if measure and isinstance(rule, PiecewiseRule | CompletionRule):
            knot = (
                rule.bands[-1].start
                if isinstance(rule, PiecewiseRule)
                else knots(rule, measure)[-1] * 10
            )
            ends.append(numerator_for(measure, knot) if is_ratio(measure) else knot)
    return snapped(max(ends), lever.step, up=True)


def list_options(
    ground: Ground, indicator: Indicator, kind: ItemKind, at_most: int, needed: Decimal
) -> list[Option]:
    """One item of a kind more at a time, as long as each brings points, `needed` is not gained and the limit allows."""
    figure = ground.figures[indicator.code]
    now, found = ground.score(figure).score, list[Option]()
    best = _ZERO
    for count in range(1, min(at_most, ITEMS_AT_MOST) + 1):
        added = tuple(Item(kind.code, f"设想新增{number}") for number in range(1, count + 1))
        changed = with_items(figure, (*figure.measure.items, *added))
        gain = ground.score(changed).score - now
        if gain <= best:
            break
        best = gain
        found.append(Option({indicator.code: changed}, Decimal(count), Decimal(count), gain))
        if gain >= needed:
            break
    return found
