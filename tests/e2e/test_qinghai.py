"""Another province from the same code: its own words on every page, and nobody else's."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.e2e.conftest import Enter, entering, kept_dir
from tests.e2e.person import DESKTOP, PHONE, Person
from tests.e2e.stack import LiveStack, live_stack, temporary_home

pytestmark = pytest.mark.e2e

COUNTY, NAME, CITY = "630223", "互助土族自治县", "haidong"
CLASSES = ("优秀", "良好", "一般")
TOWNSHIP = "北川镇"
FOREIGN = re.compile("河北|设区市|廊坊|石家庄|霸州|冀科|[ABC]类")


@pytest.fixture(scope="module")
def qinghai() -> Iterator[LiveStack]:
    """A portal of its own; E2E_QINGHAI_DIR keeps its data for another time."""
    with (
        temporary_home() as home,
        live_stack(
            kept_dir("E2E_QINGHAI_DIR", home),
            demonstration=True,
            environment={"PROVINCE": "qinghai"},
        ) as started,
    ):
        yield started


@pytest.fixture
def visit(qinghai: LiveStack, browser: Browser) -> Iterator[Enter]:
    """As `enter`, to that portal."""
    with entering(qinghai, browser) as start:
        yield start


class Reader:
    """Looks at pages, and notices words of another province."""

    def __init__(self, person: Person) -> None:
        self.person = person

    def read(self, path: str, name: str, *words: str) -> None:
        """A page by its address."""
        if path:
            self.person.go(path)
        self.person.look(name)
        self.person.reads(*words)
        text = self.person.page.locator("body").inner_text() + self.person.page.title()
        found = FOREIGN.findall(text)
        if found:
            self.person.troubles.append(f"{name} ({self.person.page.url}) says {set(found)}")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_the_public_reads_its_own_province(visit: Enter, size: ViewportSize):
    anybody = Reader(visit("", size=size))
    anybody.read("/", "青海-首页", "青海省", *CLASSES)
    anybody.read("/lists/", "青海-名单")
    anybody.person.page.locator("main table a[href*='/lists/']").first.click()
    anybody.read("", "青海-一份名单", *CLASSES)
    anybody.read("/dashboards/public/", "青海-看板", *CLASSES)
    for path in ("/programme/", "/open/", "/open/interface/", "/v/", "/guides/"):
        anybody.read(path, f"青海-{path.strip('/').replace('/', '-')}")
    anybody.read("/search/?q=hz", "青海-查找", NAME)


def test_the_province_reads_how_far_it_has_come(visit: Enter):
    manager = Reader(visit("prov-manager"))
    manager.read("", "青海-待办")
    manager.person.navigate("覆盖目标")
    manager.read("", "青海-覆盖目标", "市（州）", "现状")
    expect(manager.person.page.locator("main table").first).to_be_visible()
    menu = manager.person.page.get_by_role("navigation", name="主导航")
    entries = menu.get_by_role("link", include_hidden=True)
    for path in [str(link.get_attribute("href")) for link in entries.all()]:
        manager.read(path, f"青海-省-{path.strip('/').replace('/', '-')}")
    manager.read("/applications/", "青海-试点申报", "乡镇")


def test_a_county_fills_in_and_a_township_is_a_pilot(visit: Enter):
    filler = Reader(visit(f"{COUNTY}-fill"))
    filler.person.navigate("填报")
    filler.read("", "青海-县-填报")
    filler.person.page.locator("main a[href*='/submissions/']").first.click()
    filler.read("", "青海-县-填报表", "领导小组及办公室", "海东市科技局")
    for path in ("/uplift/", "/measures/", "/warnings/", "/dashboards/", "/indicators/duties/"):
        filler.read(path, f"青海-县-{path.strip('/').replace('/', '-')}")
    anybody = Reader(visit(""))
    anybody.read("/programme/", "青海-试点", "创新型乡镇（街道）试点")
    anybody.person.follow(re.compile(TOWNSHIP), within="main")
    anybody.read("", "青海-试点乡镇", TOWNSHIP)


def test_a_city_reviews_in_its_own_words(visit: Enter):
    reviewer = Reader(visit(f"{CITY}-review"))
    menu = reviewer.person.page.get_by_role("navigation", name="主导航")
    entries = menu.get_by_role("link", include_hidden=True)
    for path in [str(link.get_attribute("href")) for link in entries.all()]:
        reviewer.read(path, f"青海-市-{path.strip('/').replace('/', '-')}")
