"""How points are spread: bins, quarters, shares. Numbers in, numbers out."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

_ZERO, _HUNDRED, _FOUR = Decimal(0), Decimal(100), Decimal(4)
# About so many bins from nothing to full marks.
_BINS = 20


@dataclass(frozen=True, slots=True)
class Quarters:
    """Least, quarters and most of some numbers; their mean to two decimals. Empty ones have none."""

    count: int
    least: Decimal
    first: Decimal
    middle: Decimal
    third: Decimal
    most: Decimal
    mean: Decimal


@dataclass(frozen=True, slots=True)
class Bin:
    """Totals from `start` up to, not including, `end`; the last takes full marks too."""

    start: Decimal
    end: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class IndicatorSpread:
    """One indicator over all counties: points, and how many stand at nothing and at full marks."""

    code: str
    name: str
    weight: Decimal
    quarters: Quarters
    mean_share: Decimal  # of full marks, per cent, one decimal
    at_zero: int
    at_full: int


def quarters(numbers: Sequence[Decimal]) -> Quarters | None:
    """Quarters by linear interpolation between the neighbours (QUARTILE.INC of spreadsheets)."""
    if not numbers:
        return None
    ordered = sorted(numbers)
    return Quarters(
        len(ordered),
        ordered[0],
        _at_quarter(ordered, 1),
        _at_quarter(ordered, 2),
        _at_quarter(ordered, 3),
        ordered[-1],
        (sum(ordered, _ZERO) / len(ordered)).quantize(Decimal("0.01"), ROUND_HALF_UP),
    )


def _at_quarter(ordered: Sequence[Decimal], quarter: int) -> Decimal:
    whole, part = divmod((len(ordered) - 1) * quarter, 4)
    below = ordered[whole]
    return below if not part else below + (ordered[whole + 1] - below) * part / _FOUR


def bins(totals: Sequence[Decimal], full: Decimal) -> list[Bin]:
    """Equal bins from nothing to full marks, 5 points wide of a hundred; round limits fall between them."""
    width = bin_width(full)
    number = max(int((full / width).to_integral_value(ROUND_FLOOR)), 1)
    number += number * width < full
    counts = [0] * number
    for total in totals:
        place = int((total / width).to_integral_value(ROUND_FLOOR))
        counts[min(max(place, 0), number - 1)] += 1
    return [Bin(width * n, width * (n + 1), count) for n, count in enumerate(counts)]


def bin_width(full: Decimal) -> Decimal:
    """The round width that makes about twenty bins."""
    rough = max(full, Decimal(1)) / _BINS
    unit = Decimal(1).scaleb(rough.adjusted())
    return next(unit * m for m in (1, 2, 5, 10) if unit * m >= rough)


def indicator_spread(
    code: str, name: str, weight: Decimal, points: Sequence[Decimal]
) -> IndicatorSpread | None:
    """None where nobody has the indicator."""
    found = quarters(points)
    if found is None:
        return None
    mean = sum(points, _ZERO) / len(points)
    share = mean / weight * _HUNDRED if weight else _ZERO
    return IndicatorSpread(
        code,
        name,
        weight,
        found,
        share.quantize(Decimal("0.1"), ROUND_HALF_UP),
        at_zero=sum(point == 0 for point in points),
        at_full=sum(point >= weight for point in points),
    )
