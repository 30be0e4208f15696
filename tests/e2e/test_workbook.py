"""A sheet taken to Excel and back in Chromium: a conflict a colleague made meanwhile is shown and settled."""

import io
import re
from pathlib import Path

import openpyxl
import pytest

from indicators.workbook.template import FILLING
from tests.e2e.conftest import Enter
from tests.e2e.person import PHONE, Person
from tests.e2e.sheets import XLSX, open_newest_sheet

pytestmark = pytest.mark.e2e

# Two counties of 廊坊 that have not begun, or have just begun, in the open collection.
WITH_SCRIPTS, WITHOUT_SCRIPTS = "131026", "131024"


@pytest.mark.parametrize(
    "county, scripts", [(WITH_SCRIPTS, True), (WITHOUT_SCRIPTS, False)], ids=["scripts", "plain"]
)
def test_a_workbook_goes_out_and_comes_back(enter: Enter, county: str, *, scripts: bool):
    filler = enter(f"{county}-fill", scripts=scripts)
    open_newest_sheet(filler)
    content = typed(filler.download("下载Excel"))
    a_colleague_types(enter(f"{county}-fill", scripts=False), "70")

    filler.follow("上传Excel", within="main")
    filler.is_at("Excel填报")
    filler.look("上传Excel")
    filler.page.get_by_label("填好的工作簿").set_input_files(
        {"name": "填报.xlsx", "mimeType": XLSX, "buffer": content}
    )
    filler.press("上传并预览")
    filler.reads("文件中的问题", "G10", "40 家", "请只填写数字，单位不用填写", "须选择")
    filler.look("Excel预览")
    filler.page.set_viewport_size(PHONE)
    filler.look("Excel预览")

    filler.press_with_errors("确认写入", "请选择“用文件的”或“保留系统中的”后再确认")
    filler.follow("全部保留系统中的")
    filler.page.get_by_role("radio", name="用文件的").check()
    filler.press("确认写入")
    filler.reads("已写入2项；有问题的1项未写入。", "已写入文件的")
    filler.look("Excel结果")

    filler.follow("返回填报表")
    row = filler.page.get_by_role("row", name=re.compile("高新技术企业数量")).first
    assert "61" in row.inner_text()


def typed(path: Path) -> bytes:
    """The workbook with a figure, a figure with its unit, and a note."""
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    sheet = book[FILLING]
    sheet["F8"], sheet["G8"] = "实际数", 61
    sheet["F10"], sheet["G10"] = "实际数", "40 家"
    sheet["L12"] = "清单另在网上登记。"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def a_colleague_types(person: Person, text: str) -> None:
    """Somebody else writes another figure on the web."""
    open_newest_sheet(person)
    person.follow("填报", within=".page-actions")
    person.page.locator("#v-04").fill(text)
    person.press("保存草稿")
    person.reads("已保存。")
