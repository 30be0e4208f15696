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
    CompletionRule,
    Figure,
    Indicator,
    Item,
    ItemisedRule,
    ItemKind,
    Measure,
    PiecewiseRule,
    RoundingMode,
)

# Units counted in whole things: half an enterprise cannot be added.
COUNTED = frozenset("家件个人项名所")
_DISPLAY = Decimal("0.01")
_HUNDRED = Decimal(100)
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
    indicator: Indicator,
    figure: Figure,
    words: Words,
    places: int,
    mode: RoundingMode = RoundingMode.HALF_UP,
) -> tuple[Improvement, ...]:
    """From the nearest to the farthest, each adding more points than the one before.

    None for panels, for rules that compare counties, and for formulas, whose knots nobody can name.
    """
    with exact_arithmetic():
        scorer = figure_scorer(indicator, places, mode)
        match indicator.rule:
            case PiecewiseRule() | CompletionRule():
                found = _figures(indicator.rule, indicator, figure, words)
            case ItemisedRule():
                found = _lists(indicator.rule, figure, scorer)
            case _:
                return ()
        return tuple(_rising(found, scorer, scorer(figure).score))


def direction(rule: PiecewiseRule | CompletionRule) -> int:
    """1 where more brings points, -1 where less does, 0 where it is neither throughout."""
    if isinstance(rule, CompletionRule):
        return -1 if rule.lower_is_better else 1
    points = [each for band in rule.bands for each in (band.points_start, band.points_end)]
    if points == sorted(points):
        return 1 if points[0] < points[-1] else 0
    return -1 if points == sorted(points, reverse=True) else 0


def knots(rule: PiecewiseRule | CompletionRule, measure: Measure | None) -> list[Decimal]:
    """Values at which the slope changes, from the worst to that beyond which no more points are to be had.

    Empty where more is now better and now worse, and of a target that was never set.
    """
    way = direction(rule)
    if isinstance(rule, CompletionRule):
        target = measure.target if measure else None
        if not target or not rule.full_at:
            return []
        share = rule.full_at / _HUNDRED
        return [target * share if way > 0 else target / share]
    if way == 0:
        return []
    best = max(max(band.points_start, band.points_end) for band in rule.bands)
    ends = [(band.start, band.points_start) for band in rule.bands]
    ends += [(band.end, band.points_end) for band in rule.bands if band.end is not None]
    last = [knot for knot, points in ends if points == best]
    end = min(last) if way > 0 else max(last)
    found = {knot for knot, _ in ends if (knot <= end if way > 0 else knot >= end)}
    return sorted(found, reverse=way < 0)


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
    rule: PiecewiseRule | CompletionRule, indicator: Indicator, figure: Figure, words: Words
) -> Iterator[tuple[Figure, str]]:
    """The knots of the broken line beyond the figure, on the side where the points rise."""
    if figure.absence in {Absence.NOT_APPLICABLE, Absence.QUALITATIVE}:
        return
    scored = scored_measure(indicator, figure)
    value = None if scored is None else measured_value(scored)
    is_rising = direction(rule) > 0
    for knot in knots(rule, scored):
        if value is not None and (knot <= value if is_rising else knot >= value):
            continue
        target = _Target(scored or Measure(), knot, is_rising, words)
        source = "沿用的上年数" if figure.absence else ""
        changed = replace(figure, measure=target.measure, absence=None, carried=None)
        yield changed, target.text(value, source)


def scored_measure(indicator: Indicator, figure: Figure) -> Measure | None:
    """The measure that was scored: the figure's own, or the earlier one that stood in for it."""
    if figure.absence is None:
        return figure.measure
    treatment = indicator.absence.treatment(figure.absence)
    if treatment is AbsenceTreatment.CARRY_FORWARD and figure.carried is not None:
        return figure.carried.measure
    return None


def measured_value(measure: Measure) -> Decimal | None:
    """The unrounded value: the ratio where both sides are known. Call inside `exact_arithmetic`."""
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
        quantum = Decimal(1) if unit in COUNTED else _DISPLAY
        if unit not in COUNTED and number == number.quantize(quantum):
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
        changed = with_items(figure, (*listed, *_items(added)))
        yield changed, _added_text(rule, listed, added)


def _items(kinds: Sequence[ItemKind]) -> tuple[Item, ...]:
    return tuple(Item(kind.code, f"新增{place}") for place, kind in enumerate(kinds, 1))


def with_items(figure: Figure, items: tuple[Item, ...]) -> Figure:
    """The same line with other items listed, as if it had been filled in."""
    return replace(figure, measure=replace(figure.measure, items=items), absence=None, carried=None)


def _nearest_kind(
    rule: ItemisedRule, figure: Figure, items: tuple[Item, ...], scorer: FigureScorer
) -> ItemKind | None:
    """The kind whose next item adds points: one the county has most of, else the one of fewest points."""
    now = scorer(with_items(figure, items)).score
    counts = Counter(item.kind for item in items)
    useful = [
        kind
        for kind in rule.kinds
        if kind.points is not None
        and scorer(with_items(figure, (*items, Item(kind.code, "再增")))).score > now
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
