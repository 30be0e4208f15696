"""Frozen figures as arrays: one `Line` per indicator, its points recomputed from disturbed figures."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

import numpy as np
from numpy.typing import NDArray

from scoring.engine.types import (
    BatchResult,
    Figure,
    GradingInputs,
    Indicator,
    Measure,
    PanelMethod,
    PanelRule,
    PiecewiseRule,
    Scheme,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# What is left of exactness in a double of at most a few hundred points, in units of the last place kept.
NUDGE = 1e-7
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
    """Measured figures of one indicator; a county without a ratio has denominator 1 and no slack on it.

    `upper` already holds the factor of the ratio. `slack_*` is half a unit of the last place written.
    """

    curve: Callable[[Floats], Floats]
    counties: Ints
    upper: Floats
    lower: Floats
    slack_upper: Floats
    slack_lower: Floats
    doubted: Ints  # positions in `counties`
    doubt_at: Floats  # what the doubted figure is drawn towards
    doubt_both: NDArray[np.bool_]  # towards it alone, or as far to the other side too

    @property
    def values(self) -> Floats:
        return self.upper / self.lower


@dataclass(frozen=True, slots=True)
class Panels:
    """Panels of one size: scores by county and expert."""

    counties: Ints
    scores: Floats


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator: unrounded points of every county, and what may move them.

    `correction` is what the stored score differs by from the rounded double, in units of the last place:
    nothing but where a double falls on the other side of a half. It keeps the undisturbed draw exact.
    """

    weight: float
    points: Floats
    correction: Ints
    figures: Figures | None = None
    panels: Sequence[Panels] = field(default=())


def prepare(
    inputs: GradingInputs,
    scheme: Scheme,
    batch: BatchResult,
    counted: Mapping[str, Counted],
    doubts: Sequence[Doubt],
) -> list[Line]:
    """Lines in the scheme's order, counties by code; points are those of `batch`."""
    unit = Decimal(10) ** scheme.places
    rows = sorted(inputs.counties, key=lambda county: county.code)
    scored = [
        {line.indicator: line.score for line in batch.by_code[row.code].lines} for row in rows
    ]
    answered = [{figure.indicator: figure for figure in row.figures} for row in rows]
    places = {row.code: place for place, row in enumerate(rows)}
    lines = []
    for indicator in scheme.indicators:
        exact = np.array([int(each[indicator.code] * unit) for each in scored], dtype=np.int64)
        figures = [each[indicator.code] for each in answered]
        own = {
            places[doubt.county]: doubt
            for doubt in doubts
            if doubt.indicator == indicator.code and doubt.county in places
        }
        lines.append(
            _line(
                indicator,
                figures,
                exact,
                counted.get(indicator.code, Counted()),
                own,
                scheme.places,
            )
        )
    return lines


def rounded(points: Floats, places: int) -> Ints:
    """Points in whole units of the last place, halves up."""
    whole: Ints = np.floor(points * 10**places + (0.5 + NUDGE)).astype(np.int64)
    return whole


def _line(
    indicator: Indicator,
    figures: Sequence[Figure],
    exact: Ints,
    counted: Counted,
    doubts: Mapping[int, Doubt],
    places: int,
) -> Line:
    points = exact / 10**places
    measured, panels = None, []
    match indicator.rule:
        case PiecewiseRule():
            curve = partial(read_off, *_bands(indicator.rule))
            measured = _figures(curve, figures, counted, doubts)
            points[measured.counties] = curve(measured.values)
        case PanelRule(method=PanelMethod.MEAN):
            panels = _panels(figures)
            for each in panels:
                points[each.counties] = each.scores.mean(axis=1)
        case _:
            pass
    correction = exact - rounded(points, places)
    return Line(float(indicator.weight), points, correction, measured, panels)


def _bands(rule: PiecewiseRule) -> tuple[Floats, Floats, Floats, Floats]:
    """Start, end, points at the start and slope of each band."""
    rows = []
    for band in rule.bands:
        end = band.end
        slope = 0 if end is None else (band.points_end - band.points_start) / (end - band.start)
        rows.append(
            (
                float(band.start),
                np.inf if end is None else float(end),
                float(band.points_start),
                float(slope),
            )
        )
    starts, ends, base, slopes = (np.array(column) for column in zip(*rows, strict=True))
    return starts, ends, base, slopes


def read_off(starts: Floats, ends: Floats, base: Floats, slopes: Floats, values: Floats) -> Floats:
    """Points of values on a broken line; in a gap the lower band's last points hold."""
    band = np.searchsorted(starts[1:], values, side="right")
    within = np.clip(values, starts[band], ends[band]) - starts[band]
    points: Floats = base[band] + slopes[band] * within
    return points


def _figures(
    curve: Callable[[Floats], Floats],
    figures: Sequence[Figure],
    counted: Counted,
    doubts: Mapping[int, Doubt],
) -> Figures:
    """Figures that are there; an absent or carried one is not this year's and is left alone."""
    there = [
        (place, figure.measure) for place, figure in enumerate(figures) if figure.absence is None
    ]
    usual = _usual_places([measure for _, measure in there])
    rows = [(place, *_sides(measure, counted, usual)) for place, measure in there]
    columns = list(zip(*rows, strict=True)) or [()] * 5
    upper, lower = np.array(columns[1], dtype=float), np.array(columns[2], dtype=float)
    own = [(row, doubts[place]) for row, (place, _) in enumerate(there) if place in doubts]
    doubted = np.array([row for row, _ in own], dtype=np.int64)
    values = (upper / lower)[doubted]
    compared = np.array(
        [np.nan if doubt.reference is None else float(doubt.reference) for _, doubt in own]
    )
    both = np.isnan(compared)
    return Figures(
        curve,
        np.array(columns[0], dtype=np.int64),
        upper,
        lower,
        np.array(columns[3], dtype=float),
        np.array(columns[4], dtype=float),
        doubted,
        np.where(both, values, compared),
        both,
    )


def _sides(
    measure: Measure, counted: Counted, usual: Sequence[int]
) -> tuple[float, float, float, float]:
    """Upper side with its factor, lower side, and the slack of each."""
    if measure.numerator is None or measure.denominator is None:
        value = measure.value or Decimal(0)
        return float(value), 1.0, _slack(value, usual[0], is_count=counted.value), 0.0
    upper = measure.numerator * measure.factor
    slack = _slack(measure.numerator, usual[1], is_count=counted.numerator) * float(measure.factor)
    lower = _slack(measure.denominator, usual[2], is_count=counted.denominator)
    return float(upper), float(measure.denominator), slack, lower


def _slack(number: Decimal, usual: int, *, is_count: bool) -> float:
    """Half a unit of the last place written. A count is what it says, and so is a nought."""
    if number == 0 or (is_count and number == number.to_integral_value()):
        return 0.0
    return float(_HALF.scaleb(-max(_written(number), usual)))


def _written(number: Decimal) -> int:
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


def _panels(figures: Sequence[Figure]) -> list[Panels]:
    """By number of experts; one score alone has no spread."""
    by_size: dict[int, list[tuple[int, list[float]]]] = {}
    for place, figure in enumerate(figures):
        scores = [float(score) for score in figure.measure.panel]
        if len(scores) > 1:
            by_size.setdefault(len(scores), []).append((place, scores))
    return [
        Panels(
            np.array([place for place, _ in rows], dtype=np.int64),
            np.array([scores for _, scores in rows]),
        )
        for _, rows in sorted(by_size.items())
    ]
