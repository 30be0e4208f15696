"""Score and class at the year's end: projected values put into the engine, jointly drawn. Pure.

A study, never a stored score: each indicator's end is drawn from the nine equally likely ones that past errors
give, indicators apart from each other, and every value is scored by the engine itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from indicators.rules.projection import Learned, spread_of
from scoring.engine.numbers import exact_arithmetic
from scoring.engine.types import Figure, ItemisedRule, Measure, PanelRule
from scoring.ground import Ground
from scoring.levers import is_ratio, numerator_for

DRAWS = 2000
# Points are drawn in ten-thousandths, so that sums are exact.
_FINE = 10_000
_PERCENT = Decimal("0.1")
_LOW, _HIGH = 10, 90


@dataclass(frozen=True, slots=True)
class Ending:
    """Where an indicator may end: low, middle, high, and all equally likely values."""

    code: str
    low: Decimal
    mid: Decimal
    high: Decimal
    values: tuple[Decimal, ...]


def ending_of(code: str, mid: Decimal, month: int, learned: Learned) -> Ending:
    """From a projection and past errors; a single value where too little is known."""
    values = spread_of(mid, month, learned)
    return Ending(code, min(values), mid, max(values), values)


@dataclass(frozen=True, slots=True)
class Outlook:
    """A county's total and class now and at the year's end; chances in per cent, best class first.

    `low` and `high` hold four of five draws. `skipped` are monthly indicators whose line does not follow the number.
    """

    basis: str
    now: Decimal
    class_now: str
    mid: Decimal
    class_mid: str
    low: Decimal
    high: Decimal
    chances: tuple[tuple[str, Decimal], ...]
    used: tuple[str, ...]
    skipped: tuple[str, ...]


def study(ground: Ground, endings: Sequence[Ending], seed: int, basis: str) -> Outlook | None:
    """The study; None where no projected indicator is scored by its number."""
    used = [each for each in endings if _is_scored(ground, each.code)]
    if not used:
        return None
    now = ground.total({})
    middle: dict[str, Figure] = {}
    for each in used:
        middle |= changed_figures(ground, each.code, each.mid)
    mid = ground.total(middle)
    totals = _draw(ground, used, now, seed)
    low, high = np.percentile(totals, [_LOW, _HIGH])
    return Outlook(
        basis=basis,
        now=now,
        class_now=ground.class_of(now),
        mid=mid,
        class_mid=ground.class_of(mid),
        low=_points(low),
        high=_points(high),
        chances=_chances(ground, totals),
        used=tuple(each.code for each in used),
        skipped=tuple(each.code for each in endings if each not in used),
    )


def _is_scored(ground: Ground, code: str) -> bool:
    indicator = ground.indicators.get(code)
    return indicator is not None and not isinstance(indicator.rule, ItemisedRule | PanelRule)


def changed_figures(ground: Ground, code: str, value: Decimal) -> dict[str, Figure]:
    """The line with this value, and the rates above whose line the same quantity stands."""
    changed = {code: _with_value(ground.figures[code], value)}
    fact = ground.specs[code].fact
    for other, figure in ground.figures.items():
        if fact is not None and ground.specs[other].numerator_fact == fact:
            measure = replace(figure.measure, numerator=value, value=None)
            if measure.denominator and figure.absence is None:
                changed[other] = replace(figure, measure=measure)
    return changed


def _with_value(figure: Figure, value: Decimal) -> Figure:
    """A rate keeps its denominator, and its numerator follows; what was lacking is there now."""
    measure = figure.measure
    if is_ratio(measure):
        with exact_arithmetic():
            numerator = numerator_for(measure, value)
        return replace(figure, measure=replace(measure, numerator=numerator, value=None))
    stated = Measure(value=value, factor=measure.factor, target=measure.target)
    return Figure(figure.indicator, stated, status=figure.status)


def _draw(
    ground: Ground, used: Sequence[Ending], now: Decimal, seed: int
) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Totals of all draws in ten-thousandths of a point."""
    chance = np.random.default_rng(seed)
    totals = np.full(DRAWS, _whole(now), dtype=np.int64)
    for each in used:
        gains = np.array([_gain(ground, each.code, value) for value in each.values])
        totals += gains[chance.integers(0, len(gains), DRAWS)]
    return totals


def _gain(ground: Ground, code: str, value: Decimal) -> int:
    lines = ground.lines
    changed = changed_figures(ground, code, value)
    return sum(_whole(ground.score(new).score - lines[at].score) for at, new in changed.items())


def _whole(points: Decimal) -> int:
    return int((points * _FINE).to_integral_value(ROUND_HALF_UP))


def _points(fine: "np.float64") -> Decimal:
    return (Decimal(round(fine)) / _FINE).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _chances(
    ground: Ground, totals: "np.ndarray[tuple[int], np.dtype[np.int64]]"
) -> tuple[tuple[str, Decimal], ...]:
    """Share of draws in each class; classes stand best first."""
    shares: Mapping[str, int] = {}
    left = np.ones(len(totals), dtype=bool)
    for grade in ground.scheme.classes:
        inside = left & (totals >= _whole(grade.at_least))
        shares = {**shares, grade.name: int(inside.sum())}
        left &= ~inside
    return tuple(
        (name, (Decimal(count) * 100 / len(totals)).quantize(_PERCENT, ROUND_HALF_UP))
        for name, count in shares.items()
    )
