"""The 31-row table and the plan of an application in Chromium: pasted from Excel, saved while typed, never lost."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Enter
from tests.e2e.person import Person
from tests.e2e.programme import years
from tests.e2e.stack import LiveStack

pytestmark = pytest.mark.e2e

# Being drawn up in the demonstration's open round.
COUNTY = "131081"
SOON = 15_000
SAVED = re.compile(r"全部已保存 \d+:\d\d")
# High-tech firms, and small giants four rows on: counts, without a ratio.
FIRMS, GIANTS = 11, 15

_PASTE = """(field, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def home_of(person: Person) -> str:
    """The page of the county's application that is being drawn up."""
    person.navigate("试点申报")
    row = person.page.locator("tbody tr", has_text="编制中").first
    address = row.get_by_role("link").first.get_attribute("href")
    assert address
    return address


def open_table(person: Person) -> str:
    """Its table as a form; returns the page it was reached from."""
    home = home_of(person)
    person.go(f"{home}table/edit/")
    person.is_at("指标体系表")
    return home


def cell(person: Person, order: int, year: int) -> Locator:
    return person.page.locator(f"#v-{order}-{year}")


def targets(person: Person, order: int) -> list[str]:
    return [cell(person, order, year).input_value() for year in years()[1:]]


def paste(field: Locator, *lines: tuple[str, ...]) -> None:
    """What Excel puts on the clipboard: cells by tabs, rows by line ends."""
    field.focus()
    field.evaluate(_PASTE, "\r\n".join("\t".join(line) for line in lines) + "\r\n")


def is_saved(person: Person) -> None:
    expect(person.page.locator("#save-words")).to_have_text(SAVED, timeout=SOON)


def test_a_block_from_excel_is_saved_and_taken_back(enter: Enter):
    filler = enter(f"{COUNTY}-fill")
    open_table(filler)

    paste(cell(filler, FIRMS, years()[1]), ("1,063家", "66", "70"))
    filler.reads("已粘贴1行，改动3格")
    is_saved(filler)
    filler.page.reload()
    assert targets(filler, FIRMS) == ["1,063", "66", "70"]
    filler.reads("目标逐年倒退")

    paste(cell(filler, FIRMS, years()[1]), ("64", "68", "72"))
    assert targets(filler, FIRMS) == ["64", "68", "72"]
    filler.press("撤销粘贴")
    assert targets(filler, FIRMS) == ["1,063", "66", "70"]
    paste(cell(filler, FIRMS, years()[1]), ("64", "68", "72"))
    is_saved(filler)
    filler.look("指标体系表-粘贴")


def test_whole_rows_find_their_number(enter: Enter):
    filler = enter(f"{COUNTY}-fill")
    open_table(filler)
    firms, before = targets(filler, FIRMS), targets(filler, GIANTS)

    head = ("序号", "评价指标", "上年数值", "今年目标", "明年目标", "后年目标")
    line = ("15", "科技小巨人企业数量", "22", "24", "26", "28")
    paste(cell(filler, FIRMS, years()[0]), head, line)

    assert targets(filler, GIANTS) == ["24", "26", "28"]
    assert targets(filler, FIRMS) == firms
    filler.press("撤销粘贴")
    assert targets(filler, GIANTS) == before
    expect(filler.page.locator("#save-words")).not_to_contain_text("未保存", timeout=SOON)


def test_keys_go_down_the_column_and_send_nothing(enter: Enter):
    filler = enter(f"{COUNTY}-fill")
    open_table(filler)

    cell(filler, FIRMS, years()[1]).focus()
    filler.page.keyboard.press("ArrowUp")
    filler.page.keyboard.press("Enter")
    filler.page.keyboard.press("Enter")

    focused = filler.page.evaluate("document.activeElement.id")
    assert focused == f"v-{FIRMS + 1}-{years()[1]}"


def test_without_a_network_it_is_kept_and_sent_later(enter: Enter):
    filler = enter(f"{COUNTY}-fill")
    open_table(filler)
    before = targets(filler, GIANTS)
    filler.page.context.set_offline(True)

    cell(filler, GIANTS, years()[3]).fill("31")
    filler.page.keyboard.press("Tab")
    filler.reads("网络不通，填写已暂存在本机")
    filler.page.context.set_offline(False)

    is_saved(filler)
    filler.page.reload()
    expect(cell(filler, GIANTS, years()[3])).to_have_value("31")
    cell(filler, GIANTS, years()[3]).fill(before[2])
    is_saved(filler)
    filler.troubles = [one for one in filler.troubles if "ERR_INTERNET_DISCONNECTED" not in one]


def test_an_ended_session_loses_no_row(enter: Enter, stack: LiveStack):
    filler = enter(f"{COUNTY}-fill")
    home = open_table(filler)
    before = targets(filler, GIANTS)
    filler.page.context.clear_cookies(name="sessionid")

    with filler.refused_with(403):
        cell(filler, GIANTS, years()[3]).fill("33")
        filler.page.keyboard.press("Tab")
        filler.reads("登录已失效，填写已暂存在本机")
    # Whoever leaves is asked whether to; the typing is safe, so yes.
    filler.page.on("dialog", lambda dialog: dialog.accept())
    filler.log_in(f"{COUNTY}-fill", stack.accounts[f"{COUNTY}-fill"].password)
    filler.go(f"{home}table/edit/")

    filler.reads("已找回上次没有保存的填写1行")
    expect(cell(filler, GIANTS, years()[3])).to_have_value("33")
    is_saved(filler)
    cell(filler, GIANTS, years()[3]).fill(before[2])
    is_saved(filler)


def test_two_people_in_one_row_choose(enter: Enter):
    first, second = enter(f"{COUNTY}-fill"), enter(f"{COUNTY}-fill")
    open_table(first)
    open_table(second)
    before = targets(first, GIANTS)
    cell(second, GIANTS, years()[3]).fill("35")
    is_saved(second)

    cell(first, GIANTS, years()[3]).fill("36")
    first.page.keyboard.press("Tab")
    row = first.page.locator(f"#row-{GIANTS}")
    expect(row).to_contain_text("35", timeout=SOON)
    row.locator("[data-take=theirs]").click()

    expect(cell(first, GIANTS, years()[3])).to_have_value("35")
    is_saved(first)
    cell(first, GIANTS, years()[3]).fill(before[2])
    is_saved(first)


def test_a_text_half_written_is_offered_again(enter: Enter):
    filler = enter(f"{COUNTY}-fill")
    home = home_of(filler)
    filler.go(f"{home}plan/goals/")
    text = filler.page.locator("#id_text")
    before = text.input_value()

    text.press_sequentially("（一）写到一半")
    filler.page.on("dialog", lambda dialog: dialog.accept())
    filler.page.reload()
    expect(text).to_have_value(before)
    filler.reads("填写、没有保存的内容")
    filler.press("找回")

    expect(text).to_have_value(re.compile("写到一半"))
    filler.look("实施方案-找回")
    filler.page.reload()
    filler.press("不要了")
    expect(text).to_have_value(before)
