"""Everybody walks through all pages the navigation leads to, at a desk and with a telephone."""

import re

import pytest
from playwright.sync_api import ViewportSize

from tests.e2e.conftest import Enter
from tests.e2e.person import DESKTOP, PHONE, Person

pytestmark = pytest.mark.e2e

VISITORS = [
    "",
    "131081-fill",
    "131081-lead",
    "131081-czj",
    "unit-shengfazhangaigewei",
    "unit-langfangshizhengfu",
    "langfang-review",
    "shijiazhuang-review",
    "langfang-sign",
    "prov-manager",
    "prov-checker",
    "prov-expert1",
    "prov-publisher",
    "sysadmin",
    "secadmin",
    "auditor",
]
ISSUED = ["/documents/?show=issued"]
ALWAYS = {
    "": [
        "/",
        "/lists/",
        "/login/",
        "/?q=霸州",
        "/v/",
        "/v/keys/",
        "/open/",
        "/search/?q=bz",
        "/guides/",
    ],
    "langfang-review": ISSUED,
    "langfang-sign": ISSUED,
    "prov-manager": ISSUED,
    "prov-checker": ISSUED,
    "prov-publisher": ISSUED,
}
UUID_LENGTH, CODE_LENGTH, PAPER_CODE_LENGTH = 36, 2, 12
# Ways on from a page: the first row of each table, and what may be done there by opening a page.
DETAILS = "main table tbody tr:first-child a:not([href*='file'])"
ACTIONS = ".page-actions a, .sheet-tools a"
PANELS = (
    ".panel-links a, main a[data-panel], main a[href*='/evidence/'], "
    ".document-tabs a, .kind-list a, .facts a[href*='/v/'], "
    ".board-pages a, .dataset h2 a, .guide-books li:first-child a, "
    " .tile-group:first-of-type li:first-child a.tile"
)
# A comparison is asked for by a form.
FORMS = "main form[method=get][action*='/compare/']"
# What follows from these gives a file, not a page.
FILES = (
    *("/workbook/", "/file/", "/inline/", "/export/", "/template/"),
    *(".pdf", ".docx", ".xlsx", ".zip", ".json", ".csv", ".svg", ".xml", ".png"),
)
INTERFACE = ("/open/v1/", "/api/v1/")
MONTH = re.compile(r"\d{4}-\d{2}")
# Parts of an address that make another page of it.
VIEWS = ("view", "cell", "show")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("login", VISITORS, ids=lambda login: login or "public")
def test_every_page_can_be_walked_through(enter: Enter, login: str, size: ViewportSize):
    person = enter(login, size=size)
    waiting = list(ALWAYS.get(login, []))
    if login:
        menu = person.page.get_by_role("navigation", name="主导航")
        menu = menu.get_by_role("link", include_hidden=True)
        waiting += [str(link.get_attribute("href")) for link in menu.all()]
    seen: dict[str, None] = {}
    while waiting:
        path = waiting.pop(0)
        if shape(path) in seen:
            continue
        seen[shape(path)] = None
        person.go(path)
        person.look(shape(path).strip("/").replace("/", "-") or "front")
        waiting += ways_on(person)

    assert len(seen) >= 3, f"nothing to walk through: {list(seen)}"


def ways_on(person: Person) -> list[str]:
    """Addresses of the pages one step further."""
    hrefs = person.page.locator(f"{DETAILS}, {ACTIONS}, {PANELS}, {FORMS}").evaluate_all(
        "found => found.map((one) => one.href || one.action)"
    )
    addresses = [str(href).partition("#")[0].removeprefix(person.url) for href in hrefs]
    return [path for path in addresses if path.startswith("/") and not gives_file(path)]


def gives_file(path: str) -> bool:
    """Whether a file comes, not a page."""
    address = path.partition("?")[0]
    return address.endswith(FILES) or address.startswith(INTERFACE) or "/files/" in address


def shape(path: str) -> str:
    """The page without the row it shows: one of a kind is enough."""
    address, _, query = path.partition("?")
    views = [name for name in VIEWS if f"{name}=" in query]
    parts = ["*" if _is_row(part) else part for part in address.split("/")]
    return "/".join(parts) + "".join(f"?{name}" for name in views)


def _is_row(part: str) -> bool:
    if len(part) == CODE_LENGTH:
        return part.isdigit()
    if MONTH.fullmatch(part):
        return True
    return len(part) in {UUID_LENGTH, PAPER_CODE_LENGTH} and any(one.isdigit() for one in part)
