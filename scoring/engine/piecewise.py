"""Piecewise-linear rules: a figure, or the unrounded ratio behind it, read off a broken line.

S3 scores 3家 as 2.84 and not 2.83 because the figure behind it is 50 ÷ 16625 × 1000 = 3.0075:
where numerator and denominator are known the printed value is never used.
"""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from scoring.engine.errors import ScoringError
from scoring.engine.numbers import (
    equals_or_about,
    exact_arithmetic,
    fixed,
    plain,
    quantum,
    shown,
)
from scoring.engine.types import Band, Flag, Indicator, Measure, PiecewiseRule, Step

_ZERO = Decimal(0)
_ONE = Decimal(1)
_NO_FLAGS: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class PiecewiseDerivation:
    """The officials' own arithmetic: 8 − (40 − 28) ÷ (40 − 10) × 3 = 6.80 (S3, annex)."""

    indicator: Indicator
    measure: Measure
    band: Band
    points: Decimal
    score: Decimal

    @property
    def value(self) -> Decimal:
        """The unrounded value that was scored."""
        measure = self.measure
        if measure.numerator is None or measure.denominator is None:
            return measure.value or _ZERO
        with exact_arithmetic():
            return measure.numerator * measure.factor / measure.denominator

    def _ratio(self, value: str) -> str | None:
        """The ratio written out, or None where only a value was given."""
        measure = self.measure
        if measure.numerator is None or measure.denominator is None:
            return None
        factor = "" if measure.factor == _ONE else f" × {plain(measure.factor)}"
        quotient = f"{plain(measure.numerator)} ÷ {plain(measure.denominator)}{factor}"
        return f"{quotient} = {value}"

    @property
    def is_level(self) -> bool:
        """Whether the value lies where the points no longer change."""
        return self.band.points_start == self.band.points_end

    def _arithmetic(self, value: str) -> str:
        """The way from the value to the points; on a level stretch only why it is the stretch."""
        band = self.band
        start, low, high = plain(band.start), band.points_start, band.points_end
        if band.end is None:
            return f"{value} ≥ {start}"
        end = plain(band.end)
        if low == high:
            return f"{start} ≤ {value} < {end}"
        width, span = f"({end} − {start})", plain(abs(high - low))
        if low < high:
            return f"{plain(high)} − ({end} − {value}) ÷ {width} × {span}"
        return f"{plain(low)} − ({value} − {start}) ÷ {width} × {span}"

    @property
    def text(self) -> str:
        value, score = shown(self.value), fixed(self.score)
        written = self._ratio(value)
        ratio, arithmetic = f"{written}；" if written else "", self._arithmetic(value)
        if self.is_level:
            return f"{ratio}{arithmetic}，得{score}分"
        return f"{ratio}{arithmetic} {equals_or_about(self.points, self.score)} {score}"

    @property
    def steps(self) -> tuple[Step, ...]:
        unit, value = self.indicator.unit, shown(self.value)
        written = self._ratio(value)
        ratio = (Step("ratio", "比值", written),) if written else ()
        result = f"，得{plain(self.points)}分" if self.is_level else f" = {shown(self.points)}"
        return (
            Step("value", "数值", f"{value}{unit}"),
            *ratio,
            Step("band", "区间", band_text(self.band, unit)),
            Step("arithmetic", "计算", f"{self._arithmetic(value)}{result}"),
            Step("rounded", "得分", fixed(self.score)),
        )


def band_text(band: Band, unit: str) -> str:
    """A band in words: 10至40家，5至8分."""
    low, high = plain(band.points_start), plain(band.points_end)
    points = low if low == high else f"{low}至{high}"
    if band.end is None:
        return f"{plain(band.start)}{unit}及以上，{points}分"
    return f"{plain(band.start)}至{plain(band.end)}{unit}，{points}分"


def piecewise_scorer(
    indicator: Indicator, rule: PiecewiseRule, places: int
) -> Callable[[Measure], tuple[Decimal, tuple[Flag, ...], PiecewiseDerivation]]:
    """Prepare a rule for many figures; call the scorer inside `exact_arithmetic` only.

    Each band becomes (a + b × value) ÷ w with exact a, b, w, so that a ratio n ÷ d is scored as
    the single quotient (a × d + b × n) ÷ (w × d) and rounds right even when it lies on a half.
    """
    ends = [band.end for band in rule.bands if band.end is not None]
    lines = [(band, *_line(band)) for band in rule.bands]
    unit = quantum(places)

    def score(measure: Measure) -> tuple[Decimal, tuple[Flag, ...], PiecewiseDerivation]:
        if measure.numerator is None or measure.denominator is None:
            value = _sound(measure.value)
            band, a, b, w = lines[bisect_right(ends, value)]
            points = (a + b * value) / w
        else:
            scaled, denominator = _sound_ratio(measure.numerator, measure.denominator, measure)
            band, a, b, w = lines[bisect_right(ends, scaled / denominator)]
            points = (a * denominator + b * scaled) / (w * denominator)
        rounded = points.quantize(unit, ROUND_HALF_UP)
        return rounded, _NO_FLAGS, PiecewiseDerivation(indicator, measure, band, points, rounded)

    return score


def _line(band: Band) -> tuple[Decimal, Decimal, Decimal]:
    with exact_arithmetic():
        if band.end is None:
            return band.points_start, _ZERO, _ONE
        width, span = band.end - band.start, band.points_end - band.points_start
        return band.points_start * width - band.start * span, span, width


def _sound(value: Decimal | None) -> Decimal:
    if value is None:
        raise ScoringError("figure-blank", "没有数值，也没有注明缺报、不适用或定性")
    if not value.is_finite() or value < _ZERO:
        raise ScoringError("value-negative", f"数值不能是负数（{value}）")
    return value


def _sound_ratio(
    numerator: Decimal, denominator: Decimal, measure: Measure
) -> tuple[Decimal, Decimal]:
    """The ratio's two sides, the factor already on the upper one."""
    if not denominator.is_finite() or denominator <= _ZERO:
        raise ScoringError("denominator-not-positive", f"分母必须大于0，不能是{denominator}")
    if not numerator.is_finite() or numerator < _ZERO:
        raise ScoringError("value-negative", f"分子不能是负数（{numerator}）")
    if not measure.factor > _ZERO:
        raise ScoringError("factor-not-positive", f"换算系数必须大于0，不能是{measure.factor}")
    return numerator * measure.factor, denominator
