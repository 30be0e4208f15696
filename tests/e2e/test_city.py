"""The city in the browser: accepts, looks where it matters, returns two lines, reads what changed, approves."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e import sheets
from tests.e2e.conftest import Enter
from tests.e2e.person import PHONE, Person
from tests.e2e.sheets import line, open_form, open_newest_sheet
from tests.e2e.stack import LiveStack

pytestmark = pytest.mark.e2e

# The city with most counties; in the demonstration's open collection several wait for it.
CITY = "shijiazhuang"
WAITING = "待市级受理"
COMMENT = "请核对下列两项后重新提交。"
WORDS = "与高新技术企业认定名单相差较大。"
WANTED = "认定名单复印件"
ANSWER = "已与统计年报核对，数值属实，无需修改。"
CHANGED, KEPT = "04", "12"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_sheet_is_returned_answered_and_approved(
    enter: Enter, stack: LiveStack, *, scripts: bool
):
    reviewer = enter(f"{CITY}-review", scripts=scripts)
    county = begin(reviewer)
    if scripts:
        walk_the_grid(reviewer)
    else:
        read_the_grid(reviewer)
    give_back(reviewer, county)

    stem = login_of(stack, county)
    answer(enter(f"{stem}-fill", scripts=scripts))
    hand_in(enter(f"{stem}-lead", scripts=scripts))
    read_what_changed(reviewer, county)
    approve(reviewer, county)


def login_of(stack: LiveStack, county: str) -> str:
    """What the logins of a county's bureau begin with."""
    found = [
        account.login
        for account in stack.accounts.values()
        if account.office.startswith(county) and account.login.endswith("-fill")
    ]
    assert found, county
    return found[0].removesuffix("-fill")


def open_list(reviewer: Person, state: str = "") -> None:
    """The newest collection's sheets, of one state if that is said."""
    reviewer.navigate("审核")
    if state:
        reviewer.follow(re.compile(f"^{state}"), within=".chips")
        expect(reviewer.page.locator(".chip[aria-current]")).to_contain_text(state)


def begin(reviewer: Person) -> str:
    """Begin with the first that waits; its name."""
    open_list(reviewer, WAITING)
    first = reviewer.page.locator("main tbody tr").first.get_by_role("link")
    county = first.inner_text()
    first.click()
    sheets.accept(reviewer)
    reviewer.look("受理之后")
    return county


def open_heat(reviewer: Person) -> None:
    """The grid, coloured by the points at stake."""
    reviewer.follow("热力图", within="main")
    reviewer.is_at("审核热力图")
    reviewer.follow("得分影响", within="main")
    reviewer.is_at("审核热力图：得分影响")


def cell_at(reviewer: Person, row: int, column: int) -> Locator:
    rows = reviewer.page.locator("[data-heat] tbody tr")
    return rows.nth(row).locator("td > a").nth(column)


def walk_the_grid(reviewer: Person) -> None:
    """By the arrow keys; Enter opens the cell beside the grid, on the same page."""
    open_heat(reviewer)
    reviewer.look("热力图")
    assert reviewer.page.locator("[data-heat] td > a[tabindex='0']").count() == 1
    cell_at(reviewer, 0, 0).focus()
    address = reviewer.page.url
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "End", "ArrowLeft", "Home", "ArrowRight"):
        reviewer.page.keyboard.press(key)
    expect(cell_at(reviewer, 1, 1)).to_be_focused()
    reviewer.page.keyboard.press("Enter")
    aside = reviewer.page.locator("#cell")
    expect(aside).to_contain_text("若为上年数")
    assert reviewer.page.url == address
    reviewer.look("热力图-单元格")
    reviewer.page.set_viewport_size(PHONE)
    reviewer.look("热力图-单元格")
    reviewer.page.set_viewport_size({"width": 1366, "height": 768})
    reviewer.follow("表格形式", within=".page-actions")
    expect(reviewer.page.locator("main tbody tr").first).to_be_visible()
    reviewer.look("热力图-表格")


def read_the_grid(reviewer: Person) -> None:
    """Without scripts a cell opens as a page."""
    open_heat(reviewer)
    cell_at(reviewer, 1, 1).click()
    expect(reviewer.page.locator("#cell")).to_contain_text("若为上年数")
    expect(reviewer.page.locator("[data-heat]")).to_be_visible()
    reviewer.look("热力图-单元格")


def open_sheet(reviewer: Person, county: str) -> None:
    """From the list of the newest collection."""
    open_list(reviewer)
    reviewer.follow(county, within="main tbody")
    reviewer.is_at(county)


def give_back(reviewer: Person, county: str) -> None:
    """Two lines, each with its reason; one without is refused."""
    open_sheet(reviewer, county)
    reviewer.follow("退回", within=".page-actions")
    reviewer.fill("退回意见", COMMENT)
    line(reviewer, CHANGED).get_by_role("checkbox").check()
    line(reviewer, KEPT).get_by_role("checkbox").check()
    reviewer.page.locator(f"#reason-{KEPT}").select_option(label="变动较大未说明")
    reviewer.press_with_errors("退回", "请为“高新技术企业数量”选择退回原因。")
    expect(line(reviewer, KEPT).get_by_role("checkbox")).to_be_checked()
    reviewer.page.locator(f"#reason-{CHANGED}").select_option(label="与统计年报等来源不一致")
    reviewer.page.locator(f"#words-{CHANGED}").fill(WORDS)
    reviewer.page.locator(f"#evidence-{CHANGED}").fill(WANTED)
    reviewer.press("退回")
    reviewer.reads("已退回县级修改", COMMENT)


def answer(filler: Person) -> None:
    """Only what was named may be changed; one line is changed, the other answered in words."""
    open_newest_sheet(filler)
    filler.reads("退回清单", "已处理0/2项", WORDS, WANTED)
    filler.look("退回清单")
    item = filler.page.locator(".packet-item").filter(has_text="万人有效发明专利")
    item.get_by_role("textbox").fill(ANSWER)
    item.get_by_role("button", name="保存答复").click()
    filler.reads("答复已保存。", "已处理1/2项")
    open_form(filler)
    expect(filler.page.locator("#v-06")).to_have_count(0)
    expect(filler.page.locator("#n-12")).to_have_count(1)
    figure = filler.page.locator(f"#v-{CHANGED}")
    figure.fill(str(int(figure.input_value().replace(",", "")) + 1))
    # The line that shares the figure is open too; its rate is left to be computed.
    filler.page.locator("#n-05").fill(figure.input_value())
    filler.page.locator("#v-05").fill("")
    filler.press("保存草稿")
    filler.reads("已保存。")
    filler.look("退回后填报")
    open_newest_sheet(filler)
    sheets.explain(filler)


def hand_in(lead: Person) -> None:
    """The head vouches that the county government knows of the change."""
    open_newest_sheet(lead)
    lead.reads("已处理2/2项")
    lead.follow("重新提交", within=".page-actions")
    lead.page.get_by_role("checkbox").check()
    lead.look("重新提交")
    lead.press("确认提交")
    lead.reads(WAITING)


def read_what_changed(reviewer: Person, county: str) -> None:
    """The changed lines and the answered ones, with the answer beside; all the others on request."""
    open_sheet(reviewer, county)
    sheets.accept(reviewer)
    reviewer.reads("只看改动和答复", ANSWER, WORDS)
    lines = reviewer.page.locator("main tr[id^=line-]")
    shown = {str(row.get_attribute("id")) for row in lines.all()}
    assert {f"line-{CHANGED}", f"line-{KEPT}"} <= shown
    assert "line-06" not in shown
    assert "line-01" not in shown
    reviewer.look("只看改动")
    reviewer.follow(re.compile("显示全部"), within="main")
    expect(lines).to_have_count(17)


def approve(reviewer: Person, county: str) -> None:
    """By the batch, with its last look and its result per county."""
    open_list(reviewer, "市级审核中")
    reviewer.page.get_by_label(f"选择{county}", exact=True).check()
    reviewer.press("批量审核通过")
    reviewer.reads("对勾选的1份填报表办理“审核通过”？", county)
    reviewer.look("批量审核通过")
    reviewer.press("审核通过")
    reviewer.reads("审核通过1份，跳过0份", county)
    reviewer.look("批量审核通过-结果")
    open_sheet(reviewer, county)
    reviewer.reads("待省级接收")
