"""The number behind a figure: refused if it is none, exact if it is one, and how its ratio is written out."""

from decimal import Decimal
from fractions import Fraction

from scoring.engine.errors import ScoringError
from scoring.engine.numbers import plain
from scoring.engine.types import Measure, Step

_ZERO = Decimal(0)
_ONE = Decimal(1)


def is_ratio(measure: Measure) -> bool:
    """Whether both sides of a ratio are known, so that the printed value is never used."""
    return measure.numerator is not None and measure.denominator is not None


def sound_value(measure: Measure) -> Decimal:
    """The value as given; raises ScoringError if there is none or it is negative."""
    value = measure.value
    if value is None:
        raise ScoringError("figure-blank", "没有数值，也没有注明缺报、不适用或定性")
    if not value.is_finite() or value < _ZERO:
        raise ScoringError("value-negative", f"数值不能是负数（{value}）")
    return value


def sound_ratio(measure: Measure) -> tuple[Decimal, Decimal]:
    """The ratio's two sides, the factor already on the upper one; call inside `exact_arithmetic` only."""
    numerator, denominator = measure.numerator, measure.denominator
    if numerator is None or denominator is None:
        raise ScoringError("ratio-blank", "没有分子和分母，无法按算式计分")
    if not denominator.is_finite() or denominator <= _ZERO:
        raise ScoringError("denominator-not-positive", f"分母必须大于0，不能是{denominator}")
    if not numerator.is_finite() or numerator < _ZERO:
        raise ScoringError("value-negative", f"分子不能是负数（{numerator}）")
    if not measure.factor > _ZERO:
        raise ScoringError("factor-not-positive", f"换算系数必须大于0，不能是{measure.factor}")
    return numerator * measure.factor, denominator


def exact_value(measure: Measure) -> Fraction:
    """The unrounded figure; raises ScoringError where there is none to score."""
    if not is_ratio(measure):
        return Fraction(sound_value(measure))
    scaled, denominator = sound_ratio(measure)
    return Fraction(scaled) / Fraction(denominator)


def ratio_text(measure: Measure, value: str) -> str | None:
    """The ratio written out, or None where only a value was given."""
    if measure.numerator is None or measure.denominator is None:
        return None
    factor = "" if measure.factor == _ONE else f" × {plain(measure.factor)}"
    return f"{plain(measure.numerator)} ÷ {plain(measure.denominator)}{factor} = {value}"


def figure_steps(measure: Measure, value: str, unit: str) -> tuple[Step, ...]:
    """How every derivation of a number begins: the value as shown, and the ratio behind it where there is one."""
    written = ratio_text(measure, value)
    ratio = (Step("ratio", "比值", written),) if written else ()
    return (Step("value", "数值", f"{value}{unit}"), *ratio)
