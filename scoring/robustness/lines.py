"""Frozen figures as arrays: one `Line` per indicator, and what may move its points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from scoring.engine.types import (
    BatchResult,
    Figure,
    GradingInputs,
    Indicator,
    ItemisedRule,
    Measure,
    PanelMethod,
    PanelRule,
    RoundingMode,
    Scheme,
)
from scoring.robustness.curves import Around, Curve, Floats, Sides, curve_of

Ints = NDArray[np.int64]
# What is left of exactness in a double of at most a few hundred points, in units of the last place kept.
_NUDGE = 1e-7
_HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Counted:
    """Which numbers of an indicator are counts of whole things, and so exactly what they say."""

    value: bool = False
    numerator: bool = False
    denominator: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """A warning that passed with a reason; `reference` is the figure it was compared with, if any."""

    county: str
    indicator: str
    sentence: str
    reference: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """Measured figures of one indicator, and how far each side may be off.

    A county without a ratio has a lower side of 1 and no slack on it. `slack` is half a unit of the last
    place written on either side, the factor in the upper one.
    """

    curve: Curve
    counties: Ints
    sides: Sides  # one row
    slack: Sides  # one row
    around: Around
    doubted: Ints  # positions in `counties`
    doubt_at: Floats  # what the doubted figure is drawn towards
    doubt_both: NDArray[np.bool_]  # towards nothing in particular: as far to either side


@dataclass(frozen=True, slots=True)
class Panels:
    """Panels of one size: scores by county and expert; `trim` are dropped at either end."""

    counties: Ints
    scores: Floats
    trim: int

    def means(self, scores: Floats) -> Floats:
        """The mean of the last axis without the extremes the scheme drops."""
        if self.trim and scores.shape[-1] >= 2 * self.trim + 2:
            scores = np.sort(scores, axis=-1)[..., self.trim : -self.trim]
        means: Floats = scores.mean(axis=-1)
        return means


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator: exact unrounded points of every county as doubles, and what may move them.

    `correction` is what the stored score differs by from the rounded double, in units of the last place:
    nothing but where a double falls on the other side of a half. It keeps the undisturbed draw exact.
    """

    weight: float
    points: Floats
    correction: Ints
    figures: Figures | None = None
    panels: Sequence[Panels] = field(default=())
    # Counties whose named items passed with a reason: the points themselves may be off.
    doubted_items: Sequence[int] = ()


def prepare(
    inputs: GradingInputs,
    scheme: Scheme,
    batch: BatchResult,
    counted: Mapping[str, Counted],
    doubts: Sequence[Doubt],
) -> list[Line]:
    """Lines in the scheme's order, counties by code; points are those of `batch`."""
    rows = sorted(inputs.counties, key=lambda county: county.code)
    codes = [row.code for row in rows]
    scored = [{line.indicator: line for line in batch.by_code[code].lines} for code in codes]
    answered = [{figure.indicator: figure for figure in row.figures} for row in rows]
    lines = []
    for indicator in scheme.indicators:
        code = indicator.code
        own = [each[code] for each in scored]
        points = np.array([float(line.derivation.exact) for line in own])
        exact = units([line.score for line in own], scheme.places)
        column = _Column(
            indicator,
            codes,
            [each[code] for each in answered],
            counted.get(code, Counted()),
            {doubt.county: doubt for doubt in doubts if doubt.indicator == code},
        )
        lines.append(
            Line(
                float(indicator.weight),
                points,
                exact - rounded(points, scheme.places, scheme.mode),
                _figures(column),
                _panels(column),
                _doubted_items(column),
            )
        )
    return lines


def units(scores: Sequence[Decimal], places: int) -> Ints:
    """Rounded scores in whole units of the last place."""
    return np.array([int(score.scaleb(places)) for score in scores], dtype=np.int64)


def rounded(points: Floats, places: int, mode: RoundingMode) -> Ints:
    """Points in whole units of the last place, by the scheme's rounding."""
    scaled = points * 10**places
    if mode is RoundingMode.HALF_UP:
        whole = np.floor(scaled + (0.5 + _NUDGE))
    elif mode is RoundingMode.DOWN:
        whole = np.trunc(scaled + _NUDGE)
    else:
        halves = np.rint(scaled * 2)
        whole = np.rint(np.where(np.abs(scaled * 2 - halves) < _NUDGE, halves / 2, scaled))
    made: Ints = whole.astype(np.int64)
    return made


@dataclass(frozen=True, slots=True)
class _Column:
    """One indicator's figures county by county, with what is known of them."""

    indicator: Indicator
    codes: Sequence[str]
    figures: Sequence[Figure]
    counted: Counted
    doubts: Mapping[str, Doubt]


def _figures(column: _Column) -> Figures | None:
    """Figures that are there; an absent or carried one is not this year's and is left alone."""
    rule = column.indicator.rule
    there = [
        (place, figure.measure)
        for place, figure in enumerate(column.figures)
        if figure.absence is None
    ]
    if isinstance(rule, ItemisedRule | PanelRule) or not there:
        return None
    measures = [measure for _, measure in there]
    usual = _usual_places(measures)
    sides = np.array([_sides(measure) for measure in measures])
    slack = np.array([_slacks(measure, column.counted, usual) for measure in measures])
    codes = [column.codes[place] for place, _ in there]
    doubts = [(at, column.doubts[code]) for at, code in enumerate(codes) if code in column.doubts]
    at = np.array([place for place, _ in doubts], dtype=np.int64)
    compared = np.array(
        [np.nan if doubt.reference is None else float(doubt.reference) for _, doubt in doubts]
    )
    both = np.isnan(compared)
    upper, lower = sides[:, 0], sides[:, 1]
    return Figures(
        curve_of(rule),
        np.array([place for place, _ in there], dtype=np.int64),
        Sides(upper[None, :], lower[None, :]),
        Sides(slack[:, 0][None, :], slack[:, 1][None, :]),
        Around(
            codes,
            np.array([float(measure.target or 1) for measure in measures]),
            np.array([float(measure.factor) for measure in measures]),
        ),
        at,
        np.where(both, (upper / lower)[at], compared),
        both,
    )


def _sides(measure: Measure) -> tuple[float, float]:
    if measure.numerator is None or measure.denominator is None:
        return float(measure.value or 0), 1.0
    return float(measure.numerator * measure.factor), float(measure.denominator)


def _slacks(measure: Measure, counted: Counted, usual: Sequence[int]) -> tuple[float, float]:
    if measure.numerator is None or measure.denominator is None:
        return _slack(measure.value or Decimal(0), usual[0], is_count=counted.value), 0.0
    upper = _slack(measure.numerator, usual[1], is_count=counted.numerator)
    lower = _slack(measure.denominator, usual[2], is_count=counted.denominator)
    return upper * float(measure.factor), lower


def _slack(number: Decimal, usual: int, *, is_count: bool) -> float:
    """Half a unit of the last place written. A count is what it says, and so is a nought."""
    if number == 0 or (is_count and number == number.to_integral_value()):
        return 0.0
    return float(_HALF.scaleb(-max(_written(number), usual)))


def _written(number: Decimal) -> int:
    """Decimals, trailing noughts apart."""
    exponent = number.normalize().as_tuple().exponent
    return max(0, -int(exponent))


def _usual_places(measures: Sequence[Measure]) -> list[int]:
    """Decimals most counties write of value, numerator, denominator.

    Frozen figures keep no trailing noughts: 0.5 among figures of two decimals was written 0.50.
    """
    sides = (
        [m.value for m in measures if m.value is not None],
        [m.numerator for m in measures if m.numerator is not None],
        [m.denominator for m in measures if m.denominator is not None],
    )
    return [
        sorted(map(_written, numbers))[len(numbers) // 2] if numbers else 0 for numbers in sides
    ]


def _doubted_items(column: _Column) -> list[int]:
    if not isinstance(column.indicator.rule, ItemisedRule):
        return []
    return [place for place, code in enumerate(column.codes) if code in column.doubts]


def _panels(column: _Column) -> list[Panels]:
    """By number of experts; one score alone has no spread, nor has an agreed one."""
    rule = column.indicator.rule
    if not isinstance(rule, PanelRule) or rule.method is PanelMethod.AGREED:
        return []
    by_size: dict[int, list[tuple[int, list[float]]]] = {}
    for place, figure in enumerate(column.figures):
        scores = [float(score) for score in figure.measure.panel]
        if len(scores) > 1:
            by_size.setdefault(len(scores), []).append((place, scores))
    return [
        Panels(
            np.array([place for place, _ in rows], dtype=np.int64),
            np.array([scores for _, scores in rows]),
            rule.trim,
        )
        for _, rows in sorted(by_size.items())
    ]
