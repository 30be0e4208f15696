"""Workbooks out: no formula ever, nothing lost in silence, the same bytes whenever they are made."""

import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
import time_machine

from county_portal.documents.workbook import Column, Sheet, printable, render_workbook

TEXT = Column("内容", 40)
PAYLOADS = [
    start + rest
    for start in ("=", "+", "-", "@", "\t=", "＝", "＋", "－", "＠", "=\n")
    for rest in (
        "1+1",
        "cmd|' /C calc'!A0",
        'HYPERLINK("http://x","y")',
        "SUM(A1:A9)",
        "A1",
        "2024年",
    )
]


def made(*values: object, column: Column = TEXT, **about: Any) -> bytes:
    sheet = Sheet("表", (column,), [(value,) for value in values])
    return render_workbook([sheet], title="试", **about).content


def cells(content: bytes) -> list[object]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [row[0] for row in book.worksheets[0].iter_rows(min_row=2, max_col=1)]


def sheet_source(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


def test_no_payload_becomes_a_formula_and_all_come_back():
    content = made(*PAYLOADS)
    assert len(PAYLOADS) == 60
    assert "<f>" not in sheet_source(content)
    found = cells(content)
    assert [cell.value for cell in found] == PAYLOADS
    assert {cell.data_type for cell in found} == {"s"}
    assert all(cell.quotePrefix for cell in found)


def test_headings_and_titles_are_text_too():
    sheet = Sheet("表", (Column("=1+1", 9),), [], heading_lines=("=2+2", "@x"))
    content = render_workbook([sheet], title="试").content
    assert "<f>" not in sheet_source(content)


def test_numbers_stay_numbers_with_their_format():
    content = made(Decimal("3.50"), 7, None, column=Column("得分", 9, "0.00"))
    first, second, third = cells(content)
    assert (first.value, first.number_format, first.data_type) == (3.5, "0.00", "n")
    assert second.value == 7
    assert third.value is None


def test_what_cannot_stand_is_replaced_and_listed():
    sheet = Sheet(
        "表",
        (TEXT,),
        [("好",), ("\x00坏\x1f",), ("长" * 40_000,), (float("nan"),), (Decimal("inf"),)],
    )
    rendered = render_workbook([sheet], title="试")
    assert [(cell.row, cell.column) for cell in rendered.replaced] == [
        (3, 1),
        (4, 1),
        (5, 1),
        (6, 1),
    ]
    found = [cell.value for cell in cells(rendered.content)]
    assert found[:2] == ["好", "�坏�"]
    assert len(found[2]) == 32_767
    assert found[2].endswith("…")
    assert found[3:] == ["非有效数字", "非有效数字"]


def test_line_breaks_and_tabs_are_kept():
    assert printable("一\n二\t三") == ("一\n二\t三", "")
    assert printable("\ud800")[0] == "�"


def test_same_bytes_at_any_time():
    with time_machine.travel(date(2021, 9, 3)):
        first = made("河北", 1)
    with time_machine.travel(date(2026, 1, 2)):
        second = made("河北", 1)
    assert first == second
    assert made("河北", created_on=date(2021, 9, 3)) != first


def test_times_inside_are_fixed_and_the_types_come_first():
    with zipfile.ZipFile(io.BytesIO(made("河北", created_on=date(2021, 9, 3)))) as archive:
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\d", core)) == {"2021-09-03"}


def test_heading_stays_in_sight_and_on_every_page():
    sheet = Sheet("表", (TEXT, TEXT), [("甲", "乙")], heading_lines=("题", "注"), landscape=True)
    book = openpyxl.load_workbook(io.BytesIO(render_workbook([sheet], title="试").content))
    made_sheet = book.worksheets[0]
    assert book.sheetnames == ["表"]
    assert made_sheet.freeze_panes == "A4"
    assert made_sheet.print_title_rows == "$3:$3"
    assert made_sheet.page_setup.orientation == "landscape"
    assert made_sheet.page_setup.paperSize == 9
    assert "第" in made_sheet.oddFooter.center.text
    assert {str(each) for each in made_sheet.merged_cells.ranges} == {"A1:B1", "A2:B2"}


def test_styles_are_shared():
    content = made(*(f"第{number}行" for number in range(500)))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        styles = archive.read("xl/styles.xml").decode()
    assert int(re.search(r'<cellXfs count="(\d+)"', styles)[1]) < 10


def test_rows_must_fit_the_columns():
    with pytest.raises(ValueError, match="zip"):
        render_workbook([Sheet("表", (TEXT,), [("甲", "乙")])], title="试")


def test_several_sheets_in_order():
    sheets = [Sheet(name, (TEXT,), [(name,)]) for name in ("名单", "说明")]
    book = openpyxl.load_workbook(io.BytesIO(render_workbook(sheets, title="试").content))
    assert book.sheetnames == ["名单", "说明"]
