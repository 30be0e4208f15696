"""The method against naive ways on years it has not learned from."""

from decimal import Decimal

import pytest

from indicators.rules.projection import PastYear
from monitoring.backtest import by_code, cells_of, learn, totals_of
from monitoring.learned import Teaching, from_document, to_document

LATE = [Decimal(m * m) / 144 for m in range(1, 13)]
STRAIGHT = [Decimal(m) / 12 for m in range(1, 13)]


def years(course, growth, counties=20):
    """Each county grows each year by `growth` and a per cent of its own."""
    found = []
    for county in range(counties):
        before = Decimal(100 + 7 * county)
        for year in (2022, 2023, 2024, 2025):
            end = before * (growth + Decimal((county * year) % 11 - 5) / 100)
            months = {m: end * share for m, share in enumerate(course, 1)}
            found.append(PastYear(county, year, before, months))
            before = end
    return found


def test_where_the_year_ends_late_the_straight_way_misses_and_ours_does_not():
    known, cases = learn("flow", years(LATE, Decimal("1.1")))
    cells = cells_of("r01", cases)

    assert [cell.month for cell in cells] == list(range(1, 12))
    assert {cell.cases for cell in cells} == {80}
    assert all(cell.is_better for cell in cells)
    june = cells[5]
    # A quarter of the year is done by June: twice that is half of what comes true.
    assert june.straight == Decimal("50.00")
    assert june.ours < Decimal(4)
    totals = totals_of(cells)
    assert totals.ours < totals.naive
    assert Decimal(60) <= totals.coverage <= Decimal(95)
    assert list(known.errors) == list(range(1, 12))


def test_where_years_are_straight_the_straight_way_wins_and_that_is_said():
    _, cases = learn("flow", years(STRAIGHT, Decimal("1.1")))

    assert not any(cell.is_better for cell in cells_of("r01", cases) if cell.month > 2)


def test_a_year_is_not_projected_by_itself():
    usual = years(STRAIGHT, Decimal("1.1"))
    odd = [
        PastYear(each.county, each.year, each.before, {**each.months, 12: each.end * 3})
        if each.year == 2025
        else each
        for each in usual
    ]
    _, cases = learn("flow", odd)

    seen = {case.ours for case in cases if case.year.year == 2025 and case.month == 11}
    truth = {case.year.end for case in cases if case.year.year == 2025 and case.month == 11}
    assert max(seen) < min(truth)


def test_years_without_december_and_stocks_without_a_start_teach_nothing():
    open_years = [PastYear(1, 2025, Decimal(5), {1: Decimal(1)})]
    no_start = [PastYear(1, 2025, None, {m: Decimal(m) for m in range(1, 13)})]

    assert learn("flow", open_years)[1] == []
    assert learn("stock", no_start)[1] == []
    assert cells_of("r01", []) == []
    assert totals_of([]) is None


@pytest.mark.parametrize("kind", ["flow", "stock"])
def test_what_was_learned_comes_back_from_its_document(kind):
    known, cases = learn(kind, years(LATE, Decimal("1.1")))
    teaching = Teaching({"r01": known}, tuple(cells_of("r01", cases)))

    assert from_document(to_document(teaching)) == teaching
    assert list(by_code(teaching.cells)) == ["r01"]
