"""Rules on whole arrays of figures: points by draw and county, unrounded. The engine alone scores; this follows it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from scoring.engine.types import (
    ByPeerRule,
    CompletionRule,
    DeviationRule,
    Expression,
    ExpressionRule,
    FigureRule,
    Op,
    PercentileRule,
    PiecewiseRule,
)

Floats = NDArray[np.float64]
# So near to a whole step counts as having reached it.
_NUDGE = 1e-9


@dataclass(frozen=True, slots=True)
class Sides:
    """Figures by draw (rows) and county (columns): value = upper ÷ lower, the factor in `upper`."""

    upper: Floats
    lower: Floats

    @property
    def values(self) -> Floats:
        return self.upper / self.lower

    def of(self, columns: Sequence[int]) -> "Sides":
        """The same of some counties alone."""
        return Sides(self.upper[:, columns], self.lower[:, columns])


@dataclass(frozen=True, slots=True)
class Around:
    """What rules ask for beside the figures, by county: its code, its target, the factor of its ratio."""

    codes: Sequence[str]
    targets: Floats
    factors: Floats

    def of(self, columns: Sequence[int]) -> "Around":
        """The same of some counties alone."""
        codes = [self.codes[column] for column in columns]
        return Around(codes, self.targets[columns], self.factors[columns])


Curve = Callable[[Sides, Around], Floats]


def curve_of(rule: FigureRule | ByPeerRule) -> Curve:
    """The rule as a function of arrays."""
    match rule:
        case PiecewiseRule():
            return _piecewise(rule)
        case CompletionRule():
            return lambda sides, around: _completion(rule, sides.values, around.targets)
        case DeviationRule():
            return lambda sides, _around: _deviation(rule, sides.values)
        case PercentileRule():
            return lambda sides, _around: _percentile(rule, sides.values)
        case ExpressionRule():
            return lambda sides, around: _expression(rule, sides, around)
        case ByPeerRule():
            return _by_peer(rule)
        case _:  # pragma: no cover -- the type checker proves that no rule is left
            assert_never(rule)


def _piecewise(rule: PiecewiseRule) -> Curve:
    """In a gap the lower band's last points hold."""
    starts = np.array([float(band.start) for band in rule.bands])
    ends = np.array([np.inf if band.end is None else float(band.end) for band in rule.bands])
    base = np.array([float(band.points_start) for band in rule.bands])
    slopes = np.array(
        [
            0.0
            if band.end is None
            else float((band.points_end - band.points_start) / (band.end - band.start))
            for band in rule.bands
        ]
    )

    def curve(sides: Sides, around: Around) -> Floats:
        values = sides.values
        band = np.searchsorted(starts[1:], values, side="right")
        within = np.clip(values, starts[band], ends[band]) - starts[band]
        points: Floats = base[band] + slopes[band] * within
        return points

    return curve


def _completion(rule: CompletionRule, values: Floats, targets: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        share = targets / values if rule.lower_is_better else values / targets
    points: Floats = np.minimum(share * 100 / float(rule.full_at), 1) * float(rule.maximum)
    return points


def _deviation(rule: DeviationRule, values: Floats) -> Floats:
    mean = values.mean(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = (values / mean - 1) * 100 / float(rule.step_percent)
    if rule.whole_steps:
        steps = np.trunc(steps + np.copysign(_NUDGE, steps))
    steps = np.where(mean == 0, 0, steps)
    points: Floats = float(rule.base) + steps * float(rule.step_points)
    return np.clip(points, float(rule.minimum), float(rule.maximum))


def _percentile(rule: PercentileRule, values: Floats) -> Floats:
    others = values.shape[1] - 1
    if others < 1:
        return np.full(values.shape, float(rule.maximum))
    better = np.empty(values.shape)
    for draw, row in enumerate(values):
        ordered = np.sort(row)
        if rule.lower_is_better:
            better[draw] = np.searchsorted(ordered, row, side="left")
        else:
            better[draw] = len(row) - np.searchsorted(ordered, row, side="right")
    points: Floats = (others - better) / others * float(rule.maximum)
    return points


def _expression(rule: ExpressionRule, sides: Sides, around: Around) -> Floats:
    """A division by nothing, possible only where a figure was disturbed into it, brings the least."""
    with np.errstate(divide="ignore", invalid="ignore"):
        result = np.nan_to_num(_worked_out(rule.tree, sides, around), nan=-np.inf)
    return np.clip(result, float(rule.minimum), float(rule.maximum))


def _worked_out(tree: Expression, sides: Sides, around: Around) -> Floats:
    if tree.number is not None:
        return np.full(sides.upper.shape, float(tree.number))
    parts = [_worked_out(each, sides, around) for each in tree.operands]
    match tree.op:
        case Op.VALUE:
            return sides.values
        case Op.NUMERATOR:
            return sides.upper / around.factors
        case Op.DENOMINATOR:
            return sides.lower
        case Op.IF_AT_LEAST:
            value, limit, then, otherwise = parts
            return np.where(value >= limit, then, otherwise)
        case _:
            return _REDUCED[tree.op](parts)


def _first_two(operation: Callable[[Floats, Floats], Floats]) -> Callable[[list[Floats]], Floats]:
    return lambda parts: operation(parts[0], parts[1])


_REDUCED: dict[Op, Callable[[list[Floats]], Floats]] = {
    Op.ADD: lambda parts: np.sum(parts, axis=0),
    Op.MULTIPLY: lambda parts: np.prod(parts, axis=0),
    Op.MIN: lambda parts: np.min(parts, axis=0),
    Op.MAX: lambda parts: np.max(parts, axis=0),
    Op.SUBTRACT: _first_two(np.subtract),
    Op.DIVIDE: _first_two(np.divide),
}


def _by_peer(rule: ByPeerRule) -> Curve:
    """Each class of counties by its own rule, compared within the class."""
    named = [(set(group.codes), curve_of(group.rule)) for group in rule.groups]
    listed = set().union(*(codes for codes, _ in named))
    rest = curve_of(rule.otherwise)

    def curve(sides: Sides, around: Around) -> Floats:
        points = np.empty(sides.upper.shape)
        unlisted = set(around.codes) - listed
        for codes, inner in [*named, (unlisted, rest)]:
            columns = [at for at, code in enumerate(around.codes) if code in codes]
            if columns:
                points[:, columns] = inner(sides.of(columns), around.of(columns))
        return points

    return curve
