"""Schemes as workbooks and JSON: out and in to the byte; every refusal names its place and changes nothing."""

import io
import json

import openpyxl
import pytest

from county_portal.common.errors import Invalid
from scoring.engine.canonical import canonical_bytes
from scoring.schemes.files import read_scheme_file
from scoring.schemes.workbook import scheme_workbook
from tests.scoring.schemes.documents import all_kinds, hebei


def edited(change, document=None):
    """A workbook after somebody's edit."""
    book = openpyxl.load_workbook(io.BytesIO(scheme_workbook(document or all_kinds())))
    change(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.mark.parametrize("document", [hebei(), all_kinds()], ids=["hebei", "all-kinds"])
def test_out_and_in_again_is_the_same_to_the_byte(document):
    content = canonical_bytes(document)

    assert canonical_bytes(read_scheme_file(scheme_workbook(document))) == content
    assert canonical_bytes(read_scheme_file(content)) == content
    assert scheme_workbook(document) == scheme_workbook(document)


def test_saved_by_another_program_it_is_still_the_same():
    assert read_scheme_file(edited(lambda book: None)) == all_kinds()


def test_a_draft_that_makes_no_sense_travels_too():
    document = all_kinds()
    document["indicators"][0]["rule"]["bands"] = []
    document["indicators"][1]["weight"] = "0"
    document["classes"] = []

    assert read_scheme_file(scheme_workbook(document)) == document


def test_numbers_typed_as_numbers_are_read_as_typed():
    def change(book):
        book["指标"]["E2"].value = 6.35
        book["区间"]["C3"].value = 0.1

    read = read_scheme_file(edited(change))

    assert read["indicators"][0]["weight"] == "6.35"
    assert read["indicators"][0]["rule"]["bands"][1]["from"] == "0.1"


def test_texts_like_formulas_stay_texts():
    book = openpyxl.load_workbook(io.BytesIO(scheme_workbook(all_kinds())))

    cell = book["类别"]["C2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=实验室", "s", True)


def set_cell(sheet, place, value):
    def change(book):
        book[sheet][place].value = value

    return change


def drop_sheet(book):
    del book["区间"]


def drop_column(book):
    book["指标"].delete_cols(5)


def drop_row(book):
    book["总则"].delete_rows(4)


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (set_cell("指标", "E2", "=1+1"), "scheme_formula", "“指标”的E2是公式"),
        (set_cell("指标", "E3", "六分"), "scheme_cell", "“指标”的E3（权重）“六分”不是数字"),
        (set_cell("指标", "E3", None), "scheme_cell", "E3（权重）是空的"),
        (
            set_cell("计分办法", "E2", "抽签"),
            "scheme_cell",
            "“计分办法”的E2（计分办法）“抽签”应当是",
        ),
        (set_cell("计分办法", "A2", "99"), "scheme_cell", "没有计分办法"),
        (set_cell("区间", "A2", "99"), "scheme_cell", "“区间”的A2"),
        (set_cell("计分办法", "N6", "大概"), "scheme_cell", "应当写“是”或留空"),
        (set_cell("计分办法", "O6", "是"), "scheme_cell", "（越低越好）不用于“与平均水平比较”"),
        (set_cell("计分办法", "H9", "取平均"), "scheme_cell", "H9（合成办法）不用于"),
        (set_cell("计分办法", "R8", "值+"), "scheme_cell", "不能识别：算式第3个字符处"),
        (set_cell("总则", "B4", "两位"), "scheme_cell", "“总则”的B4"),
        (set_cell("总则", "B2", "别的格式"), "scheme_cell", "“总则”的B2"),
        (set_cell("指标", "A2", "零一、"), "scheme_cell", "没有计分办法"),
        (drop_sheet, "scheme_sheet_missing", "没有工作表“区间”"),
        (drop_column, "scheme_column_missing", "没有列“权重”"),
        (drop_row, "scheme_row_missing", "没有“小数位数”一行"),
    ],
)
def test_refusals_of_a_workbook_name_sheet_cell_reason_and_remedy(change, code, words):
    with pytest.raises(Invalid) as refusal:
        read_scheme_file(edited(change))

    assert refusal.value.code == code
    assert words in refusal.value.sentence
    assert "方案没有改动" in refusal.value.sentence
    assert refusal.value.field == "file"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "scheme_not_json"),
        (b"\xff\xfe", "scheme_not_json"),
        (b"PK\x03\x04broken", "scheme_file_damaged"),
        (b"{}", "field-missing"),
        (b"[" * 100_000, "scheme_not_json"),
        (b'{"format": 1, "format": 2}', "scheme_not_json"),
        (b" " * (5 * 1024 * 1024 + 1), "scheme_file_large"),
    ],
)
def test_what_is_no_scheme_is_refused(content, code):
    with pytest.raises(Invalid) as refusal:
        read_scheme_file(content)

    assert refusal.value.code == code
    assert refusal.value.field == "file"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda doc: doc["indicators"][0]["rule"].update(kind="lottery"), "rule-unknown"),
        (lambda doc: doc["indicators"][6]["rule"].update(tree=["eval", "1"]), "operation-unknown"),
        (lambda doc: doc["indicators"][0].update(weight=6), "not-a-number"),
        (lambda doc: doc["indicators"][0].update(code="甲、乙"), "code_not_plain"),
        (lambda doc: doc.update(title="方\x07案"), "text_control_character"),
        (lambda doc: doc.update(extra=1), "field-unknown"),
    ],
)
def test_refusals_of_json(change, code):
    document = all_kinds()
    change(document)

    with pytest.raises(Invalid) as refusal:
        read_scheme_file(json.dumps(document).encode())

    assert refusal.value.code == code
