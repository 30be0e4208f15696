"""How a scheme rounds, adds and parts equal totals; and the mean without the extremes."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from scoring.engine.batch import score_batch, score_indicator
from scoring.engine.numbers import rounded, shown_exact
from scoring.engine.types import (
    Figure,
    Measure,
    PanelMethod,
    PanelRule,
    RoundingMode,
    TotalRule,
)
from tests.scoring.engine.builders import county, inputs, small_scheme

PANEL = PanelRule(PanelMethod.MEAN, Decimal(10))
TRIMMED = PanelRule(PanelMethod.TRIMMED_MEAN, Decimal(10), 1)


def scored(code, *scores):
    return Figure(code, Measure(panel=tuple(map(Decimal, scores))))


def line(rule, *scores):
    return score_indicator(small_scheme(rule).indicators[0], scored("01", *scores))


@pytest.mark.parametrize(
    "mode, texts",
    [
        (RoundingMode.HALF_UP, ["0.13", "0.14", "0.13", "0.12"]),
        (RoundingMode.HALF_EVEN, ["0.12", "0.14", "0.13", "0.12"]),
        (RoundingMode.DOWN, ["0.12", "0.13", "0.12", "0.12"]),
    ],
)
def test_each_mode_rounds_as_its_name_says(mode, texts):
    exact = [Fraction(125, 1000), Fraction(135, 1000), Fraction(1251, 10000), Fraction(1249, 10000)]

    assert [str(rounded(each, 2, mode)) for each in exact] == texts
    scheme = replace(small_scheme(PANEL), mode=mode)
    batch = score_batch(inputs(scheme, county("130102", scored("01", "0.125"))), scheme)
    assert str(batch.counties[0].total) == texts[0]


def test_negative_fractions_round_away_from_nought_and_are_cut_towards_it():
    assert rounded(Fraction(-125, 1000), 2, RoundingMode.HALF_UP) == Decimal("-0.13")
    assert shown_exact(Fraction(-1, 3)) == "-0.333333…"
    assert shown_exact(Fraction(-1, 4)) == "-0.25"


def test_total_may_be_rounded_once_at_the_end():
    """Three times 3.333… prints 3.33 a line; the total is 9.99 by the lines and 10.00 by what is behind them."""
    scheme = small_scheme(PANEL, PANEL, PANEL)
    given = county("130102", *(scored(code, "3", "3", "4") for code in ("01", "02", "03")))
    once = replace(scheme, total=TotalRule.ROUNDED_SUM)

    by_lines = score_batch(inputs(scheme, given), scheme).counties[0]
    at_the_end = score_batch(inputs(once, given), once).counties[0]

    assert (by_lines.total, at_the_end.total) == (Decimal("9.99"), Decimal("10.00"))
    assert {each.score for each in at_the_end.lines} == {Decimal("3.33")}


def test_equal_totals_are_parted_by_the_lines_the_scheme_names():
    scheme = replace(small_scheme(PANEL, PANEL), then_by=("02",))
    counties = [
        county("130101", scored("01", "6"), scored("02", "2")),
        county("130102", scored("01", "2"), scored("02", "6")),
        county("130103", scored("01", "2"), scored("02", "6")),
    ]

    batch = score_batch(inputs(scheme, *counties), scheme)

    assert [(each.code, each.rank) for each in batch.counties] == [
        ("130102", 1),
        ("130103", 1),
        ("130101", 3),
    ]


def test_trimmed_mean_drops_one_highest_and_one_lowest_and_says_so():
    found = line(TRIMMED, "9", "6", "7", "2", "8")

    assert found.score == Decimal("7.00")
    assert found.derivation.text == "去掉1个最高分9、1个最低分2；(6 + 7 + 8) ÷ 3 = 7.00"
    assert [step.name for step in found.derivation.steps] == [
        "panel",
        "trimmed",
        "arithmetic",
        "rounded",
    ]


def test_trimmed_mean_of_too_few_scores_keeps_all_and_says_why():
    found = line(TRIMMED, "9", "6", "3")

    assert found.score == Decimal("6.00")
    assert found.derivation.text == (
        "评审打分不足4个，不去掉最高分和最低分；(3 + 6 + 9) ÷ 3 = 6.00"
    )


def test_trimmed_mean_of_four_keeps_two():
    assert line(TRIMMED, "9", "6", "5", "1").score == Decimal("5.50")
