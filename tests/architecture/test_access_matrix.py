"""Every route × every role, against what the route declares. A new route is in it by existing."""

from importlib import import_module
from pkgutil import iter_modules

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from county_portal.accounts.roles import ROLE_PERMISSIONS, Role
from county_portal.common.routes import all_routes
from tests import architecture
from tests.accounts.people import make_user
from tests.architecture import samples

pytestmark = pytest.mark.django_db

# Modules that provide objects for URL arguments, each registering its own kinds on import.
_MODULES = [
    import_module(f"tests.architecture.{module.name}")
    for module in iter_modules(architecture.__path__)
    if "samples" in module.name
]
assert all(getattr(module, "PROVIDED", set()) <= set(samples.PROVIDERS) for module in _MODULES)

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ROUTES = [route for route in all_routes() if route.access]
OPEN = [route for route in ROUTES if route.access and "public" in route.access.audience]
# Programs with a token of an office: no session opens these.
TOKEN = [route for route in ROUTES if route.access and "token" in route.access.audience]
CLOSED = [route for route in ROUTES if route not in OPEN and route not in TOKEN]
# What a page may answer to somebody who may enter it and names an object of theirs.
ENTERED = {200, 302, 303, 409, 422, 429, 503}


def by_name(route):
    return route.name


def may_enter(route, role):
    held = {str(permission) for permission in ROLE_PERMISSIONS[role]}
    return "signed-in" in route.access.audience or bool(held & set(route.access.audience))


def declared(route):
    return {*route.access.methods, *(["HEAD"] if "GET" in route.access.methods else [])}


def browser_of(user):
    """A browser in which this person is signed in; nobody for None. Signing in costs as much as a page."""
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
    return client


def call(route, method, arguments, browser):
    return browser.generic(method, reverse(route.name, kwargs=arguments))


@pytest.fixture(scope="module")
def signed_in(django_db_setup, django_db_blocker):
    """One person per role in a browser of their own, for all they ask in vain: it changes nothing of theirs."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield {role: browser_of(make_user(role)) for role in Role}
        transaction.set_rollback(True)


@pytest.mark.parametrize("route", ROUTES, ids=by_name)
def test_every_kind_of_argument_has_a_sample(route):
    assert not samples.missing(route), "add a provider to tests/architecture/samples.py"


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("route", CLOSED, ids=by_name)
def test_role(route, role, signed_in):
    """403 outside the audience, whether the object exists or not; inside it never 403, 405 or 500."""
    if not may_enter(route, role):
        for method in declared(route):
            answer = call(route, method, samples.unknown(route), signed_in[role])
            assert answer.status_code == 403, method
        return
    for method in sorted(declared(route) - {"HEAD"}):
        # Another person for each method: a county, for one, cannot be a pilot twice.
        user = make_user(role)
        own = samples.arguments(route, user)
        if own is not None:
            assert call(route, method, own, browser_of(user)).status_code in ENTERED, method


@pytest.mark.parametrize(
    "route, role",
    [
        pytest.param(route, role, id=f"{route.name}-{role}")
        for route in CLOSED
        for role in Role
        if route.arguments and may_enter(route, role)
    ],
)
def test_what_is_foreign_is_not_found(route, role):
    """404, as for what does not exist."""
    user = make_user(role)
    foreign = samples.arguments(route, user, foreign=True)
    browser = browser_of(user)

    for method in sorted(declared(route) - {"HEAD"}):
        nothing = call(route, method, samples.unknown(route), browser)
        assert nothing.status_code == 404, method
        if foreign is not None:
            assert call(route, method, foreign, browser).status_code == 404, method


@pytest.mark.parametrize("route", ROUTES, ids=by_name)
def test_undeclared_methods(route, signed_in):
    """405 before 403: for a role inside and for one outside the audience."""
    inside = [role for role in Role if route not in CLOSED or may_enter(route, role)]
    outside = [role for role in Role if role not in inside]

    for role in [*inside[:1], *outside[:1]]:
        for method in set(METHODS) - declared(route):
            answer = call(route, method, samples.unknown(route), signed_in[role])
            assert answer.status_code == 405, (role, method)
            assert set(answer["Allow"].split(", ")) == declared(route)


@pytest.mark.parametrize("route", CLOSED, ids=by_name)
def test_anonymous_is_led_to_the_login(route):
    browser = browser_of(None)

    for method in METHODS:
        answer = call(route, method, samples.unknown(route), browser)

        assert answer.status_code == 302, method
        assert answer["Location"].startswith("/login/?next="), method


@pytest.mark.parametrize("route", OPEN, ids=by_name)
def test_public_pages_are_open(route):
    answer = call(route, route.access.methods[0], samples.unknown(route), browser_of(None))

    # 409: a sentence says that nothing is published yet.
    assert answer.status_code in {200, 302, 404, 409, 422}
    assert not answer.headers.get("Location", "").startswith("/login/")


@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize("route", TOKEN, ids=by_name)
def test_a_session_opens_nothing_for_programs(route, role, signed_in):
    """401 whoever is signed in, and no page to sign in on."""
    browser = signed_in[role] if role else browser_of(None)

    for method in declared(route):
        answer = call(route, method, samples.unknown(route), browser)
        assert answer.status_code == 401, method
        assert "Location" not in answer.headers


def test_only_these_are_public():
    """Written out by hand: making a page public must be done twice."""
    kernel = {"home:front", "home:livez", "home:readyz", "home:version", "accounts:login"}
    # Whoever holds an issued document may verify it.
    verify = {
        *("verify:index", "verify:file", "verify:standing", "verify:compare", "verify:receipt"),
        *("verify:keys", "verify:keys_json", "verify:script"),
    }

    # The public's own handbook and the pictures in it; search finds anybody only what is published.
    guides = {"guides:index", "guides:handbook", "guides:picture"}
    search = {"search:search", "search:indicator", "search:suggestions"}

    names = {route.name for route in OPEN}
    assert kernel | verify | guides | search <= names
    published = ("scoring:public_", "applications:public_", "reports:public_")
    # What is published, for programs; each of these reads through the doors of the public pages.
    published += ("opendata:public_", "opendata:open_", "announcements:public_")
    published += ("dashboards:public_",)
    assert not {
        name for name in names - kernel - verify - guides - search if not name.startswith(published)
    }


def test_navigation_leads_somewhere():
    from county_portal.home.context import NAVIGATION

    for _, _, name, _, prefix in NAVIGATION:
        assert reverse(name).startswith(prefix), name


def test_there_is_no_admin_site():
    assert Client().get("/admin/").status_code in {302, 404}
    assert not [route for route in ROUTES if "admin" in route.path]


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.rstrip("/"), lambda path: path + "/", lambda path: path + "index.js",
        lambda path: path + "x.css", lambda path: path.upper(), lambda path: path + ";a=b",
        lambda path: path + "%2e%2e/", lambda path: path + "?_method=DELETE", lambda path: path + ".json",
        lambda path: path + "%20", lambda path: "/." + path, lambda path: path + "%00",
    ],
)  # fmt: skip
def test_other_spellings_of_a_path_open_nothing(change):
    """A page of one role, asked by another under a path somewhat changed."""
    outsider = make_user(Role.AUDITOR)
    client = Client(raise_request_exception=False)
    client.force_login(outsider)
    for name in ("accounts:users", "accounts:create"):
        answer = client.get(change(reverse(name)))
        assert answer.status_code in {301, 400, 403, 404}, name
        if answer.status_code == 301:
            assert client.get(answer["Location"]).status_code in {403, 404}
