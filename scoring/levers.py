"""What a county can move, and what moving it scores: one quantity may stand behind several indicators.

The number of 高新技术企业 is one line of the table and the numerator of another: whoever adds an enterprise adds it
to both. So options are made for quantities (levers), not for indicators, and each carries the figures of all its lines.
Of a ratio only the numerator is a lever; the denominator is held, or what the reader expects it to be.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cached_property

from scoring.engine.numbers import exact_arithmetic, plain
from scoring.engine.types import (
    Absence,
    CompletionRule,
    Figure,
    Indicator,
    Item,
    ItemisedRule,
    ItemKind,
    Measure,
    PanelRule,
    PiecewiseRule,
)
from scoring.ground import Ground
from scoring.improvements import (
    COUNTED,
    direction,
    knots,
    scored_measure,
    with_items,
)

_ZERO = Decimal(0)
_FINEST, _COARSEST = -2, 0  # exponents of the steps in which a quantity that is not counted moves
_STEPS = 3  # a quantity moves in about a thousandth of its range
ITEMS_AT_MOST = 60


@dataclass(frozen=True, slots=True)
class Option:
    """A lever moved so far: the figures it gives, how far it moved, and the points that brings."""

    figures: Mapping[str, Figure]
    target: Decimal
    moved: Decimal
    gain: Decimal


@dataclass(frozen=True, slots=True)
class Lever:
    """One quantity and the indicators it moves; `now` None where nothing was reported yet."""

    codes: tuple[str, ...]
    label: str
    unit: str
    now: Decimal | None
    rises: bool  # whether more of it brings points
    step: Decimal
    farthest: Decimal  # where it brings no more points
    is_numerator: bool

    @property
    def key(self) -> str:
        """The code of its first indicator, which names it in forms."""
        return self.codes[0]

    @property
    def start(self) -> Decimal:
        """Where it stands; nothing reported is counted from 0."""
        return _ZERO if self.now is None else self.now


def quantity_levers(ground: Ground) -> tuple[Lever, ...]:
    """Quantities behind piecewise lines that the county can still move, in table order."""
    found: dict[tuple[object, ...], list[_Part]] = {}
    with exact_arithmetic():
        for indicator in ground.indicators.values():
            part = _part(ground, indicator)
            if part:
                found.setdefault(part.quantity, []).append(part)
    return tuple(_lever(parts) for parts in found.values())


@dataclass(frozen=True, slots=True)
class _Part:
    """One indicator's share in a lever."""

    code: str
    label: str
    unit: str
    now: Decimal | None
    rises: bool
    farthest: Decimal
    is_numerator: bool
    fact: int | None

    @property
    def quantity(self) -> tuple[object, ...]:
        """Equal for parts that are one quantity: the same fact, stated alike."""
        if self.fact is None or self.now is None:
            return (self.code,)
        return self.fact, self.now, self.rises


def _part(ground: Ground, indicator: Indicator) -> _Part | None:
    code, rule, figure = indicator.code, indicator.rule, ground.figures[indicator.code]
    if immovable(indicator, figure) or not isinstance(rule, PiecewiseRule | CompletionRule):
        return None
    words, spec = ground.words[code], ground.specs[code]
    measure, rises = scored_measure(indicator, figure), direction(rule) > 0
    knot = knots(rule, measure)[-1]
    if measure is None:
        return _Part(code, indicator.name, words.unit, None, rises, knot, False, None)  # noqa: FBT003 -- a value, not a numerator
    ratio = _is_ratio(measure)
    return _Part(
        code=code,
        label=words.numerator if ratio else indicator.name,
        unit=words.numerator_unit if ratio else words.unit,
        now=measure.numerator if ratio else measure.value,
        rises=rises,
        farthest=_numerator(measure, knot) if ratio else knot,
        is_numerator=ratio,
        fact=spec.numerator_fact if ratio else spec.fact,
    )


def _lever(parts: Sequence[_Part]) -> Lever:
    first = parts[0]
    pick = max if first.rises else min
    farthest = pick(part.farthest for part in parts)
    step = _step(first.unit, max(abs(farthest), first.now or _ZERO))
    return Lever(
        codes=tuple(part.code for part in parts),
        label=first.label,
        unit=first.unit,
        now=first.now,
        rises=first.rises,
        step=step,
        farthest=_snapped(farthest, step, up=first.rises),
        is_numerator=first.is_numerator,
    )


def _is_ratio(measure: Measure) -> bool:
    return measure.numerator is not None and bool(measure.denominator)


def _numerator(measure: Measure, value: Decimal) -> Decimal:
    return value * (measure.denominator or _ZERO) / measure.factor


def _step(unit: str, size: Decimal) -> Decimal:
    """Whole things where things are counted, else a round step of about a thousandth of the range."""
    if unit in COUNTED:
        return Decimal(1)
    exponent = (size.adjusted() if size else 0) - _STEPS
    return Decimal(1).scaleb(min(_COARSEST, max(_FINEST, exponent)))


def _snapped(number: Decimal, step: Decimal, *, up: bool) -> Decimal:
    return number.quantize(step, ROUND_CEILING if up else ROUND_FLOOR)


def immovable(indicator: Indicator, figure: Figure) -> str:
    """Why a line is left out of what can be computed, in words; blank where it is not."""
    rule = indicator.rule
    if isinstance(rule, PanelRule):
        return f"由专家评分，满分{plain(rule.maximum)}分，不作测算"
    if figure.absence in {Absence.NOT_APPLICABLE, Absence.QUALITATIVE}:
        return f"本项{figure.absence.label}，不作测算"
    if isinstance(rule, ItemisedRule):
        return ""
    measure = scored_measure(indicator, figure)
    if not isinstance(rule, PiecewiseRule | CompletionRule) or not knots(rule, measure):
        return "本项随其他县或按算式计分，不作单项测算，可在设想方案中试算"
    return "本项缺报、越低越好，补报后才能测算" if measure is None and direction(rule) < 0 else ""


def moved_figures(ground: Ground, lever: Lever, target: Decimal) -> dict[str, Figure]:
    """The figures of all lines of a lever once it stands at `target`."""
    return {code: _moved(ground, code, target) for code in lever.codes}


def _moved(ground: Ground, code: str, target: Decimal) -> Figure:
    figure = ground.figures[code]
    measure = scored_measure(ground.indicators[code], figure) or Measure()
    ratio = _is_ratio(measure)
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
    beside = _snapped(lever.start, lever.step, up=not lever.rises)
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
            ends.append(_numerator(measure, knot) if _is_ratio(measure) else knot)
    return _snapped(max(ends), lever.step, up=True)


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
