"""The cases that come with the product, and what a case says of a scheme that scores otherwise."""

from dataclasses import replace
from decimal import Decimal

import pytest

from scoring.engine.codec import scheme_from_bytes
from scoring.engine.scheme_document import read_scheme
from scoring.engine.types import Measure
from scoring.schemes.golden import (
    Expected,
    county_of,
    expected_of,
    expected_text,
    figures_text,
    run_case,
)
from scoring.schemes.source_cases import read_source_cases
from scoring.schemes.trying import try_figure
from tests.scoring.engine.builders import SCHEME_FILE
from tests.scoring.schemes.documents import hebei

SCHEME = scheme_from_bytes(SCHEME_FILE.read_bytes())
CASES = read_source_cases("hebei")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_source_table_comes_out_as_printed(case):
    outcome = run_case(case, SCHEME)

    assert outcome.wrong == []
    assert len(outcome.cells) == 18
    assert (
        outcome.cells[-1].got
        == {"2018": "52.64", "2019": "61.33", "2020目标": "73.95"}[case.name.removeprefix("霸州市")]
    )


def test_thirty_two_cells_have_a_printed_figure_and_the_others_say_why_not():
    notes = [note for case in CASES for note in case.expected.notes.values()]

    reconstructed = [note for note in notes if note.startswith("原表未印出")]
    unrounded = [note for note in notes if "原表得" in note]
    assert (len(reconstructed), len(unrounded), len(notes)) == (18, 3, 22)
    assert 3 * 17 - len(reconstructed) - 1 == 32


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_is_kept_as_it_is(case):
    text = figures_text(case.county)

    assert figures_text(county_of(text)) == text
    assert expected_of(expected_text(case.expected)) == case.expected


def test_a_scheme_that_scores_otherwise_fails_in_its_cells():
    document = hebei()
    document["indicators"][3]["rule"]["bands"][1]["points_to"] = "7"
    document["indicators"][3]["rule"]["bands"][2]["points_from"] = "7"

    outcome = run_case(CASES[0], read_scheme(document))

    assert [cell.code for cell in outcome.wrong] == ["04", ""]
    assert outcome.wrong[0].expected == "6.8"
    assert outcome.wrong[0].got == "6.20"


def test_what_cannot_be_scored_is_a_wrong_cell_with_its_reason():
    case = CASES[0]
    lost = replace(case.county, figures=case.county.figures[1:])
    strange = Expected({"01": Decimal(1), "99": Decimal(2)}, Decimal(3))

    cells = run_case(replace(case, county=lost, expected=strange), SCHEME).cells

    assert [(cell.name, cell.got, cell.is_right) for cell in cells] == [
        ("地方财政科技支出", "", False),
        ("99", "", False),
        ("总分", "", False),
    ]
    assert [cell.reason for cell in cells[:2]] == [
        "用例没有给出这个指标的数据。",
        "方案中没有这个指标。",
    ]
    assert "缺少这一行数据" in cells[2].reason


def test_cases_and_trials_round_as_the_scheme_says():
    document = hebei()
    document["rounding"] = {"places": 1, "mode": "ROUND_DOWN"}
    scheme = read_scheme(document)

    cells = {cell.code: cell for cell in run_case(CASES[0], scheme).cells}
    trial = try_figure(document, document["indicators"][0], Measure(value=Decimal(2489)))

    # 3.37225 to one place, cut off; halves up would give 3.4.
    assert (cells["01"].got, trial.score) == ("3.3", "3.3")


def test_a_case_is_scored_in_its_countys_class():
    document = hebei()
    level = [{"from": "0", "to": None, "points_from": "5", "points_to": "5"}]
    document["indicators"][0]["rule"] = {
        "kind": "by-peer",
        "groups": [
            {"name": "甲", "codes": ["131081"], "rule": {"kind": "piecewise", "bands": level}}
        ],
        "otherwise": document["indicators"][0]["rule"],
    }

    cells = run_case(CASES[0], read_scheme(document)).cells

    assert cells[0].got == "5.00"
