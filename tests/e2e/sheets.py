"""A county's sheet as somebody fills it in at the browser."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator

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
ABSENT = "14"
REASON = "统计口径调整，年鉴尚未公布。"
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


def add_evidence(person: Person, name: str, file: str) -> None:
    """One named item with its paper, on the list of line 08; ends on the page of the list."""
    line(person, "08").get_by_role("link", name=re.compile("清单")).click()
    person.is_at("清单与证明材料")
    person.page.get_by_label("类别").select_option(label="省级重点实验室")
    person.fill("名称", name)
    person.fill("认定年份", "2019")
    person.fill("批准文号", "冀科平〔2019〕7号")
    person.page.get_by_label("证明材料").set_input_files(
        {"name": file, "mimeType": "application/pdf", "buffer": PAPER}
    )
    person.press("添加")
    person.reads(f"“{name}”已列入清单。", file)


def take_back(person: Person) -> None:
    """From the county's sheet: the bureau answers for every line itself."""
    person.follow("分工", within="main")
    for choice in person.page.get_by_role("combobox").all():
        choice.select_option(label="本局填报")
    person.press("保存分工")
    person.reads("收回")


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
