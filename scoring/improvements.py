"""What would bring points on one indicator, found by scoring changed figures with the engine itself.

Nothing here estimates: each improvement carries the figure it speaks of, and its gain is the difference of two
scores of the run's own scheme. Panels are left out, since nobody but the panel can say what it would give.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from scoring.engine.batch import FigureScorer, figure_scorer
from scoring.engine.numbers import exact_arithmetic, plain
from scoring.engine.numbers import shown as shown_exactly
from scoring.engine.types import (
    Absence,
    AbsenceTreatment,
    Figure,
    Indicator,
    Item,
    ItemisedRule,
    ItemKind,
    Measure,
    PiecewiseRule,
)

# Units counted in whole things: half an enterprise cannot be added.
_COUNTED = frozenset("家件个人项名所")
_DISPLAY = Decimal("0.01")
_ITEMS_AT_MOST = 60


@dataclass(frozen=True, slots=True)
class Words:
    """What an indicator and the two sides of its ratio are called."""

    unit: str
    numerator: str = ""
    numerator_unit: str = ""
    denominator: str = ""
    denominator_unit: str = ""


@dataclass(frozen=True, slots=True)
class Improvement:
    """A changed figure, what changes in words, and the points it adds to the indicator's score."""

    figure: Figure
    text: str
    gain: Decimal

    @property
    def sentence(self) -> str:
        """由3家增至5家，可加0.75分."""
        return f"{self.text}，可加{self.gain:f}分"


def improvements(
    indicator: Indicator, figure: Figure, words: Words, places: int
) -> tuple[Improvement, ...]:
    """From the nearest to the farthest, each adding more points than the one before; none for panels.

    None either where points depend on other counties, on a target or on a formula: there are no knots to name.
    """
    rule = indicator.rule
    if not isinstance(rule, PiecewiseRule | ItemisedRule):
        return ()
    with exact_arithmetic():
        scorer = figure_scorer(indicator, places)
        now = scorer(figure).score
        if isinstance(rule, PiecewiseRule):
            found = _figures(rule, indicator, figure, words)
        else:
            found = _lists(rule, figure, scorer)
        return tuple(_rising(found, scorer, now))


def _rising(
    found: Iterator[tuple[Figure, str]], scorer: FigureScorer, now: Decimal
) -> Iterator[Improvement]:
    best = now
    for changed, text in found:
        score = scorer(changed).score
        if score > best:
            yield Improvement(changed, text, score - now)
            best = score


def _figures(
    rule: PiecewiseRule, indicator: Indicator, figure: Figure, words: Words
) -> Iterator[tuple[Figure, str]]:
    """The knots of the broken line beyond the figure, on the side where the points rise."""
    if figure.absence in {Absence.NOT_APPLICABLE, Absence.QUALITATIVE}:
        return
    scored = _scored(indicator, figure)
    value = None if scored is None else _value(scored)
    is_rising = rule.bands[-1].points_end >= rule.bands[0].points_start
    knots = sorted({band.start for band in rule.bands}, reverse=not is_rising)
    for knot in knots:
        if value is not None and (knot <= value if is_rising else knot >= value):
            continue
        target = _Target(scored or Measure(), knot, is_rising, words)
        source = "沿用的上年数" if figure.absence else ""
        changed = replace(figure, measure=target.measure, absence=None, carried=None)
        yield changed, target.text(value, source)


def _scored(indicator: Indicator, figure: Figure) -> Measure | None:
    """The measure that was scored: the figure's own, or the earlier one that stood in for it."""
    if figure.absence is None:
        return figure.measure
    treatment = indicator.absence.treatment(figure.absence)
    if treatment is AbsenceTreatment.CARRY_FORWARD and figure.carried is not None:
        return figure.carried.measure
    return None


def _value(measure: Measure) -> Decimal | None:
    if measure.numerator is None or measure.denominator is None:
        return measure.value
    return measure.numerator * measure.factor / measure.denominator


@dataclass(frozen=True, slots=True)
class _Target:
    """A knot to reach from a measure; of a ratio its upper side alone is changed."""

    scored: Measure
    knot: Decimal
    is_rising: bool
    words: Words

    @property
    def measure(self) -> Measure:
        """The measure that just reaches the knot, in whole things where things are counted."""
        scored = self.scored
        if scored.numerator is None or scored.denominator is None:
            return Measure(value=self._whole(self.knot, self.words.unit), factor=scored.factor)
        needed = self.knot * scored.denominator / scored.factor
        numerator = self._whole(needed, self.words.numerator_unit)
        return replace(scored, value=None, numerator=numerator)

    def _whole(self, number: Decimal, unit: str) -> Decimal:
        quantum = Decimal(1) if unit in _COUNTED else _DISPLAY
        if unit not in _COUNTED and number == number.quantize(quantum):
            return number
        return number.quantize(quantum, ROUND_CEILING if self.is_rising else ROUND_FLOOR)

    def text(self, value: Decimal | None, source: str) -> str:
        """由3家增至5家, and of a ratio what its upper side would have to be."""
        unit, way, reached = self.words.unit, "增" if self.is_rising else "降", self.measure
        knot = plain(self.knot if reached.value is None else reached.value)
        if value is None:
            return f"补报并达到{knot}{unit}"
        start = plain(value.quantize(_DISPLAY, ROUND_HALF_UP))
        if start == knot:
            start = shown_exactly(value)
        text = f"由{source}{start}{unit}{way}至{knot}{unit}"
        scored, words = self.scored, self.words
        if scored.numerator is None or scored.denominator is None or reached.numerator is None:
            return text
        return (
            f"{text}（{words.denominator}{plain(scored.denominator)}{words.denominator_unit}不变时，"
            f"{words.numerator}由{plain(scored.numerator)}{words.numerator_unit}"
            f"{way}至{plain(reached.numerator)}{words.numerator_unit}）"
        )


def _lists(
    rule: ItemisedRule, figure: Figure, scorer: FigureScorer
) -> Iterator[tuple[Figure, str]]:
    """One named item more at a time, of the kind nearest to what the county has."""
    if figure.absence in {Absence.NOT_APPLICABLE, Absence.QUALITATIVE}:
        return
    listed = figure.measure.items
    added: list[ItemKind] = []
    for _ in range(_ITEMS_AT_MOST):
        kind = _nearest_kind(rule, figure, (*listed, *_items(added)), scorer)
        if kind is None:
            return
        added.append(kind)
        changed = _with_items(figure, (*listed, *_items(added)))
        yield changed, _added_text(rule, listed, added)


def _items(kinds: Sequence[ItemKind]) -> tuple[Item, ...]:
    return tuple(Item(kind.code, f"新增{place}") for place, kind in enumerate(kinds, 1))


def _with_items(figure: Figure, items: tuple[Item, ...]) -> Figure:
    return replace(figure, measure=replace(figure.measure, items=items), absence=None, carried=None)


def _nearest_kind(
    rule: ItemisedRule, figure: Figure, items: tuple[Item, ...], scorer: FigureScorer
) -> ItemKind | None:
    """The kind whose next item adds points: one the county has most of, else the one of fewest points."""
    now = scorer(_with_items(figure, items)).score
    counts = Counter(item.kind for item in items)
    useful = [
        kind
        for kind in rule.kinds
        if kind.points is not None
        and scorer(_with_items(figure, (*items, Item(kind.code, "再增")))).score > now
    ]
    return min(
        useful,
        key=lambda kind: (-counts[kind.code], kind.points or Decimal(0)),
        default=None,
    )


def _added_text(rule: ItemisedRule, listed: Sequence[Item], added: Sequence[ItemKind]) -> str:
    names = {kind.code: kind for kind in rule.kinds}
    present = [item.kind for item in listed]
    parts = []
    for code, count in Counter(kind.code for kind in added).items():
        rival = _counting_rival(rule, names, present, code)
        name = names[code].name
        parts.append(f"由“{rival}”变为“{name}”" if rival else f"增加{count}项“{name}”")
    return "，".join(parts)


def _counting_rival(
    rule: ItemisedRule, names: dict[str, ItemKind], present: Sequence[str], code: str
) -> str:
    """The kind that counts now of the rivals of `code`, whose place it would take."""
    for group in rule.exclusive:
        if code in group:
            rivals = [names[each] for each in group if each in present]
            best = max(rivals, key=lambda kind: kind.points or Decimal(0), default=None)
            return best.name if best else ""
    return ""
