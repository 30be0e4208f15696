"""Completion rules: points by the share of a target that was reached."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.engine.errors import ScoringError
from scoring.engine.measures import exact_value, figure_steps, ratio_text
from scoring.engine.numbers import equals_or_about, fixed, plain, rounded, shown_exact
from scoring.engine.types import (
    ByPeerRule,
    CompletionRule,
    Flag,
    Indicator,
    Measure,
    RoundingMode,
    Rule,
    Scheme,
    Step,
)

_NO_FLAGS: tuple[Flag, ...] = ()


def indicators_with_targets(scheme: Scheme) -> frozenset[str]:
    """Codes of the indicators whose points depend on a target."""
    return frozenset(each.code for each in scheme.indicators if _needs_target(each.rule))


def _needs_target(rule: Rule) -> bool:
    if isinstance(rule, ByPeerRule):
        inner = (rule.otherwise, *(each.rule for each in rule.groups))
        return any(isinstance(each, CompletionRule) for each in inner)
    return isinstance(rule, CompletionRule)


@dataclass(frozen=True, slots=True)
class CompletionDerivation:
    """`share` is the percentage of the target reached; None where a figure to be kept low is nought."""

    indicator: Indicator
    measure: Measure
    rule: CompletionRule
    share: Fraction | None
    points: Fraction
    score: Decimal

    @property
    def exact(self) -> Fraction:
        return self.points

    @property
    def _value(self) -> str:
        return shown_exact(exact_value(self.measure))

    @property
    def _target(self) -> str:
        return plain(self.measure.target or Decimal(0))

    @property
    def _completion(self) -> str:
        if self.share is None:
            return f"数值为0，优于目标{self._target}"
        value, target = self._value, self._target
        parts = f"{target} ÷ {value}" if self.rule.lower_is_better else f"{value} ÷ {target}"
        return f"完成率 {parts} = {shown_exact(self.share)}%"

    @property
    def _is_full(self) -> bool:
        return self.share is None or self.share >= self.rule.full_at

    @property
    def _arithmetic(self) -> str:
        full_at, maximum = plain(self.rule.full_at), plain(self.rule.maximum)
        if self.share is None:
            return f"按满分{maximum}分计"
        share = shown_exact(self.share)
        if self._is_full:
            return f"{share}% ≥ {full_at}%"
        return f"{share}% ÷ {full_at}% × {maximum}"

    @property
    def text(self) -> str:
        written = ratio_text(self.measure, self._value)
        way = f"{written}；{self._completion}" if written else self._completion
        if self._is_full:
            return f"{way}；{self._arithmetic}，得{fixed(self.score)}分"
        sign = equals_or_about(self.points, self.score)
        return f"{way}；{self._arithmetic} {sign} {fixed(self.score)}"

    @property
    def steps(self) -> tuple[Step, ...]:
        unit = self.indicator.unit
        return (
            *figure_steps(self.measure, self._value, unit),
            Step("target", "目标", f"{self._target}{unit}"),
            Step("completion", "完成情况", self._completion),
            Step("arithmetic", "计算", f"{self._arithmetic}，得{shown_exact(self.points)}分"),
            Step("rounded", "得分", fixed(self.score)),
        )


def completion_scorer(
    indicator: Indicator,
    rule: CompletionRule,
    places: int,
    mode: RoundingMode = RoundingMode.HALF_UP,
) -> Callable[[Measure], tuple[Decimal, tuple[Flag, ...], CompletionDerivation]]:
    """Prepare a rule for many figures; call the scorer inside `exact_arithmetic` only."""
    full, full_at = Fraction(rule.maximum), Fraction(rule.full_at)

    def score(measure: Measure) -> tuple[Decimal, tuple[Flag, ...], CompletionDerivation]:
        value, target = exact_value(measure), _sound_target(measure)
        share = _share(value, target, lower_is_better=rule.lower_is_better)
        points = full if share is None else min(full, share / full_at * full)
        printed = rounded(points, places, mode)
        return (
            printed,
            _NO_FLAGS,
            CompletionDerivation(indicator, measure, rule, share, points, printed),
        )

    return score


def _share(value: Fraction, target: Fraction, *, lower_is_better: bool) -> Fraction | None:
    if not lower_is_better:
        return value / target * 100
    return target / value * 100 if value else None


def _sound_target(measure: Measure) -> Fraction:
    target = measure.target
    if target is None:
        raise ScoringError("target-missing", "没有目标值，无法计算完成率")
    if not target.is_finite() or target <= 0:
        raise ScoringError("target-not-positive", f"目标值必须大于0，不能是{target}")
    return Fraction(target)
