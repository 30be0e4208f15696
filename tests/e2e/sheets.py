"""A county's sheet as somebody fills it in at the browser."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, expect

from tests.e2e.person import Person

# Figure, numerator, denominator; the lists count what is listed.
FIGURES: dict[str, tuple[str, str, str]] = {
    "01": ("8,120.50", "", ""),
    "02": ("", "8120.5", "561000"),
    "03": ("1.42", "", ""),
    "04": ("62", "", ""),
    "05": ("", "62", "17210"),
    "06": ("355", "", ""),
    "07": ("", "355", "17210"),
    "08": ("1", "", ""),
    "09": ("0", "", ""),
    "10": ("0", "", ""),
    "11": ("", "66", "411"),
    "12": ("", "290", "68.9"),
    "13": ("", "301000", "1220000"),
    "15": ("0", "", ""),
    "16": ("0", "", ""),
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ABSENT = "14"
REASON = "统计口径调整，年鉴尚未公布。"
TRUE = "已与统计年报核对，数值属实。"
STORY = "成立科技创新工作领导小组，县长任组长，科技特派员覆盖全部乡镇。"
PAPER = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""


def today() -> datetime:
    """The day in Beijing, where the portal's deadlines are kept."""
    return datetime.now(ZoneInfo("Asia/Shanghai"))


def newest_data_year() -> int:
    """The data year of the demonstration's open collection."""
    return today().year - 1


def line(person: Person, code: str) -> Locator:
    """One line of the indicator table."""
    return person.page.locator(f"#line-{code}")


def type_figures(person: Person) -> None:
    """All figures, one absence with its reason, and the words asked for."""
    for code, parts in FIGURES.items():
        line(person, code).get_by_role("combobox").select_option(label="实际数")
        for prefix, text in zip("vnd", parts, strict=True):
            field = person.page.locator(f"#{prefix}-{code}")
            if text or field.count():
                field.fill(text)
    row = line(person, ABSENT)
    for prefix in "vnd":
        person.page.locator(f"#{prefix}-{ABSENT}").fill("")
    row.get_by_role("combobox").select_option(label="缺报")
    row.get_by_role("textbox", name=re.compile("的说明")).fill(REASON)
    line(person, "17").get_by_role("textbox", name=re.compile("的说明")).fill(STORY)


def open_newest_sheet(person: Person) -> None:
    """The county's sheet of the collection under way."""
    person.navigate("填报")
    person.follow(re.compile(f"^{newest_data_year()}年度"), within="main")
    expect(person.page.get_by_role("heading", name="办理进度")).to_be_visible()


def open_form(person: Person) -> None:
    """The form of that sheet."""
    open_newest_sheet(person)
    person.follow("填报", within=".page-actions")
    person.is_at("填报：")


def add_evidence(person: Person, name: str, file: str) -> None:
    """One named item with its paper, on the list of line 08; ends on the page of the list."""
    add_item(person, "08", name, file, kind="省级重点实验室", year="2019")


def add_item(
    person: Person, code: str, name: str, file: str, *, kind: str = "", year: str = ""
) -> None:
    """One named item on a line's list, from the form: of the first kind and the data year unless said."""
    line(person, code).get_by_role("link", name=re.compile("^清单")).click()
    person.is_at("清单与证明材料")
    choice = person.page.get_by_label("类别")
    choice.select_option(label=kind) if kind else choice.select_option(index=1)
    person.fill("名称", name)
    person.fill("认定年份", year or str(newest_data_year()))
    person.fill("批准文号", "冀科平〔2019〕7号")
    person.page.get_by_label("证明材料").set_input_files(
        {"name": file, "mimeType": "application/pdf", "buffer": PAPER}
    )
    person.press("添加")
    person.reads(f"“{name}”已列入清单。", file)


def take_back(person: Person) -> None:
    """From the county's sheet: the bureau answers for every line itself."""
    person.follow("分工", within="main")
    # The last thing on the page: before it is there, not every line is.
    person.page.get_by_role("button", name="保存分工").wait_for()
    for choice in person.page.locator("main").get_by_role("combobox").all():
        choice.select_option(label="本局填报")
    person.press("保存分工")
    person.reads("收回")


def explain(person: Person) -> None:
    """From the county's sheet: a reason for every finding that wants one; ends on the sheet."""
    home = person.page.url
    link = person.page.locator("main").get_by_role("link", name=re.compile("^核对提示")).first
    if link.count() == 0:
        return
    link.click()
    person.is_at("核对提示")
    fields = person.page.get_by_label("数值属实的原因")
    while left := fields.count():
        fields.first.fill(TRUE)
        person.page.get_by_role("button", name="保存原因").first.click()
        expect(fields).to_have_count(left - 1)
    person.reads("必须改正 0", "待说明原因 0")
    person.look("核对提示")
    person.go(home)


def accept(reviewer: Person) -> None:
    """From the sheet: the city begins; ends on the page of the review."""
    reviewer.follow("受理", within=".page-actions")
    reviewer.is_at("审核：")
    reviewer.press("受理")
    reviewer.reads("已受理，县级不能再撤回。")


def have_approved(person: Person) -> None:
    """From the county's sheet: what the county government approved is recorded."""
    person.follow(re.compile("审定登记|登记审定"), within="main")
    person.fill("审定日期", f"{date.today():%Y-%m-%d}")  # noqa: DTZ011 -- the browser's own day
    person.fill("文号或会议纪要编号", "霸政字(2026)12号")
    person.page.get_by_label("审定材料扫描件").set_input_files(
        {"name": "审定.pdf", "mimeType": "application/pdf", "buffer": PAPER}
    )
    person.press("登记")
    person.reads("县政府审定已登记。", "霸政字〔2026〕12号")
