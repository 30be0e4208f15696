"""Piecewise-linear rules: a figure, or the unrounded ratio behind it, read off a broken line.

S3 scores 3家 as 2.84 and not 2.83 because the figure behind it is 50 ÷ 16625 × 1000 = 3.0075:
where numerator and denominator are known the printed value is never used.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from scoring.engine.measures import exact_value, figure_steps, ratio_text, sound_ratio, sound_value
from scoring.engine.numbers import (
    equals_or_about,
    exact_arithmetic,
    fixed,
    plain,
    quantum,
    shown,
)
from scoring.engine.types import Band, Flag, Indicator, Measure, PiecewiseRule, RoundingMode, Step

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
    is_gap: bool = False

    @property
    def value(self) -> Decimal:
        """The unrounded value that was scored."""
        measure = self.measure
        if measure.numerator is None or measure.denominator is None:
            return measure.value or _ZERO
        with exact_arithmetic():
            return measure.numerator * measure.factor / measure.denominator

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
        if self.is_gap:
            return f"{start} ≤ {value} < {end}，不在任何区间，按前一区间末端分值计"
        if low == high:
            return f"{start} ≤ {value} < {end}"
        width, span = f"({end} − {start})", plain(abs(high - low))
        if low < high:
            return f"{plain(high)} − ({end} − {value}) ÷ {width} × {span}"
        return f"{plain(low)} − ({value} − {start}) ÷ {width} × {span}"

    @property
    def text(self) -> str:
        value, score = shown(self.value), fixed(self.score)
        written = ratio_text(self.measure, value)
        ratio, arithmetic = f"{written}；" if written else "", self._arithmetic(value)
        if self.is_level:
            return f"{ratio}{arithmetic}，得{score}分"
        return f"{ratio}{arithmetic} {equals_or_about(self.points, self.score)} {score}"

    @property
    def steps(self) -> tuple[Step, ...]:
        unit, value = self.indicator.unit, shown(self.value)
        result = f"，得{plain(self.points)}分" if self.is_level else f" = {shown(self.points)}"
        return (
            *figure_steps(self.measure, value, unit),
            Step("band", "区间", band_text(self.band, unit)),
            Step("arithmetic", "计算", f"{self._arithmetic(value)}{result}"),
            Step("rounded", "得分", fixed(self.score)),
        )

    @property
    def exact(self) -> Fraction:
        band = self.band
        low, high, start = map(Fraction, (band.points_start, band.points_end, band.start))
        if band.end is None:
            return low
        return low + (exact_value(self.measure) - start) * (high - low) / (
            Fraction(band.end) - start
        )


def band_text(band: Band, unit: str) -> str:
    """A band in words: 10至40家，5至8分."""
    low, high = plain(band.points_start), plain(band.points_end)
    points = low if low == high else f"{low}至{high}"
    if band.end is None:
        return f"{plain(band.start)}{unit}及以上，{points}分"
    return f"{plain(band.start)}至{plain(band.end)}{unit}，{points}分"


def piecewise_scorer(
    indicator: Indicator,
    rule: PiecewiseRule,
    places: int,
    mode: RoundingMode = RoundingMode.HALF_UP,
) -> Callable[[Measure], tuple[Decimal, tuple[Flag, ...], PiecewiseDerivation]]:
    """Prepare a rule for many figures; call the scorer inside `exact_arithmetic` only.

    Each band becomes (a + b × value) ÷ w with exact a, b, w, so that a ratio n ÷ d is scored as
    the single quotient (a × d + b × n) ÷ (w × d) and rounds right even when it lies on a half.
    """
    bands = list(_without_gaps(rule.bands))
    ends = [band.end for band, _ in bands if band.end is not None]
    lines = [(band, is_gap, *_line(band)) for band, is_gap in bands]
    unit = quantum(places)

    def score(measure: Measure) -> tuple[Decimal, tuple[Flag, ...], PiecewiseDerivation]:
        if measure.numerator is None or measure.denominator is None:
            value = sound_value(measure)
            band, is_gap, a, b, w = lines[bisect_right(ends, value)]
            points = (a + b * value) / w
        else:
            scaled, denominator = sound_ratio(measure)
            band, is_gap, a, b, w = lines[bisect_right(ends, scaled / denominator)]
            points = (a * denominator + b * scaled) / (w * denominator)
        printed = points.quantize(unit, mode)
        derivation = PiecewiseDerivation(indicator, measure, band, points, printed, is_gap)
        return printed, _NO_FLAGS, derivation

    return score


def _without_gaps(bands: Sequence[Band]) -> Iterator[tuple[Band, bool]]:
    """The bands with each gap between them filled: there the lower band's last points hold."""
    for lower, upper in pairwise(bands):
        yield lower, False
        if lower.end is not None and lower.end < upper.start:
            yield Band(lower.end, upper.start, lower.points_end, lower.points_end), True
    yield bands[-1], False


def _line(band: Band) -> tuple[Decimal, Decimal, Decimal]:
    with exact_arithmetic():
        if band.end is None:
            return band.points_start, _ZERO, _ONE
        width, span = band.end - band.start, band.points_end - band.points_start
        return band.points_start * width - band.start * span, span, width
