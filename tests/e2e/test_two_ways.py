"""All 17 indicators of 霸州市 by web alone and by Excel alone: what is handed in is the same to the byte."""

import hashlib
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from indicators.workbook.template import FILLING, FIRST_ROW, PARTS, Column
from tests.e2e import sheets
from tests.e2e.conftest import Enter
from tests.e2e.person import Person
from tests.e2e.sheets import XLSX, open_newest_sheet
from tests.e2e.stack import LiveStack

pytestmark = pytest.mark.e2e

COUNTY, NAME = "131081", "霸州市"
SAVED = re.compile(r"已保存 \d+:\d\d")
SOON = 20_000


@dataclass(frozen=True, slots=True)
class Typed:
    """What is typed for one indicator: figure, numerator, denominator, words, and how it is called."""

    text: str = ""
    numerator: str = ""
    denominator: str = ""
    note: str = ""
    mode: str = "实际数"


# By code; a figure, or parts that add up with it, or (17) words. Lists take their number from what is listed.
TYPED: Mapping[str, Typed] = {
    "01": Typed("7951.37", note="含上级专项。"),
    "02": Typed("", "7951.37", "561234.5"),
    "03": Typed("", "18203.5", "1301877"),
    "04": Typed("63"),
    "05": Typed("", "63", "16625"),
    "06": Typed("356", note="科技型中小企业库年末在库数。"),
    "07": Typed("", "356", "16625"),
    "08": Typed(),
    "09": Typed(),
    "10": Typed(),
    "11": Typed("", "67", "411"),
    "12": Typed("", "291", "68.9"),
    "13": Typed("", "301000", "1220000", mode="预测数"),
    "14": Typed("", "402117.25", "615000"),
    "15": Typed(),
    "16": Typed(),
    "17": Typed(note="成立科技创新工作领导小组，县长任组长。\n科技特派员覆盖全部乡镇。"),
}
WORDS_ONLY = "17"
LISTS = ("08", "09", "10", "15", "16")
PARTS_OF_WEB = {"v": "text", "n": "numerator", "d": "denominator", "t": "note"}


def test_web_and_excel_end_in_the_same_bytes(enter: Enter, stack: LiveStack):
    filler, lead = enter(f"{COUNTY}-fill"), enter(f"{COUNTY}-lead")
    open_newest_sheet(filler)
    sheets.take_back(filler)
    typed = {**TYPED, **list_evidence(filler)}

    empty(filler)
    fill_by_web(filler, typed)
    open_newest_sheet(filler)
    sheets.explain(filler)
    sheets.have_approved(filler)
    by_web = hand_in(lead, stack)
    recall(lead)
    # Nothing of the first way is left to help the second.
    empty(filler)
    fill_by_excel(filler, typed)
    open_newest_sheet(filler)
    sheets.explain(filler)
    by_excel = hand_in(lead, stack)

    assert by_excel.encode() == by_web.encode()
    said = json.loads(by_web)
    assert sorted(said["values"]) == sorted(TYPED)
    assert all(said["values"].values())
    assert said["approval"]["number"] == "霸政字〔2026〕12号"
    # The sheet stays with the county, for whoever comes next.
    recall(lead)


def list_evidence(filler: Person) -> Mapping[str, Typed]:
    """One item on each list that has none; the figure of a list is how many it names."""
    counted = {}
    for code in LISTS:
        sheets.open_form(filler)
        row = sheets.line(filler, code)
        if "清单 0 项" in row.inner_text():
            sheets.add_item(filler, code, f"{NAME}第{code}项载体", f"批复{code}.pdf")
            sheets.open_form(filler)
        found = re.search(r"清单 (\d+) 项", row.inner_text())
        assert found, row.inner_text()
        counted[code] = replace(TYPED[code], text=found.group(1))
    return counted


def fill_by_web(filler: Person, typed: Mapping[str, Typed]) -> None:
    """Typed into the form and left to save itself: no button is pressed."""
    sheets.open_form(filler)
    for code, cell in typed.items():
        if code != WORDS_ONLY:
            filler.page.locator(f"#m-{code}").select_option(label=cell.mode)
        for prefix, part in PARTS_OF_WEB.items():
            field = filler.page.locator(f"#{prefix}-{code}")
            if getattr(cell, part):
                field.fill(getattr(cell, part))
        filler.page.keyboard.press("Tab")
    for code in typed:
        expect(filler.page.locator(f"#s-{code}")).to_contain_text(SAVED, timeout=SOON)
    filler.page.reload()
    filler.reads("已填 17/17")


def fill_by_excel(filler: Person, typed: Mapping[str, Typed]) -> None:
    """Downloaded, filled in, uploaded, read through, confirmed."""
    upload(filler, typed)
    filler.reads("只有文件改动的17项将写入", "两边都改动且不一致的0项须选择")
    filler.look("两路-Excel预览")
    filler.press("确认写入")
    filler.reads("已写入17项")


def empty(filler: Person) -> None:
    """Every cell cleared, by a workbook that says nothing."""
    upload(filler, {code: Typed() for code in TYPED})
    filler.press("确认写入")
    filler.reads("已写入")
    sheets.open_form(filler)
    fields = filler.page.locator("tr[data-line] input.form-control, tr[data-line] textarea")
    assert fields.count() >= len(TYPED)
    assert [field.input_value() for field in fields.all()] == [""] * fields.count()


def upload(filler: Person, typed: Mapping[str, Typed]) -> None:
    """A fresh copy of the workbook with these cells; ends on the preview."""
    open_newest_sheet(filler)
    content = written(filler.download("下载Excel"), typed)
    filler.follow("上传Excel", within="main")
    filler.page.get_by_label("填好的工作簿").set_input_files(
        {"name": f"{NAME}.xlsx", "mimeType": XLSX, "buffer": content}
    )
    filler.press("上传并预览")
    filler.is_at("Excel预览")
    expect(filler.page.get_by_text("文件中的问题")).to_have_count(0)


def written(path: Path, typed: Mapping[str, Typed]) -> bytes:
    """The workbook with these cells, numbers as numbers, as a spreadsheet writes them."""
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    sheet = book[FILLING]
    for row in range(FIRST_ROW, FIRST_ROW + len(typed)):
        code = str(sheet.cell(row, Column.CODE).value)
        cell = typed[code]
        for column, part in PARTS.items():
            text = getattr(cell, part)
            if column == Column.MODE and code == WORDS_ONLY:
                continue
            is_number = column in {Column.TEXT, Column.NUMERATOR, Column.DENOMINATOR}
            sheet.cell(row, column).value = (Decimal(text) if is_number else text) if text else None
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def hand_in(lead: Person, stack: LiveStack) -> str:
    """Submitted by the head; returns the canonical text kept of it, which has the digest that pages show."""
    open_newest_sheet(lead)
    lead.follow("提交", within=".page-actions")
    lead.press("确认提交")
    lead.reads("待市级受理")
    lead.follow("历次版本", within="main")
    shown = lead.page.locator("code.digest").first.inner_text()
    lead.look("两路-历次版本")
    text = stack.manage("shell", "--no-imports", "-c", _KEPT)
    assert hashlib.sha256(text.encode()).hexdigest() == shown
    return text


def recall(lead: Person) -> None:
    """Taken back before the city has begun."""
    open_newest_sheet(lead)
    lead.follow("撤回", within=".page-actions")
    lead.press("撤回")
    lead.reads("已撤回，可以继续修改")


_KEPT = f"""
import sys
from indicators.models import Snapshot
kept = Snapshot.objects.filter(
    submission__region__code={COUNTY!r}, submission__collection__data_year={sheets.newest_data_year()}
)
sys.stdout.write(kept.latest("number").content)
"""
