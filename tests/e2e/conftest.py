"""One live portal with the demonstration province for all browser tests, and browsers to visit it with."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser, ViewportSize, sync_playwright
from xdist.workermanage import WorkerController

from county_portal.launcher.environment import find_browser
from tests.e2e.person import DESKTOP, Person
from tests.e2e.stack import LiveStack, copy_loaded, live_stack, temporary_home

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",
)

_HOME = pytest.StashKey[Path]()
_PLACES = {"test_qinghai.py": -1, "test_walk.py": 1}


class Enter(Protocol):
    """Opens a browser session, logged in unless the login is blank."""

    def __call__(self, login: str, *, size: ViewportSize = ..., scripts: bool = ...) -> Person: ...


def pytest_configure_node(node: WorkerController) -> None:
    """Tell the processes (-n) where the province lies that one of them loads for all."""
    config = node.config
    if _HOME not in config.stash:
        home = ExitStack()
        config.stash[_HOME] = home.enter_context(temporary_home())
        config.add_cleanup(home.close)
    node.workerinput["home"] = str(config.stash[_HOME])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Side by side: another province first, which loads beside ours; last the walk, cut into small parts."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _PLACES.get(item.path.name, 0))


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest) -> Iterator[LiveStack]:
    """The portal with the demonstration; E2E_VAR_DIR keeps its data for another time."""
    given = getattr(request.config, "workerinput", {})
    with temporary_home() as home:
        var_dir = kept_dir("E2E_VAR_DIR", home)
        if "home" in given:
            copy_loaded(Path(given["home"]), var_dir)
        with live_stack(var_dir, demonstration=True) as started:
            yield started


def kept_dir(variable: str, home: Path) -> Path:
    """Where a portal's data lie: where the variable says, else in a home that vanishes."""
    kept = os.environ.get(variable)
    return Path(kept).resolve() if kept else home / "var"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    path = os.environ.get("CHROMIUM_PATH") or find_browser()
    # The portal's own fonts for documents, which importing it puts before the system's.
    environment: dict[str, str | float | bool] = {
        name: text for name, text in os.environ.items() if name != "FONTCONFIG_FILE"
    }
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path, headless=True, args=[*CHROMIUM_FLAGS], env=environment
        )
        yield started
        started.close()


@pytest.fixture
def enter(stack: LiveStack, browser: Browser) -> Iterator[Enter]:
    """A function that opens a session of somebody; afterwards none may have met any trouble."""
    with entering(stack, browser) as start:
        yield start


@contextmanager
def entering(stack: LiveStack, browser: Browser) -> Iterator[Enter]:
    """Open sessions at a portal in the block; none may have met any trouble when it ends."""
    opened: list[Person] = []

    def start(login: str, *, size: ViewportSize = DESKTOP, scripts: bool = True) -> Person:
        context = browser.new_context(
            viewport=size,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=scripts,
            accept_downloads=True,
        )
        person = Person(context, stack.url, login)
        person.has_scripts = scripts
        opened.append(person)
        if login:
            person.log_in(login, stack.accounts[login].password)
        return person

    try:
        yield start
    finally:
        for person in opened:
            person.page.context.close()
    troubles = [f"{person.name}: {one}" for person in opened for one in person.troubles]
    assert not troubles, "\n".join(dict.fromkeys(troubles))
