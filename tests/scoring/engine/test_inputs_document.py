import json
from decimal import Decimal

import pytest

from scoring.engine.codec import (
    inputs_bytes,
    inputs_document,
    inputs_from_bytes,
    inputs_from_document,
)
from scoring.engine.errors import DocumentError
from scoring.engine.types import (
    Absence,
    Carried,
    CountyFigures,
    Figure,
    FigureStatus,
    GradingInputs,
    Item,
    Measure,
)
from tests.scoring.engine.builders import bazhou, hebei_scheme, inputs

BRIEF = {
    "format": "county-portal/grading-inputs/1",
    "data_year": 2019,
    "evaluation_year": 2020,
    "scheme_sha256": "abc",
    "counties": [
        {"code": "131081", "name": "霸州市", "figures": [{"indicator": "01"}]},
    ],
}
FULL_FIGURE = {
    "indicator": "05",
    "value": "3.50",
    "numerator": "50",
    "denominator": "16625",
    "factor": "1000",
    "absence": "missing",
    "items": [
        {"kind": "b", "name": "乙"},
        {"kind": "a", "name": "丙", "points": "1.5"},
        {"kind": "a", "name": "甲"},
    ],
    "panel": ["3.5", "3"],
    "carried": {"year": 2018, "value": "2557"},
    "status": "forecast",
}


def with_figure(**changes):
    document = json.loads(json.dumps(BRIEF))
    document["counties"][0]["figures"] = [FULL_FIGURE | changes]
    return document


def test_every_field_is_read():
    read = inputs_from_document(with_figure())

    measure = Measure(
        Decimal("3.50"),
        Decimal(50),
        Decimal(16625),
        Decimal(1000),
        (Item("b", "乙"), Item("a", "丙", Decimal("1.5")), Item("a", "甲")),
        (Decimal("3.5"), Decimal(3)),
    )
    figure = Figure(
        "05",
        measure,
        Absence.MISSING,
        Carried(2018, Measure(value=Decimal(2557))),
        FigureStatus.FORECAST,
    )
    assert read == GradingInputs(2019, 2020, "abc", (CountyFigures("131081", "霸州市", (figure,)),))


def test_fields_left_out_take_their_plain_meaning():
    read = inputs_from_document(BRIEF)

    assert read.counties[0].figures == (Figure("01"),)


def test_canonical_document_sorts_counties_figures_items_and_panel():
    written = inputs_document(inputs_from_document(with_figure()))

    figure = written["counties"][0]["figures"][0]
    assert figure["items"] == [
        {"kind": "a", "name": "丙", "points": "1.5"},
        {"kind": "a", "name": "甲"},
        {"kind": "b", "name": "乙"},
    ]
    assert (figure["panel"], figure["value"]) == (["3", "3.5"], "3.5")
    assert figure["carried"] == {
        "year": 2018,
        "value": "2557",
        "numerator": None,
        "denominator": None,
        "factor": "1",
        "items": [],
        "panel": [],
    }


def test_canonical_bytes_are_stable_over_reading_and_writing():
    content = inputs_bytes(inputs(hebei_scheme(), bazhou(2020), bazhou(2019), data_year=2020))

    again = inputs_bytes(inputs_from_bytes(content))

    assert again == content
    assert (
        json.dumps(json.loads(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        == content.decode()
    )


@pytest.mark.parametrize(
    ("changes", "code", "sentence"),
    [
        ({"value": 3}, "not-a-number", "“counties[0].figures[0].value”应当是写在引号里的数字"),
        ({"value": "1e3"}, "not-a-number", "“counties[0].figures[0].value”应当是"),
        ({"value": "１２"}, "not-a-number", "“counties[0].figures[0].value”应当是"),
        ({"value": "007"}, "not-a-number", "“counties[0].figures[0].value”应当是"),
        ({"value": "NaN"}, "not-a-number", "“counties[0].figures[0].value”应当是"),
        ({"value": "1" * 16}, "not-a-number", "“counties[0].figures[0].value”应当是"),
        ({"panel": ["x"]}, "not-a-number", "“counties[0].figures[0].panel[0]”应当是"),
        ({"panel": "3.5"}, "not-a-list", "“counties[0].figures[0].panel”应当是一个列表。"),
        (
            {"absence": "lost"},
            "not-a-choice",
            "“counties[0].figures[0].absence”应当是以下之一：missing、not-applicable、qualitative。",
        ),
        (
            {"status": "final"},
            "not-a-choice",
            "“counties[0].figures[0].status”应当是以下之一：",
        ),
        (
            {"carried": {"value": "1"}},
            "field-missing",
            "“counties[0].figures[0].carried”缺少字段“year”。",
        ),
        (
            {"items": [{"kind": "a"}]},
            "field-missing",
            "“counties[0].figures[0].items[0]”缺少字段“name”。",
        ),
        (
            {"remark": "x"},
            "field-unknown",
            "“counties[0].figures[0]”中有不认识的字段“remark”。",
        ),
    ],
)
def test_faults_are_refused_with_path_and_sentence(changes, code, sentence):
    with pytest.raises(DocumentError) as refusal:
        inputs_from_document(with_figure(**changes))

    assert refusal.value.code == code
    assert refusal.value.sentence.startswith(sentence)


@pytest.mark.parametrize("year", ["2019", True, 19, 2019.0])
def test_year_must_be_a_whole_number(year):
    with pytest.raises(DocumentError) as refusal:
        inputs_from_document(BRIEF | {"data_year": year})

    assert refusal.value.sentence == "“data_year”应当是1949至9999的整数。"


def test_text_that_is_no_json_is_refused():
    with pytest.raises(DocumentError) as refusal:
        inputs_from_bytes(b"{")

    assert (refusal.value.code, refusal.value.sentence) == (
        "not-json",
        "内容不是有效的 JSON 文档。",
    )


def test_bytes_that_are_no_utf8_are_refused():
    with pytest.raises(DocumentError) as refusal:
        inputs_from_bytes("{}".encode("utf-16")[:-1])

    assert refusal.value.code == "not-json"


def test_repeated_key_is_refused_instead_of_the_last_one_winning():
    with pytest.raises(DocumentError) as refusal:
        inputs_from_bytes('{"format": "a", "format": "b"}')

    assert (refusal.value.code, refusal.value.sentence) == (
        "key-repeated",
        "同一对象中有重复的字段名。",
    )
