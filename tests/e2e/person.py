"""Somebody at a browser: looks at pages as people do, and notices what they would not."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from itertools import count
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Download,
    Page,
    Response,
    ViewportSize,
    expect,
)

DESKTOP: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
PATIENCE = 30_000
OK_BELOW = 400
# Chromium's own console line about an answer that we judge by its status ourselves.
_ABOUT_STATUS = "Failed to load resource: the server responded with a status of"
_TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""
_numbers = count(1)


class Person:
    """One browser session with what went wrong in it."""

    def __init__(self, context: BrowserContext, url: str, name: str) -> None:
        self.url, self.name = url, name
        self.has_scripts = True
        self.troubles: list[str] = []
        self._expected: set[int] = set()
        context.set_default_timeout(PATIENCE)
        context.add_init_script(_TELL_VIOLATIONS)
        self.page: Page = context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.troubles.append(f"script error: {error}"))
        self.page.on("response", self._check)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(_ABOUT_STATUS):
            self.troubles.append(f"console on {self.page.url}: {message.text}")

    def _check(self, response: Response) -> None:
        if response.status >= OK_BELOW and response.status not in self._expected:
            self.troubles.append(f"{response.status} from {response.url}")

    @contextmanager
    def refused_with(self, *statuses: int) -> Iterator[None]:
        """Expect these answers inside the block."""
        before = self._expected
        self._expected = before | set(statuses)
        yield
        self._expected = before

    def go(self, path: str) -> None:
        """Type an address."""
        self.page.goto(path if path.startswith("http") else f"{self.url}{path}")

    def log_in(self, login: str, password: str) -> None:
        """By the form on the login page."""
        self.go("/login/")
        self.page.get_by_label("登录名").fill(login)
        self.page.get_by_label("密码").fill(password)
        self.press("登录")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("待办")

    def follow(self, label: str | re.Pattern[str], *, within: str = "body") -> None:
        """Click the first link so labelled."""
        scope = self.page.locator(within)
        scope.get_by_role("link", name=label).first.click()

    def navigate(self, label: str) -> None:
        """Click an entry of the main navigation."""
        menu = self.page.get_by_role("navigation", name="主导航")
        named = re.compile(f"^{label}")
        entry = menu.get_by_role("link", name=named, include_hidden=True).first
        # What a group must have is looked for inside it, so it is not said from the menu on.
        inside = self.page.get_by_role("link", name=named, include_hidden=True)
        group = menu.locator("details", has=inside).first
        if group.count() and not entry.is_visible():
            group.locator("summary").click()
        # Without waiting, what follows could still look at the page that is being left.
        with self.page.expect_navigation():
            entry.click()

    def press(self, label: str) -> None:
        """Press the button so labelled."""
        self.page.get_by_role("button", name=label, exact=True).click()

    def press_with_errors(self, label: str, words: str) -> None:
        """Press a button whose form is going to be refused, and read why."""
        with self.refused_with(HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.CONFLICT):
            self.press(label)
            self.reads(words)

    def fill(self, label: str | re.Pattern[str], text: str) -> None:
        """Type into the field so labelled."""
        self.page.get_by_label(label).fill(text)

    def download(self, label: str | re.Pattern[str]) -> Path:
        """Click a link that gives a file; returns where it lies."""
        with self.page.expect_download() as started:
            self.page.get_by_role("link", name=label).first.click()
        got: Download = started.value
        return Path(got.path())

    def fetch(self, label: str | re.Pattern[str]) -> bytes:
        """What a link gives that the browser would show in place; the page stays."""
        address = self.page.get_by_role("link", name=label).first.get_attribute("href")
        answer = self.page.request.get(f"{self.url}{address}")
        assert answer.ok, f"{answer.status} from {address}"
        return answer.body()

    def reads(self, *words: str) -> None:
        """The words stand on the page, visibly."""
        for text in words:
            expect(self.page.locator("body")).to_contain_text(text, use_inner_text=True)

    def is_at(self, heading: str | re.Pattern[str]) -> None:
        """The page's main heading says so."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)

    def look(self, name: str) -> None:
        """Take a page in: nothing may stick out or shut anybody out. What does is noted, and told at the end."""
        self.page.wait_for_load_state()
        self.page.locator("main").wait_for()
        self.photograph(name)
        for culprit in self.sticking_out():
            self.troubles.append(f"{name} is wider than the window: {culprit}")
        if self.has_scripts:
            self.troubles += [f"{name}: {fault}" for fault in self.barriers()]

    def barriers(self) -> list[str]:
        """What axe finds on the page: rule, element, and what is wrong with it."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{rule['id']}: {node['html'][:160]} {node['failureSummary']}"
            for rule in found
            for node in rule["nodes"][:3]
        ]

    def sticking_out(self) -> list[str]:
        """Elements that make the document wider than the window; none when nobody need scroll sideways."""
        culprits = self.page.evaluate(
            """() => {
              const room = document.documentElement.clientWidth;
              if (document.documentElement.scrollWidth <= room) return [];
              return [...document.querySelectorAll("body *")]
                .filter((one) => one.getBoundingClientRect().right > room + 1)
                .slice(0, 5)
                .map((one) => `${one.tagName}.${one.className} ${one.getBoundingClientRect().right}`);
            }"""
        )
        return [str(one) for one in culprits]

    def photograph(self, name: str) -> None:
        """Keep a picture where E2E_SHOTS says, for people to look at."""
        wanted = os.environ.get("E2E_SHOTS")
        if not wanted:
            return
        # Processes side by side (-n) number their pictures each for itself.
        folder = Path(wanted, os.environ.get("PYTEST_XDIST_WORKER", ""))
        folder.mkdir(parents=True, exist_ok=True)
        size = self.page.viewport_size or DESKTOP
        file = f"{next(_numbers):03d}-{size['width']}-{self.name or 'public'}-{name}.png"
        self.page.screenshot(path=folder / file.replace("/", "_"), full_page=True)
