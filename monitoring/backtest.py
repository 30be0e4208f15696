"""The projection played on past years that it has not learned from, against two naive ways. Pure.

Leave one year out: what is known of the other years projects each county of the year left out, from each
month. The error is free of units: the sum of what was missed by the sum of what came true, in per cent, of
an indicator and a month; totals are means of these, so that no indicator weighs more than another.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from indicators.enums import MonthlyKind
from indicators.rules.monthly import MONTHS, YEAR
from indicators.rules.projection import (
    Learned,
    PastYear,
    band_of,
    finished,
    learn_course,
    project,
)

_ZERO, _HUNDRED = Decimal(0), Decimal(100)
_CENT = Decimal("0.01")
# The last month is the year's figure: nothing is projected from it.
TRIED = MONTHS[:-1]


@dataclass(frozen=True, slots=True)
class Case:
    """One county, one year left out, one month."""

    year: PastYear
    month: int
    ours: Decimal
    straight: Decimal
    before: Decimal | None

    @property
    def error(self) -> Decimal | None:
        """What came true above what was projected, in shares of the projection."""
        return (self.year.end - self.ours) / self.ours if self.ours > 0 else None


@dataclass(frozen=True, slots=True)
class Cell:
    """One indicator from one month: errors in per cent, the band's hits in per cent; None without cases."""

    code: str
    month: int
    cases: int
    ours: Decimal
    straight: Decimal
    before: Decimal
    coverage: Decimal | None

    @property
    def naive(self) -> Decimal:
        """The better of the two naive ways."""
        return min(self.straight, self.before)

    @property
    def is_better(self) -> bool:
        """Whether ours missed less than both."""
        return self.ours < self.naive


def learn(kind: str, years: Iterable[PastYear]) -> tuple[Learned, list[Case]]:
    """Everything past years teach of one indicator, the band by leaving one year out; and the cases behind it."""
    known = finished(years)
    cases = leave_one_out(kind, known)
    errors = {}
    for month in TRIED:
        found = band_of(
            [error for each in cases if each.month == month and (error := each.error) is not None]
        )
        if found:
            errors[month] = found
    return replace(learn_course(kind, known), errors=errors), cases


def leave_one_out(kind: str, years: Sequence[PastYear]) -> list[Case]:
    """Each year projected by what the others teach."""
    cases = []
    for left_out in sorted({each.year for each in years}):
        learned = learn_course(kind, [each for each in years if each.year != left_out])
        for past in years:
            if past.year == left_out:
                cases += _cases(kind, past, learned)
    return cases


def _cases(kind: str, past: PastYear, learned: Learned) -> list[Case]:
    cases = []
    start = _ZERO if kind == MonthlyKind.FLOW else past.before
    for month in TRIED:
        seen = {at: number for at, number in past.months.items() if at <= month}
        if month not in seen or start is None:
            continue
        ours = project(kind, past.before, seen, learned).mid
        if ours is not None:
            straight = start + (seen[month] - start) * YEAR / month
            cases.append(Case(past, month, ours, straight, past.before))
    return cases


def cells_of(code: str, cases: Sequence[Case]) -> list[Cell]:
    """Errors and hits by month, of the cases in which all three ways had something to say.

    A year's hits are by the band that the other years' errors give: a band is not asked about its own cases.
    """
    cells = []
    for month in TRIED:
        found = [each for each in cases if each.month == month and each.before is not None]
        whole = sum((abs(each.year.end) for each in found), _ZERO)
        if not whole:
            continue
        sums = [
            sum((abs(each.year.end - way) for each, way in zip(found, ways, strict=True)), _ZERO)
            for ways in (
                [each.ours for each in found],
                [each.straight for each in found],
                [each.before or _ZERO for each in found],
            )
        ]
        ours, straight, before = (_percent(missed, whole) for missed in sums)
        cells.append(Cell(code, month, len(found), ours, straight, before, _coverage(found)))
    return cells


def _coverage(cases: Sequence[Case]) -> Decimal | None:
    """Per cent of cases inside the band of the other years' errors."""
    hits = asked = 0
    for left_out in {each.year.year for each in cases}:
        others = [
            error
            for each in cases
            if each.year.year != left_out and (error := each.error) is not None
        ]
        band = band_of(others)
        for case in cases:
            error = case.error
            if band and case.year.year == left_out and error is not None:
                asked += 1
                hits += band[0] <= error <= band[-1]
    return _percent(Decimal(hits), Decimal(asked)) if asked else None


def _percent(part: Decimal, whole: Decimal) -> Decimal:
    return (part / whole * _HUNDRED).quantize(_CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Totals:
    """Means of the cells, in per cent of the year's figure."""

    ours: Decimal
    straight: Decimal
    before: Decimal
    coverage: Decimal | None
    cases: int

    @property
    def naive(self) -> Decimal:
        """The better of the two naive ways."""
        return min(self.straight, self.before)


def totals_of(cells: Sequence[Cell]) -> Totals | None:
    """Over these cells, each counting once; None without any."""
    if not cells:
        return None
    covered = [cell.coverage for cell in cells if cell.coverage is not None]
    return Totals(
        _mean([cell.ours for cell in cells]),
        _mean([cell.straight for cell in cells]),
        _mean([cell.before for cell in cells]),
        _mean(covered) if covered else None,
        sum(cell.cases for cell in cells),
    )


def _mean(numbers: Sequence[Decimal]) -> Decimal:
    return (sum(numbers, _ZERO) / len(numbers)).quantize(_CENT, ROUND_HALF_UP)


def by_code(cells: Iterable[Cell]) -> Mapping[str, list[Cell]]:
    """Cells of each indicator."""
    found: dict[str, list[Cell]] = {}
    for cell in cells:
        found.setdefault(cell.code, []).append(cell)
    return found
