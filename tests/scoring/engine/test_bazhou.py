"""The one table with printed scores: S3's annex, three columns, every cell."""

from decimal import Decimal

import pytest

from scoring.engine.batch import score_batch, score_indicator
from scoring.engine.types import Figure, Flag
from tests.scoring.engine.builders import (
    bazhou,
    hebei_scheme,
    indicator,
    inputs,
    source_measure,
    source_years,
)

CELLS = [(year, cell) for year, column in source_years().items() for cell in column["figures"]]
FROM_VALUES = [(year, cell) for year, cell in CELLS if cell["value"]]
UNROUNDED = [(year, cell) for year, cell in CELLS if "scored_from" in cell]
BLANK = [(year, cell) for year, cell in CELLS if cell["absence"]]
JUDGED = [(year, cell) for year, cell in CELLS if not cell["value"] and not cell["absence"]]


def test_the_table_has_32_scored_figures_one_blank_and_18_judged_cells():
    counts = (len(FROM_VALUES), len(BLANK), len(JUDGED), len(UNROUNDED))

    assert counts == (32, 1, 18, 3)


@pytest.mark.parametrize(("year", "cell"), [cell for cell in FROM_VALUES if cell not in UNROUNDED])
def test_displayed_value_gives_the_printed_score(year, cell):
    line = score_indicator(
        indicator(cell["indicator"]), Figure(cell["indicator"], source_measure(cell))
    )

    assert line.score == Decimal(cell["printed_score"])


@pytest.mark.parametrize(("year", "cell"), UNROUNDED)
def test_unrounded_figure_gives_the_printed_score_where_the_displayed_one_does_not(year, cell):
    rule, code = indicator(cell["indicator"]), cell["indicator"]

    displayed = score_indicator(rule, Figure(code, source_measure(cell)))
    unrounded = score_indicator(rule, Figure(code, source_measure(cell, unrounded=True)))

    assert displayed.score != Decimal(cell["printed_score"])
    assert unrounded.score == Decimal(cell["printed_score"])


@pytest.mark.parametrize(("year", "cell"), JUDGED)
def test_reconstructed_items_and_panel_give_the_printed_score(year, cell):
    line = score_indicator(
        indicator(cell["indicator"]), Figure(cell["indicator"], source_measure(cell))
    )

    assert line.score == Decimal(cell["printed_score"])
    assert line.flags == ()


@pytest.mark.parametrize(
    ("year", "unrounded", "total", "class_name"),
    [
        (2018, False, "52.64", "C"),
        (2019, False, "61.33", "B"),
        (2020, False, "73.97", "B"),
        (2018, True, "52.64", "C"),
        (2019, True, "61.33", "B"),
        (2020, True, "73.95", "B"),
    ],
)
def test_totals_and_classes_of_the_three_columns(year, unrounded, total, class_name):
    scheme = hebei_scheme()

    batch = score_batch(inputs(scheme, bazhou(year, unrounded=unrounded), data_year=year), scheme)

    (result,) = batch.counties
    assert (result.total, result.class_name, result.rank) == (Decimal(total), class_name, 1)
    assert result.total == sum(line.score for line in result.lines)


def test_unrounded_totals_are_the_printed_ones():
    assert [column["printed_total"] for column in source_years().values()] == [
        "52.64",
        "61.33",
        "73.95",
    ]


def test_blank_target_carries_last_years_score_forward_flagged():
    scheme = hebei_scheme()

    batch = score_batch(inputs(scheme, bazhou(2020), data_year=2020), scheme)

    line = batch.counties[0].lines[0]
    assert line.score == Decimal("3.39")
    assert line.flags == (Flag.MISSING, Flag.CARRIED_FORWARD, Flag.FORECAST)
    assert line.derivation.text == (
        "缺报，沿用2019年数据：4 − (5000 − 2557) ÷ (5000 − 1000) × 1 ≈ 3.39"
    )


def test_every_line_of_a_target_is_flagged_as_forecast():
    scheme = hebei_scheme()

    batch = score_batch(inputs(scheme, bazhou(2020), data_year=2020), scheme)

    assert {Flag.FORECAST in line.flags for line in batch.counties[0].lines} == {True}
    assert batch.counties[0].flags == (Flag.MISSING, Flag.CARRIED_FORWARD, Flag.FORECAST)


def test_derivation_is_the_officials_arithmetic():
    cell = next(each for each in source_years()[2018]["figures"] if each["indicator"] == "04")

    line = score_indicator(indicator("04"), Figure("04", source_measure(cell)))

    assert line.derivation.text == "8 − (40 − 28) ÷ (40 − 10) × 3 = 6.80"
