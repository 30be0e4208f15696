"""The form of indicators in Chromium: what is typed is safe, wherever the network and the session go."""

import re
from http import HTTPStatus

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Enter
from tests.e2e.person import PHONE, Person
from tests.e2e.stack import LiveStack

pytestmark = pytest.mark.e2e

# Filling, in the demonstration's open collection; nobody else's tests fill it.
COUNTY = "130102"
SAVED = re.compile(r"已保存 \d+:\d\d")
SOON = 15_000


def open_form(person: Person) -> None:
    """The newest sheet's form."""
    person.navigate("填报")
    person.follow(re.compile(r"\d{4}年度"), within="main")
    person.follow("填报", within=".page-actions")
    person.is_at("填报：")


def state(person: Person, code: str) -> Locator:
    return person.page.locator(f"#s-{code}")


def type_figure(person: Person, code: str, text: str) -> None:
    """Type and leave the line, which sends it."""
    person.page.locator(f"#v-{code}").fill(text)
    person.page.keyboard.press("Tab")
    person.page.locator("#t-17").focus()


def saves(person: Person, code: str, text: str) -> None:
    type_figure(person, code, text)
    expect(state(person, code)).to_contain_text(SAVED, timeout=SOON)


def test_typing_is_saved_and_survives_a_reload(enter: Enter):
    filler = enter(f"{COUNTY}-fill")
    open_form(filler)
    before = filler.page.locator(".forecast-total").inner_text()

    saves(filler, "04", "31")
    filler.look("form")

    expect(filler.page.locator(".forecast-total")).not_to_have_text(before)
    filler.page.reload()
    expect(filler.page.locator("#v-04")).to_have_value("31")
    filler.press("保存草稿")
    filler.reads("已保存。")


def test_a_pause_is_enough(enter: Enter):
    filler = enter(f"{COUNTY}-fill")
    open_form(filler)

    filler.page.locator("#v-04").fill("32")

    expect(state(filler, "04")).to_contain_text("未保存")
    expect(state(filler, "04")).to_contain_text(SAVED, timeout=SOON)
    assert filler.page.evaluate("document.activeElement.id") == "v-04"


def test_keys_walk_the_table_and_open_the_panel(enter: Enter):
    filler = enter(f"{COUNTY}-fill")
    open_form(filler)
    keys = filler.page.keyboard

    filler.page.locator("#n-05").focus()
    keys.press("ArrowDown")
    assert filler.page.evaluate("document.activeElement.id") == "v-06"
    keys.press("ArrowUp")
    assert filler.page.evaluate("document.activeElement.id") == "v-05"
    keys.press("Control+Enter")
    panel = filler.page.locator("#cell-panel")
    expect(panel).to_contain_text("计算公式")
    expect(panel).to_contain_text("修改记录")
    filler.look("panel")
    keys.press("Escape")

    expect(panel).to_be_hidden()
    assert filler.page.evaluate("document.activeElement.id") == "v-05"


def test_what_is_wrong_is_said_at_once(enter: Enter):
    filler = enter(f"{COUNTY}-fill")
    open_form(filler)

    with filler.refused_with(HTTPStatus.UNPROCESSABLE_ENTITY):
        type_figure(filler, "06", "三百")
        expect(state(filler, "06")).to_contain_text("有误", timeout=SOON)
    expect(filler.page.locator("#x-06")).to_contain_text("不是数字")
    expect(filler.page.locator("#v-06")).to_have_attribute("aria-invalid", "true")
    filler.page.locator(".chip", has_text="有误").click()
    expect(filler.page.locator("tr[data-line]:visible")).to_have_count(1)
    filler.look("faulty")
    filler.page.locator(".chip", has_text="全部").click()

    saves(filler, "06", "300")
    expect(filler.page.locator("#v-06")).not_to_have_attribute("aria-invalid", "true")


def test_two_people_never_overwrite_each_other(enter: Enter):
    first, second = enter(f"{COUNTY}-fill"), enter(f"{COUNTY}-fill")
    open_form(first)
    open_form(second)
    saves(second, "06", "401")

    with first.refused_with(HTTPStatus.CONFLICT):
        type_figure(first, "06", "402")
        expect(state(first, "06")).to_contain_text("与同事填写不同", timeout=SOON)
    expect(first.page.locator("#x-06")).to_contain_text("401")
    first.look("conflict")
    first.press("用对方的")
    expect(first.page.locator("#v-06")).to_have_value("401")
    expect(state(first, "06")).to_contain_text(SAVED, timeout=SOON)

    saves(first, "06", "403")
    with second.refused_with(HTTPStatus.CONFLICT):
        type_figure(second, "06", "404")
        expect(state(second, "06")).to_contain_text("与同事填写不同", timeout=SOON)
    second.press("用我的")
    expect(state(second, "06")).to_contain_text(SAVED, timeout=SOON)
    second.page.reload()
    expect(second.page.locator("#v-06")).to_have_value("404")


def test_an_ended_session_loses_no_typing(enter: Enter, stack: LiveStack):
    filler = enter(f"{COUNTY}-fill")
    open_form(filler)
    filler.page.context.clear_cookies(name="sessionid")

    type_figure(filler, "06", "505")

    filler.reads("登录已过期，您的填写已暂存在本机，请重新登录")
    expect(state(filler, "06")).to_contain_text("已暂存本机")
    filler.follow("重新登录并回到本页")
    filler.fill("登录名", f"{COUNTY}-fill")
    filler.fill("密码", stack.accounts[f"{COUNTY}-fill"].password)
    filler.press("登录")
    filler.is_at("填报：")
    expect(filler.page.locator("#v-06")).to_have_value("505")
    expect(state(filler, "06")).to_contain_text(SAVED, timeout=SOON)
    filler.page.reload()
    expect(filler.page.locator("#v-06")).to_have_value("505")


def test_without_a_network_it_waits_and_tries_again(enter: Enter):
    filler = enter(f"{COUNTY}-fill")
    open_form(filler)
    filler.page.context.set_offline(True)

    type_figure(filler, "06", "606")
    expect(state(filler, "06")).to_contain_text("未保存，正在重试", timeout=SOON)
    type_figure(filler, "04", "66")
    filler.page.context.set_offline(False)

    for code in ("04", "06"):
        expect(state(filler, code)).to_contain_text(SAVED, timeout=SOON)
    filler.troubles = [one for one in filler.troubles if "ERR_INTERNET_DISCONNECTED" not in one]


def test_what_is_missing_leads_into_its_field(enter: Enter):
    filler = enter(f"{COUNTY}-fill")
    open_form(filler)

    filler.page.locator("#check-words").click()
    filler.page.locator("#check-list").get_by_role(
        "link", name=re.compile("万人有效发明专利")
    ).click()

    assert filler.page.evaluate("document.activeElement.id") in {"v-12", "m-12"}


def test_a_phone_has_room_for_it(enter: Enter):
    filler = enter(f"{COUNTY}-fill", size=PHONE)
    open_form(filler)

    saves(filler, "04", "33")
    filler.look("form")
    filler.page.locator("#line-05 [data-panel]").click()
    expect(filler.page.locator("#cell-panel")).to_contain_text("计算公式")
    filler.look("panel")
