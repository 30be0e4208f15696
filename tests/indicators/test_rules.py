"""Reading cells and what is missing: pure, without a database."""

from datetime import date
from decimal import Decimal

import pytest

from indicators.enums import FillMode
from indicators.rules import (
    CellFigure,
    CellInput,
    CellSpec,
    FillingTime,
    filling_refusal,
    list_missing,
    read_cell,
    recall_refusal,
    recorded_figure,
    typed_of,
)

NUMBER = CellSpec("04", "高新技术企业数量", "number", "家", is_integer=True)
MONEY = CellSpec("01", "地方财政科技支出", "number", "万元")
RATE = CellSpec(
    "02", "财政科技支出占比", "rate", "%", False, "财政科技支出", "公共财政支出", Decimal(100)
)
ITEMS = CellSpec("10", "创新创业服务机构", "itemised", "家", is_integer=True)
WORDS = CellSpec("17", "科技管理创新情况", "qualitative", "")


def codes(errors):
    return [(error.part, error.code) for error in errors]


@pytest.mark.parametrize(
    "text, number",
    [
        ("50", "50"),
        ("１２３", "123"),
        ("7,351.20", "7351.2"),
        ("７，３５１．２", "7351.2"),
        (" 0 ", "0"),
    ],
)
def test_a_number_is_read_whatever_its_width_and_commas(text, number):
    figure, errors = read_cell(MONEY, CellInput(text))

    assert (figure.number, errors) == (Decimal(number), [])
    assert figure.text == text.strip()


@pytest.mark.parametrize(
    "text, code",
    [
        ("七千", "number_not_a_number"),
        ("NaN", "number_not_a_number"),
        ("Infinity", "number_not_a_number"),
        ("1e400", "number_not_a_number"),
        ("-3", "number_negative"),
        ("－3", "number_negative"),
        ("9" * 40, "number_too_large"),
        ("0" * 61, "number_too_long"),
        ("0.1234567", "number_too_many_decimals"),
        ("1,23", "number_commas"),
        ("35%", "number_percent_sign"),
    ],
)
def test_what_is_no_number_is_refused_in_words(text, code):
    _, errors = read_cell(MONEY, CellInput(text))

    assert codes(errors) == [("text", code)]
    assert "地方财政科技支出" in errors[0].sentence


def test_a_count_must_be_whole():
    _, errors = read_cell(NUMBER, CellInput("62.5"))

    assert codes(errors) == [("text", "number_not_an_integer")]


def test_blank_is_not_zero():
    figure, errors = read_cell(MONEY, CellInput(""))

    assert (figure, errors) == (CellFigure(), [])


def test_a_forecast_says_so():
    figure, _ = read_cell(MONEY, CellInput("8", mode=FillMode.FORECAST))

    assert figure.is_forecast


@pytest.mark.parametrize("mode", ["missing", "not-applicable"])
def test_an_absence_is_kept_with_its_reason(mode):
    figure, errors = read_cell(RATE, CellInput(mode=mode, note=" 年鉴未公布。 "))

    assert (figure, errors) == (CellFigure(absence=mode, note="年鉴未公布。"), [])


def test_an_absence_beside_a_figure_is_refused():
    _, errors = read_cell(RATE, CellInput(denominator="3", mode=FillMode.MISSING))

    assert codes(errors) == [("mode", "absent_with_figure")]


def test_an_unknown_mode_is_refused():
    _, errors = read_cell(NUMBER, CellInput("1", mode="nonsense"))

    assert codes(errors) == [("mode", "mode_unknown")]


def test_words_are_the_answer_of_a_qualitative_line():
    assert read_cell(WORDS, CellInput(note="成立领导小组。")) == (
        CellFigure(absence="qualitative", note="成立领导小组。"),
        [],
    )
    assert read_cell(WORDS, CellInput(note="  ")) == (CellFigure(), [])


@pytest.mark.parametrize(
    "note, code", [("a\u202eb", "text_control_character"), ("字" * 2001, "text_too_long")]
)
def test_a_note_keeps_the_text_policy(note, code):
    _, errors = read_cell(NUMBER, CellInput("1", note=note))

    assert codes(errors) == [("note", code)]


def test_a_rate_is_computed_from_its_parts_unrounded():
    figure, errors = read_cell(RATE, CellInput("0.3", "50", "16625"))

    assert errors == []
    assert figure.exact(Decimal(1000)) == Decimal(50) / Decimal(16625) * 1000
    assert CellFigure(number=Decimal("0.3")).exact(Decimal(100)) == Decimal("0.3")


@pytest.mark.parametrize(
    "numerator, denominator, expected",
    [
        ("5", "", [("denominator", "rate_part_missing")]),
        ("", "5", [("numerator", "rate_part_missing")]),
        ("5", "0", [("denominator", "denominator_zero")]),
        ("", "0", [("numerator", "rate_part_missing"), ("denominator", "denominator_zero")]),
        ("五", "0", [("numerator", "number_not_a_number")]),
        ("-5", "七", [("numerator", "number_negative"), ("denominator", "number_not_a_number")]),
    ],
)
def test_parts_of_a_rate_are_checked(numerator, denominator, expected):
    _, errors = read_cell(RATE, CellInput("", numerator, denominator))

    assert codes(errors) == expected


def test_missing_lines_are_listed_in_table_order():
    specs = [MONEY, NUMBER, ITEMS, WORDS, RATE]
    figures = {
        "01": CellFigure(number=Decimal(0)),
        "17": CellFigure(note="草稿"),
        "02": CellFigure(absence="missing"),
    }

    missing = list_missing(specs, figures, {})

    assert [(row.indicator, row.code) for row in missing] == [
        ("04", "cell_blank"),
        ("10", "cell_blank"),
        ("17", "cell_blank"),
        ("02", "absence_without_reason"),
    ]


def test_a_list_of_items_answers_its_line_without_a_count():
    assert list_missing([ITEMS], {}, {"10": 1}) == []


def time(collection="open", state="draft", due="2026-03-31", today="2026-03-31"):
    return FillingTime(collection, state, date.fromisoformat(due), date.fromisoformat(today))


@pytest.mark.parametrize(
    "when, code",
    [
        (time(), None),
        (time(state="returned"), None),
        (time(today="2026-04-01"), "deadline_passed"),
        (time(collection="closed"), "collection_closed"),
        (time(state="city_review"), "not_editable"),
    ],
)
def test_when_figures_may_be_changed(when, code):
    refusal = filling_refusal(when)

    assert (refusal and refusal.code) == code


def test_a_recall_that_leads_nowhere_is_refused():
    assert recall_refusal(time()) is None
    refusal = recall_refusal(time(today="2026-04-01"))
    assert refusal.code == "recall_too_late"
    assert "2026年3月31日" in refusal.sentence


@pytest.mark.parametrize(
    "typed",
    [
        CellInput("7,351.2"),
        CellInput("8", mode="forecast", note="预计"),
        CellInput(mode="missing", note="未公布"),
        CellInput("", "50", "16625"),
    ],
)
def test_a_stored_figure_is_shown_as_it_was_typed(typed):
    figure, _ = read_cell(RATE, typed)

    assert typed_of(figure) == typed
    assert typed_of(figure).fingerprint == typed.fingerprint


def test_nothing_stored_is_an_empty_cell():
    assert typed_of(None) == CellInput()
    assert recorded_figure(None) == CellFigure()


def test_fingerprints_tell_cells_apart_but_not_blanks_around():
    assert CellInput("5 ").fingerprint == CellInput("5").fingerprint
    assert CellInput("5", "1").fingerprint != CellInput("51").fingerprint
