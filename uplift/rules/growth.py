"""Whether a figure grew as a plan asks (S1 items 4 and 5); pure. What is not known is never taken for 0."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from uplift.enums import GrowthMode
from uplift.rules.text import Growth

_HUNDRED = Decimal(100)
_SHOWN = Decimal("0.01")
_DIGITS = 40


@dataclass(frozen=True, slots=True)
class YearGrowth:
    """One year against the one before; `percent` None where one of the two is unknown or the earlier is 0."""

    year: int
    number: Decimal | None
    percent: Decimal | None
    is_kept: bool | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far a rule is kept so far; `is_kept` None as long as nothing can be said."""

    rule: Growth
    years: Sequence[YearGrowth]
    percent: Decimal | None
    is_kept: bool | None
    note: str = ""


def growth_percent(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    """Growth in per cent, unrounded; None where it cannot be said."""
    if before is None or after is None or before <= 0:
        return None
    with localcontext() as context:
        context.prec = _DIGITS
        return (after - before) / before * _HUNDRED


def outcome_of(rule: Growth, numbers: Mapping[int, Decimal], base_year: int, until: int) -> Outcome:
    """Judge a rule on the years after the base year up to `until`, as far as they are known."""
    years = [_year(rule, numbers, year) for year in range(base_year + 1, until + 1)]
    if rule.mode == GrowthMode.AVERAGE:
        return _average(rule, years, numbers, base_year)
    known = [each.is_kept for each in years if each.is_kept is not None]
    newest = next((each.percent for each in reversed(years) if each.percent is not None), None)
    missing = [str(each.year) for each in years if each.percent is None]
    note = f"{'、'.join(missing)}年缺数，未作判断" if missing else ""
    return Outcome(rule, years, newest, all(known) if known else None, note)


def _year(rule: Growth, numbers: Mapping[int, Decimal], year: int) -> YearGrowth:
    percent = growth_percent(numbers.get(year - 1), numbers.get(year))
    is_kept = None if percent is None else percent >= rule.percent
    shown = None if percent is None else percent.quantize(_SHOWN, ROUND_HALF_UP)
    return YearGrowth(year, numbers.get(year), shown, is_kept)


def _average(
    rule: Growth, years: Sequence[YearGrowth], numbers: Mapping[int, Decimal], base_year: int
) -> Outcome:
    """Compound growth since the base year, compared without a root: end ≥ start × (1 + rate) ^ years."""
    start = numbers.get(base_year)
    last = next((each for each in reversed(years) if each.number is not None), None)
    if start is None or start <= 0 or last is None or last.number is None:
        missing = f"{base_year}年" if start is None or start <= 0 else "基期以后各年"
        return Outcome(rule, years, None, None, f"{missing}缺数，不能计算年均增速")
    span = last.year - base_year
    with localcontext() as context:
        context.prec = _DIGITS
        is_kept = last.number >= start * (1 + rule.percent / _HUNDRED) ** span
        ratio = last.number / start
        rate = (ratio ** (Decimal(1) / span) - 1) * _HUNDRED if ratio > 0 else -_HUNDRED
    note = f"{base_year}—{last.year}年年均"
    return Outcome(rule, years, rate.quantize(_SHOWN, ROUND_HALF_UP), is_kept, note)
