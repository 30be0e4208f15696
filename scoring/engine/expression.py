"""Formula rules: a closed tree of operations, worked out exactly and written as people write it."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from operator import mul
from typing import Final

from scoring.engine.errors import ScoringError
from scoring.engine.measures import exact_value, figure_steps, is_ratio, ratio_text, sound_ratio
from scoring.engine.numbers import equals_or_about, fixed, plain, rounded, shown_exact
from scoring.engine.types import (
    Expression,
    ExpressionRule,
    Flag,
    Indicator,
    Measure,
    Op,
    RoundingMode,
    Step,
)

_NO_FLAGS: tuple[Flag, ...] = ()
_SIGNS: Final = {Op.ADD: " + ", Op.SUBTRACT: " − ", Op.MULTIPLY: " × ", Op.DIVIDE: " ÷ "}
_NAMES: Final = {Op.VALUE: "数值", Op.NUMERATOR: "分子", Op.DENOMINATOR: "分母"}


def worked_out(tree: Expression, measure: Measure) -> Fraction:
    """The formula's exact result; of a condition only the branch that holds is worked out.

    Raises ScoringError for a figure that cannot be scored and for a division by zero.
    """
    if tree.number is not None:
        return Fraction(tree.number)
    if tree.op in _NAMES:
        return _operand(tree.op, measure)
    if tree.op is Op.IF_AT_LEAST:
        value, limit, then, otherwise = tree.operands
        holds = worked_out(value, measure) >= worked_out(limit, measure)
        return worked_out(then if holds else otherwise, measure)
    return _reckoned(tree.op, [worked_out(each, measure) for each in tree.operands])


def _reckoned(op: Op, parts: list[Fraction]) -> Fraction:
    if op is Op.ADD:
        return sum(parts, Fraction(0))
    if op is Op.MULTIPLY:
        return reduce(mul, parts)
    if op is Op.MIN:
        return min(parts)
    if op is Op.MAX:
        return max(parts)
    first, second = parts
    if op is Op.SUBTRACT:
        return first - second
    if not second:
        raise ScoringError("formula-divides-by-zero", "算式中除数为0，无法计分")
    return first / second


def _operand(op: Op, measure: Measure) -> Fraction:
    """One side of the ratio as the county stated it, or the figure the ratio gives."""
    if op is Op.VALUE:
        return exact_value(measure)
    sound_ratio(measure)
    side = measure.numerator if op is Op.NUMERATOR else measure.denominator
    return Fraction(side or 0)


def in_words(tree: Expression, measure: Measure | None = None) -> str:
    """The formula as people write it, with 数值, 分子 and 分母 by name or as the measure has them."""
    if tree.number is not None:
        return plain(tree.number)
    if tree.op in _NAMES:
        return _NAMES[tree.op] if measure is None else shown_exact(_operand(tree.op, measure))
    parts = [in_words(each, measure) for each in tree.operands]
    if tree.op in _SIGNS:
        inner = [
            f"({part})" if each.op in _SIGNS else _bracketed(part)
            for part, each in zip(parts, tree.operands, strict=True)
        ]
        return _SIGNS[tree.op].join(inner)
    if tree.op is Op.IF_AT_LEAST:
        value, limit, then, otherwise = parts
        return f"【若 {value} ≥ {limit}，取 {then}；否则取 {otherwise}】"
    name = "取小" if tree.op is Op.MIN else "取大"
    return f"{name}({'，'.join(parts)})"


def _bracketed(number: str) -> str:
    return f"({number})" if number.startswith("-") else number


@dataclass(frozen=True, slots=True)
class ExpressionDerivation:
    """The formula with the figure put in; `result` is what it gives before the bounds."""

    indicator: Indicator
    measure: Measure
    rule: ExpressionRule
    result: Fraction
    points: Fraction
    score: Decimal

    @property
    def exact(self) -> Fraction:
        return self.points

    @property
    def _figures(self) -> tuple[Step, ...]:
        """The figure and, where it is one, its ratio; nothing for a formula that only reads the ratio's sides."""
        value = shown_exact(exact_value(self.measure))
        return figure_steps(self.measure, value, self.indicator.unit)

    @property
    def _bound(self) -> str:
        """Which bound held the result, in words."""
        if self.result > self.points:
            return f"，超过最高分{plain(self.rule.maximum)}"
        if self.result < self.points:
            return f"，低于最低分{plain(self.rule.minimum)}"
        return ""

    @property
    def _arithmetic(self) -> str:
        return f"{in_words(self.rule.tree, self.measure)} = {shown_exact(self.result)}{self._bound}"

    @property
    def text(self) -> str:
        written = ""
        if is_ratio(self.measure):
            written = f"{ratio_text(self.measure, shown_exact(exact_value(self.measure)))}；"
        if self._bound:
            return f"{written}{self._arithmetic}，得{fixed(self.score)}分"
        sign = equals_or_about(self.points, self.score)
        return f"{written}{in_words(self.rule.tree, self.measure)} {sign} {fixed(self.score)}"

    @property
    def steps(self) -> tuple[Step, ...]:
        return (
            *self._figures,
            Step("formula", "算式", in_words(self.rule.tree)),
            Step("arithmetic", "计算", self._arithmetic),
            Step("rounded", "得分", fixed(self.score)),
        )


def expression_scorer(
    indicator: Indicator,
    rule: ExpressionRule,
    places: int,
    mode: RoundingMode = RoundingMode.HALF_UP,
) -> Callable[[Measure], tuple[Decimal, tuple[Flag, ...], ExpressionDerivation]]:
    """Prepare a rule for many figures; call the scorer inside `exact_arithmetic` only."""
    lowest, highest = Fraction(rule.minimum), Fraction(rule.maximum)

    def score(measure: Measure) -> tuple[Decimal, tuple[Flag, ...], ExpressionDerivation]:
        exact_value(
            measure
        )  # a figure nobody gave is refused even where the formula would not read it
        result = worked_out(rule.tree, measure)
        points = min(max(result, lowest), highest)
        printed = rounded(points, places, mode)
        derivation = ExpressionDerivation(indicator, measure, rule, result, points, printed)
        return printed, _NO_FLAGS, derivation

    return score
