"""Rules that compare counties: deviation from their mean, and standing among them."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.engine.errors import ScoringError
from scoring.engine.field import Field, Quotient
from scoring.engine.measures import exact_value, figure_steps, ratio_text
from scoring.engine.numbers import Ratio, equals_or_about, fixed, plain, rounded, shown_exact
from scoring.engine.types import (
    DeviationRule,
    Flag,
    Indicator,
    Measure,
    PercentileRule,
    RoundingMode,
    Step,
)

_NO_FLAGS: tuple[Flag, ...] = ()


def field_needed() -> ScoringError:
    """Why a rule that compares counties has no points for one county alone."""
    return ScoringError("field-needed", "要与其他县比较，评价时才能计分")


@dataclass(frozen=True, slots=True)
class DeviationDerivation:
    """How far the figure lies from the counties' mean, in steps, and what the steps bring."""

    indicator: Indicator
    measure: Measure
    rule: DeviationRule
    field: Field
    steps_taken: Ratio | None
    points: Ratio
    score: Decimal

    @property
    def exact(self) -> Fraction:
        return Fraction(self.points.numerator, self.points.denominator)

    @property
    def _value(self) -> str:
        return shown_exact(exact_value(self.measure))

    @property
    def _mean(self) -> str:
        return shown_exact(self.field.mean) if self.field.size else "无"

    @property
    def _way(self) -> str:
        """From figure and mean to steps, in words."""
        rule = self.rule
        if self.steps_taken is None:
            return f"没有可比的平均值，按基准分{plain(rule.base)}分计"
        part = Quotient(
            self.steps_taken.numerator * rule.step_percent.as_integer_ratio()[0],
            self.steps_taken.denominator * rule.step_percent.as_integer_ratio()[1],
        )
        percent = f"({self._value} − {self._mean}) ÷ {self._mean} = {shown_exact(part)}%"
        counted = shown_exact(self.steps_taken)
        if rule.whole_steps:
            counted = f"{counted}，按整档计{plain(Decimal(whole_steps(self.steps_taken)))}"
        return f"{percent}；{shown_exact(part)}% ÷ {plain(rule.step_percent)}% = {counted}"

    @property
    def _arithmetic(self) -> str:
        """From steps to points, and where the scheme's bounds hold them."""
        rule = self.rule
        if self.steps_taken is None:
            return plain(rule.base)
        count = (
            plain(Decimal(whole_steps(self.steps_taken)))
            if rule.whole_steps
            else shown_exact(self.steps_taken)
        )
        sum_of = f"{plain(rule.base)} + {_bracketed(count)} × {_bracketed(plain(rule.step_points))}"
        if self.exact == rule.maximum:
            return f"{sum_of}，不超过最高分{plain(rule.maximum)}"
        if self.exact == rule.minimum:
            return f"{sum_of}，不低于最低分{plain(rule.minimum)}"
        return sum_of

    @property
    def text(self) -> str:
        written = ratio_text(self.measure, self._value)
        ratio = f"{written}；" if written else ""
        if self.steps_taken is None:
            return f"{ratio}{self._way}，得{fixed(self.score)}分"
        if self.exact in {self.rule.maximum, self.rule.minimum}:
            return f"{ratio}{self._way}；{self._arithmetic}，得{fixed(self.score)}分"
        sign = equals_or_about(self.exact, self.score)
        return f"{ratio}{self._way}；{self._arithmetic} {sign} {fixed(self.score)}"

    @property
    def steps(self) -> tuple[Step, ...]:
        unit = self.indicator.unit
        return (
            *figure_steps(self.measure, self._value, unit),
            Step("field", "平均值", f"{self.field.size}个县平均{self._mean}{unit}"),
            Step("deviation", "偏离", self._way),
            Step("arithmetic", "计算", f"{self._arithmetic}，得{shown_exact(self.points)}分"),
            Step("rounded", "得分", fixed(self.score)),
        )


def _bracketed(number: str) -> str:
    return f"({number})" if number.startswith("-") else number


def whole_steps(steps: Ratio) -> int:
    """Full steps only, towards the mean: a part of a step counts for nothing on either side."""
    count = abs(steps.numerator) // steps.denominator
    return count if steps.numerator >= 0 else -count


def deviation_scorer(
    indicator: Indicator,
    rule: DeviationRule,
    places: int,
    mode: RoundingMode = RoundingMode.HALF_UP,
    field: Field | None = None,
) -> Callable[[Measure], tuple[Decimal, tuple[Flag, ...], DeviationDerivation]]:
    """Prepare a rule for many figures of one field; call the scorer inside `exact_arithmetic` only.

    Where all figures are zero, or there are none, nothing deviates and the base stands.
    """

    def score(measure: Measure) -> tuple[Decimal, tuple[Flag, ...], DeviationDerivation]:
        if field is None:
            raise field_needed()
        steps = _steps(exact_value(measure), rule, field)
        points = _held(_points(rule, steps), rule)
        printed = rounded(points, places, mode)
        derivation = DeviationDerivation(indicator, measure, rule, field, steps, points, printed)
        return printed, _NO_FLAGS, derivation

    return score


def _steps(value: Fraction, rule: DeviationRule, field: Field) -> Quotient | None:
    """(value ÷ mean − 1) × 100 ÷ step, as one unreduced quotient."""
    if not field.size or not field.total.numerator:
        return None
    mean = field.mean
    upper, lower = rule.step_percent.as_integer_ratio()
    difference = value.numerator * mean.denominator - value.denominator * mean.numerator
    return Quotient(difference * 100 * lower, value.denominator * mean.numerator * upper)


def _points(rule: DeviationRule, steps: Quotient | None) -> Ratio:
    base, each = Fraction(rule.base), Fraction(rule.step_points)
    if steps is None:
        return base
    if rule.whole_steps:
        return base + whole_steps(steps) * each
    whole = base.denominator * each.denominator
    numerator = base.numerator * each.denominator * steps.denominator
    return Quotient(
        numerator + each.numerator * base.denominator * steps.numerator, whole * steps.denominator
    )


def _held(points: Ratio, rule: DeviationRule) -> Ratio:
    for bound, side in ((Fraction(rule.minimum), -1), (Fraction(rule.maximum), 1)):
        over = points.numerator * bound.denominator - bound.numerator * points.denominator
        if over * side > 0:
            return bound
    return points


@dataclass(frozen=True, slots=True)
class PercentileDerivation:
    """How many of the others stand above; all that do not bring their share of the points."""

    indicator: Indicator
    measure: Measure
    rule: PercentileRule
    others: int
    better: int
    points: Fraction
    score: Decimal

    @property
    def exact(self) -> Fraction:
        return self.points

    @property
    def _value(self) -> str:
        return shown_exact(exact_value(self.measure))

    @property
    def _standing(self) -> str:
        if not self.others:
            return "没有可比的县"
        side = "低于" if self.rule.lower_is_better else "高于"
        return f"其他{self.others}个县中，{self.better}个{side}本县"

    @property
    def _arithmetic(self) -> str:
        if not self.others:
            return f"按满分{plain(self.rule.maximum)}分计"
        return f"({self.others} − {self.better}) ÷ {self.others} × {plain(self.rule.maximum)}"

    @property
    def text(self) -> str:
        written = ratio_text(self.measure, self._value)
        way = f"{written}；{self._standing}" if written else self._standing
        if not self.others:
            return f"{way}，{self._arithmetic}，得{fixed(self.score)}分"
        sign = equals_or_about(self.points, self.score)
        return f"{way}；{self._arithmetic} {sign} {fixed(self.score)}"

    @property
    def steps(self) -> tuple[Step, ...]:
        return (
            *figure_steps(self.measure, self._value, self.indicator.unit),
            Step("field", "排位", self._standing),
            Step("arithmetic", "计算", f"{self._arithmetic}，得{shown_exact(self.points)}分"),
            Step("rounded", "得分", fixed(self.score)),
        )


def percentile_scorer(
    indicator: Indicator,
    rule: PercentileRule,
    places: int,
    mode: RoundingMode = RoundingMode.HALF_UP,
    field: Field | None = None,
    *,
    is_member: bool = True,
) -> Callable[[Measure], tuple[Decimal, tuple[Flag, ...], PercentileDerivation]]:
    """Prepare a rule for many figures of one field; call the scorer inside `exact_arithmetic` only.

    `is_member` says whether the figures scored are themselves in the field; a carried one is not.
    """

    def score(measure: Measure) -> tuple[Decimal, tuple[Flag, ...], PercentileDerivation]:
        if field is None:
            raise field_needed()
        value = exact_value(measure)
        others = max(field.size - 1, 0) if is_member else field.size
        better = field.below(value) if rule.lower_is_better else field.above(value)
        share = Fraction(others - better, others) if others else Fraction(1)
        points = share * Fraction(rule.maximum)
        printed = rounded(points, places, mode)
        derivation = PercentileDerivation(indicator, measure, rule, others, better, points, printed)
        return printed, _NO_FLAGS, derivation

    return score
