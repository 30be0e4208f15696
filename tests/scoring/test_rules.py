"""Movement, document numbers, experts' points."""

from decimal import Decimal

import pytest

from county_portal.common.errors import Invalid
from scoring.enums import Movement
from scoring.rules import movement_between, panel_score_problem, read_document_number

CLASSES = ["A", "B", "C"]


@pytest.mark.parametrize(
    "before, after, expected",
    [
        ("C", "B", Movement.RISE),
        ("C", "A", Movement.RISE),
        ("B", "A", Movement.RISE),
        ("A", "B", Movement.FALL),
        ("A", "C", Movement.FALL),
        ("B", "B", Movement.SAME),
        ("", "B", Movement.FIRST),
        ("优", "B", Movement.FIRST),
    ],
)
def test_movement_between_classes(before, after, expected):
    assert movement_between(before, after, CLASSES) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "冀科领〔2021〕1号",
        " 冀科领[2021]1号 ",
        "冀科领（2021）1号",
        "冀科领［２０２１］１号",
        "冀科领【2021】1号",
    ],
)
def test_document_number_takes_its_standard_form(typed):
    assert read_document_number(typed) == "冀科领〔2021〕1号"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "冀科领2021-1",
        "冀科领〔2021〕第1号",
        "冀科领〔2021〕01号",
        "冀科领〔21〕1号",
        "〔2021〕1号",
        "冀 科〔2021〕1号",
    ],
)
def test_document_number_malformed_is_refused(typed):
    with pytest.raises(Invalid) as refusal:
        read_document_number(typed)

    assert (refusal.value.code, refusal.value.field) == (
        "document_number_malformed",
        "document_number",
    )


@pytest.mark.parametrize("score", [None, Decimal(0), Decimal("4.25"), Decimal(5), Decimal("3.500")])
def test_panel_score_within_the_maximum_is_taken(score):
    assert panel_score_problem(score, Decimal(5)) == ""


@pytest.mark.parametrize(
    "score, sentence",
    [
        ("5.01", "评分5.01超出0至5分，请更正。"),
        ("-1", "评分-1超出0至5分，请更正。"),
        ("1E+3", "评分1000超出0至5分，请更正。"),
        ("3.255", "评分3.255多于2位小数，请更正。"),
        ("NaN", "评分NaN超出0至5分，请更正。"),
    ],
)
def test_panel_score_out_of_range_is_worded(score, sentence):
    assert panel_score_problem(Decimal(score), Decimal(5)) == sentence
