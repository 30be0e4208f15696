"""JavaScript switched off: plain forms carry a sheet and a list all the way."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e import sheets
from tests.e2e.conftest import Enter
from tests.e2e.sheets import open_newest_sheet

pytestmark = pytest.mark.e2e

# Half filled in the demonstration's open collection; its reviewing office.
COUNTY, NAME, CITY = "131081", "霸州市", "langfang"
CORRECTED_YEAR = 2018
NUMBER = re.compile(r"冀科领〔\d{4}〕\d+号")
REASON = "个别县数据核实后更正。"


def test_a_sheet_is_filled_submitted_and_approved(enter: Enter):
    filler = enter(f"{COUNTY}-fill", scripts=False)
    open_newest_sheet(filler)
    filler.follow("填报", within=".page-actions")
    sheets.type_figures(filler)
    filler.press("保存草稿")
    filler.reads("已保存。", "已填 17/17")
    sheets.add_evidence(filler, "河北省精密管材重点实验室", "管材实验室批复.pdf")
    open_newest_sheet(filler)
    sheets.take_back(filler)
    open_newest_sheet(filler)
    sheets.explain(filler)
    sheets.have_approved(filler)

    lead = enter(f"{COUNTY}-lead", scripts=False)
    open_newest_sheet(lead)
    lead.follow("提交", within=".page-actions")
    lead.press("确认提交")
    lead.reads("待市级受理")

    reviewer = enter(f"{CITY}-review", scripts=False)
    reviewer.navigate("审核")
    reviewer.follow(re.compile(NAME))
    sheets.accept(reviewer)
    reviewer.press("审核通过")
    reviewer.reads("审核通过，已转省科技厅接收。", "待省级接收")
    reviewer.look("无脚本-审核通过")


def test_a_correction_is_drafted_and_published(enter: Enter):
    manager = enter("prov-manager", scripts=False)
    day = sheets.today()
    manager.navigate("评价运行")
    manager.follow(re.compile(f"^{CORRECTED_YEAR}年度.*评价$"))
    manager.follow("拟定更正名单")
    manager.fill("更正原因", REASON)
    manager.press("拟定名单")
    manager.follow("登记领导小组意见")
    manager.fill("同意日期", f"{day:%Y-%m-%d}")
    manager.fill("文号或会议纪要编号", f"冀科领纪〔{day.year}〕82号")
    manager.press("登记领导小组意见")
    manager.reads("已登记领导小组同意")

    publisher = enter("prov-publisher", scripts=False)
    publisher.navigate("名单")
    publisher.follow(f"{CORRECTED_YEAR}年度名单（第2版）")
    publisher.follow("公布", within=".page-actions")
    publisher.press("公布")
    done = publisher.page.get_by_text(re.compile("^名单已以.+公布，"))
    number = NUMBER.findall(done.inner_text())[0]

    anybody = enter("", scripts=False)
    anybody.go("/lists/")
    row = anybody.page.get_by_role("row", name=re.compile(number))
    expect(row).to_contain_text("现行")
    row.get_by_role("link").click()
    anybody.reads("本名单为更正后的名单", REASON, number)
    anybody.follow("查看原名单")
    anybody.reads("本名单已更正，不再有效。")
    anybody.look("无脚本-已更正")
