"""Keyboard only: log in, reach the sheet, type a figure, save; one always sees where one is."""

from fnmatch import fnmatch

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Enter
from tests.e2e.person import Person
from tests.e2e.sheets import newest_data_year
from tests.e2e.stack import LiveStack

pytestmark = pytest.mark.e2e

# Filling, in the demonstration's open collection.
COUNTY = "131003"
MOST_STEPS = 120
# Whether the focused element shows that it is focused: an outline, a shadow or a border of its own.
FOCUS_SHOWS = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return false;
  const look = (style) => [style.outlineStyle, style.outlineWidth, style.outlineColor,
    style.boxShadow, style.borderColor, style.backgroundColor].join("|");
  const focused = look(getComputedStyle(here));
  here.blur();
  const idle = look(getComputedStyle(here));
  here.focus({focusVisible: true});
  return focused !== idle;
}"""
# Its id and its words; blank between the last element and the first, where the browser's own controls are.
NAME_OF_FOCUS = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return "";
  return `${here.id}|${(here.innerText || here.value || "").trim()}`;
}"""


def test_a_draft_is_saved_without_a_mouse(enter: Enter, stack: LiveStack):
    filler = enter("")
    filler.go("/login/")
    account = stack.accounts[f"{COUNTY}-fill"]
    step_to(filler, "#id_login")
    filler.page.keyboard.type(account.login)
    step_to(filler, "#id_password")
    filler.page.keyboard.type(account.password)
    filler.page.keyboard.press("Enter")
    filler.is_at("待办")

    step_to(filler, "填报")
    filler.page.keyboard.press("Enter")
    step_to(filler, "填报表")
    filler.page.keyboard.press("Enter")
    filler.is_at("填报表")
    step_to(filler, f"{newest_data_year()}年度*", after="公开名单")
    filler.page.keyboard.press("Enter")
    filler.reads("办理进度")
    step_to(filler, "填报", after="公开名单")
    filler.page.keyboard.press("Enter")
    filler.is_at("填报：")
    step_to(filler, "#v-04")
    filler.page.keyboard.press("Control+A")
    filler.page.keyboard.type("77")
    step_to(filler, "保存草稿")
    filler.page.keyboard.press("Enter")

    filler.reads("已保存。")
    expect(filler.page.locator("#v-04")).to_have_value("77")


def step_to(person: Person, target: str, after: str = "") -> None:
    """Press Tab until the focus is on the target, past `after`; at each step one must see where it is.

    A target is `#id`, or the words that can be read on it, or how they begin (`2025*`).
    """
    is_past = not after
    for _ in range(MOST_STEPS):
        here, words = focus_of(person)
        if is_past and (f"#{here}" == target or fnmatch(words, target)):
            return
        is_past = is_past or words == after
        person.page.keyboard.press("Tab")
        here, words = focus_of(person)
        is_seen = not (here or words) or person.page.evaluate(FOCUS_SHOWS)
        assert is_seen, f"the focus cannot be seen on #{here} {words}"
    raise AssertionError(f"{target} was not reached by {MOST_STEPS} steps on {person.page.url}")


def focus_of(person: Person) -> tuple[str, str]:
    """Id and words of the focused element."""
    here, _, words = str(person.page.evaluate(NAME_OF_FOCUS)).partition("|")
    return here, words


def test_the_skip_link_leads_past_the_navigation(enter: Enter):
    anybody = enter("")
    anybody.go("/lists/")

    anybody.page.keyboard.press("Tab")
    assert focus_of(anybody)[1] == "跳到正文"
    expect(anybody.page.get_by_role("link", name="跳到正文")).to_be_in_viewport()
    anybody.page.keyboard.press("Enter")

    assert anybody.page.evaluate("document.activeElement.id") == "main"
