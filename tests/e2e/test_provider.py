"""A department fills in and signs its own lines; the county sees it, and urges one that is late."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Enter
from tests.e2e.person import PHONE, Person
from tests.e2e.sheets import newest_data_year, open_newest_sheet

pytestmark = pytest.mark.e2e

# Of 霸州市: the statistics bureau has not signed yet, nor have others; its lines, that of the finance bureau.
COUNTY, DEPARTMENT, LATE = "131081", "统计局", "市场监管局"
OWN, FOREIGN = "11", "01"


def test_a_department_signs_and_another_is_urged(enter: Enter):
    clerk = enter(f"{COUNTY}-tjj")
    fill_and_sign(clerk)
    urge(enter(f"{COUNTY}-fill"))
    read_the_urging(enter(f"{COUNTY}-scjgj", size=PHONE))


def fill_and_sign(clerk: Person) -> None:
    """The department sees its lines only, and answers for what is stored."""
    clerk.navigate("分工填报")
    clerk.look("分工填报")
    clerk.follow(re.compile(f"^{newest_data_year()}年度"), within="main")
    expect(clerk.page.locator(f"#line-{OWN}")).to_be_visible()
    expect(clerk.page.locator(f"#line-{FOREIGN}")).to_have_count(0)
    clerk.page.locator(f"[name=n-{OWN}]").fill("三十")
    clerk.press_with_errors("保存", "没有保存：有1处填写有误")
    clerk.look("部门填报-有误")
    clerk.page.locator(f"[name=n-{OWN}]").fill("66")
    clerk.page.locator(f"[name=d-{OWN}]").fill("410")
    clerk.press("保存")
    clerk.reads("已保存1项。核对无误后请签字确认。")
    clerk.look("部门填报-已存")
    clerk.press("签字确认")
    clerk.reads("已签字确认")
    expect(clerk.page.locator(f"#line-{OWN}")).to_contain_text(
        re.compile(r"\S+ \d+月\d+日|\S+ 今天|\S+ \d{4}")
    )
    clerk.look("部门填报-已签")


def urge(filler: Person) -> None:
    """The county sees who has signed and who is late; it urges a department once a day."""
    open_newest_sheet(filler)
    filler.follow("分工", within="main")
    filler.look("分工")
    signed = filler.page.locator(f"#line-{OWN}")
    expect(signed).not_to_contain_text("未签")
    row = filler.page.get_by_role("row", name=re.compile(f"^{LATE}"))
    expect(row).to_contain_text("逾期未签")
    row.get_by_role("button").click()
    filler.reads(f"已催办：{LATE}", "催办通知已送达其待办")
    expect(row).to_contain_text("今日已催办")


def read_the_urging(late: Person) -> None:
    """It finds the urging waiting."""
    late.navigate("待办")
    late.reads("催办")
    late.look("待办-被催办")
