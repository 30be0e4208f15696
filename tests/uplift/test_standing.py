"""Growth, targets and stages against figures; by hand."""

from decimal import Decimal

import pytest

from uplift.enums import GrowthMode
from uplift.rules.fund import balances, total_of
from uplift.rules.growth import growth_percent, outcome_of
from uplift.rules.standing import reaches, share_of, stage_outcome, start_of
from uplift.rules.text import FundYear, Growth

AVERAGE = Growth("x", Decimal(30), GrowthMode.AVERAGE)
YEARLY = Growth("x", Decimal(15), GrowthMode.YEARLY)


@pytest.mark.parametrize(
    "before, after, percent",
    [(Decimal(100), Decimal(130), Decimal(30)), (Decimal(100), Decimal(0), Decimal(-100)), (Decimal(0), Decimal(5), None), (None, Decimal(5), None), (Decimal(5), None, None)],
)  # fmt: skip
def test_growth_of_a_year(before, after, percent):
    assert growth_percent(before, after) == percent


def test_average_growth_is_compound_and_exact_at_the_limit():
    kept = outcome_of(AVERAGE, {2020: Decimal(1000), 2022: Decimal(1690)}, 2020, 2022)
    missed = outcome_of(AVERAGE, {2020: Decimal(1000), 2022: Decimal("1689.99")}, 2020, 2022)

    assert (kept.is_kept, kept.percent) == (True, Decimal("30.00"))
    assert missed.is_kept is False


def test_yearly_growth_asks_every_known_year():
    outcome = outcome_of(
        YEARLY, {2020: Decimal(100), 2021: Decimal(115), 2022: Decimal(120)}, 2020, 2023
    )

    assert [each.is_kept for each in outcome.years] == [True, False, None]
    assert outcome.is_kept is False
    assert outcome.percent == Decimal("4.35")
    assert outcome.note == "2023年缺数，未作判断"


@pytest.mark.parametrize(
    "numbers", [{}, {2021: Decimal(5)}, {2020: Decimal(0), 2021: Decimal(5)}, {2020: Decimal(5)}]
)
@pytest.mark.parametrize("rule", [AVERAGE, YEARLY])
def test_blank_is_not_nought(rule, numbers):
    outcome = outcome_of(rule, numbers, 2020, 2021)

    assert (outcome.is_kept, outcome.percent) == (None, None)
    assert outcome.note


def test_reaching_has_a_direction():
    assert reaches(Decimal(90), Decimal(90), is_lower_better=False) is True
    assert reaches(Decimal(91), Decimal(90), is_lower_better=True) is False
    assert reaches(None, Decimal(90), is_lower_better=False) is None
    assert reaches(Decimal(0), Decimal(90), is_lower_better=False) is False
    assert share_of(Decimal(45), Decimal(90)) == 50
    assert share_of(Decimal(45), Decimal(0)) is None


def test_nobody_is_asked_to_come_back_down_to_a_target():
    assert start_of(Decimal(1176), Decimal(900), is_lower_better=False) == 900
    assert start_of(Decimal(500), Decimal(900), is_lower_better=False) == 500
    assert start_of(None, Decimal(900), is_lower_better=False) is None


def test_who_rose_as_named_who_did_not_and_who_unexpectedly():
    before = {"a": "B", "b": "B", "c": "C", "d": "C", "e": "A"}
    planned = {"a": "A", "b": "A", "c": "B", "d": "C", "e": "A"}
    listed = {"a": "A", "b": "B", "d": "B", "e": "B"}

    outcome = stage_outcome("ABC", before, planned, listed, list("abcde"))

    assert outcome.risen_as_named == ["a"]
    assert outcome.not_risen == ["b"]
    assert outcome.risen_unnamed == ["d"]
    assert outcome.fallen == ["e"]
    assert outcome.unlisted == ["c"]
    assert outcome.counts == {"A": 1, "B": 3, "C": 0}


def test_the_fund():
    rows = balances(
        [FundYear(2022, Decimal(15), "甲"), FundYear(2023, Decimal(15))],
        {2022: Decimal(4), 2024: Decimal(1)},
    )

    assert [(row.year, row.planned, row.spent, row.left) for row in rows] == [
        (2022, 15, 4, 11), (2023, 15, 0, 15), (2024, 0, 1, -1),
    ]  # fmt: skip
    assert total_of(rows).left == 25
