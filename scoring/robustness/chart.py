"""Totals with their intervals against the class limits: positions in percent of the width."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from scoring.robustness.study import CountyStudy, Study

_PLACE = Decimal("0.01")
_FULL = Decimal(100)


@dataclass(frozen=True, slots=True)
class Mark:
    """A labelled position."""

    at: Decimal
    label: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A county's interval and, within it, the total that was decided."""

    county: CountyStudy
    left: Decimal
    width: Decimal
    at: Decimal


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars by rank; limits within the picture alone."""

    bars: Sequence[Bar]
    limits: Sequence[Mark]


def chart_of(study: Study, codes: Sequence[str]) -> Chart:
    """The counties of these region codes, drawn from the study's disturbances taken together."""
    counties = [county for county in study.counties if county.code in codes]
    if not counties:
        return Chart([], [])
    low = min(county.together.low for county in counties).to_integral_value(ROUND_FLOOR)
    high = max(county.together.high for county in counties).to_integral_value(ROUND_CEILING)
    width = max(high - low, Decimal(1))

    def at(total: Decimal) -> Decimal:
        return ((total - low) / width * _FULL).quantize(_PLACE, ROUND_HALF_UP)

    return Chart(
        [
            Bar(
                county,
                at(county.together.low),
                max(at(county.together.high) - at(county.together.low), Decimal("0.4")),
                at(county.total),
            )
            for county in counties
        ],
        [
            Mark(at(grade.at_least), f"{grade.name}类分档线{grade.at_least}分")
            for grade in reversed(study.limits)
            if low <= grade.at_least <= high
        ],
    )
