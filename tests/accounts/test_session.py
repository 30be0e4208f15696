"""Logging in and out: lock-out, disabled accounts, limits, redirects."""

from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from county_portal.accounts.models import User
from county_portal.accounts.roles import Role
from county_portal.audit.models import Event
from county_portal.common.routes import all_routes
from tests.accounts.people import PASSWORD, make_user

pytestmark = pytest.mark.django_db

LOGIN, INBOX, PASSWORD_PAGE = "/login/", "/inbox/", "/password/"
HERE, THERE = "203.0.113.1", "203.0.113.2"


def attempt(login, password="wrong", address=HERE, client=None, **data):
    client = client or Client()
    return client.post(LOGIN, {"login": login, "password": password, **data}, REMOTE_ADDR=address)


def is_signed_in(client):
    return client.get(PASSWORD_PAGE).status_code == 200


def test_login_leads_to_the_inbox_and_is_recorded(client):
    user = make_user(login="filler")

    response = attempt("filler", PASSWORD, client=client)

    assert response["Location"] == INBOX
    assert is_signed_in(client)
    event = Event.objects.get(act="login")
    assert (event.actor_id, event.detail) == (user.pk, {"login": "filler", "address": HERE})


def test_the_login_name_has_one_spelling(client):
    make_user(login="filler")

    assert attempt(" FiLLer ", PASSWORD, client=client)["Location"] == INBOX


def test_a_planted_session_is_not_taken_over(client):
    make_user(login="filler")
    client.get(LOGIN)
    session = client.session
    session["planted"] = "1"
    session.save()
    client.cookies["sessionid"] = planted = session.session_key

    attempt("filler", PASSWORD, client=client)

    assert client.cookies["sessionid"].value != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert not is_signed_in(thief)


def test_unknown_wrong_and_disabled_read_alike():
    make_user(login="known")
    make_user(login="disabled", is_active=False)

    pages = {
        attempt(login, password).content.decode().split("<main")[1].replace(login, "")
        for login, password in [("unknown", "x"), ("known", "x"), ("disabled", PASSWORD)]
    }

    assert len({page.split('name="csrfmiddlewaretoken"')[0] for page in pages}) == 1
    assert "登录名或密码不正确" in pages.pop()


def test_a_disabled_account_cannot_log_in():
    make_user(login="disabled", is_active=False)

    assert attempt("disabled", PASSWORD).status_code == 422


def test_a_disabled_account_loses_its_session_at_once(client):
    user = make_user()
    client.force_login(user)
    assert is_signed_in(client)

    User.objects.filter(pk=user.pk).update(is_active=False)

    assert client.get(PASSWORD_PAGE)["Location"].startswith(LOGIN)


def test_five_failures_lock_the_login_at_this_address_only():
    """Counties of a city share one address: nobody else may be locked out with them."""
    make_user(login="victim")
    make_user(login="neighbour")

    statuses = [attempt("victim").status_code for _ in range(5)]

    assert statuses == [422, 422, 422, 422, 429]
    locked = attempt("victim", PASSWORD)
    assert locked.status_code == 429
    assert 'content="login_locked"' in locked.content.decode()
    assert attempt("neighbour", PASSWORD)["Location"] == INBOX
    assert attempt("victim", PASSWORD, address=THERE)["Location"] == INBOX


@pytest.mark.parametrize("spellings", [["Victim", "vICTIM", "VICTIM", " victim", "victim "]])
def test_other_spellings_do_not_evade_the_lock(spellings):
    make_user(login="victim")

    assert [attempt(login).status_code for login in spellings][-1] == 429
    assert attempt("victim", PASSWORD).status_code == 429


def test_changing_the_browser_does_not_evade_the_lock():
    make_user(login="victim")

    statuses = [
        attempt("victim", client=Client(headers={"User-Agent": f"browser {number}"})).status_code
        for number in range(5)
    ]

    assert statuses[-1] == 429


def test_kept_failures_hold_no_password():
    attempt("victim", "Geheim-12345-x")

    kept = AccessAttempt.objects.values().get()
    assert "Geheim" not in str(kept)


def test_the_lock_ends_after_a_quarter_of_an_hour():
    make_user(login="victim")
    with time_machine.travel("2026-11-21T08:00:00Z", tick=False) as now:
        for _ in range(5):
            attempt("victim")
        now.shift(14 * 60)
        assert attempt("victim", PASSWORD).status_code == 429
        now.shift(16 * 60)
        assert attempt("victim", PASSWORD)["Location"] == INBOX


def test_a_success_forgets_the_failures():
    make_user(login="victim")
    for _ in range(4):
        attempt("victim")
    attempt("victim", PASSWORD)

    assert not AccessAttempt.objects.filter(username="victim").exists()
    assert [attempt("victim").status_code for _ in range(4)] == [422] * 4


@pytest.mark.parametrize(
    "data, named",
    [
        ({}, []),
        ({"login": "", "password": ""}, ["登录名", "密码"]),
        ({"login": "a" * 61, "password": "x"}, ["登录名"]),
        ({"login": "a", "password": "x" * 129}, ["密码"]),
    ],
)
def test_incomplete_forms_are_shown_again(client, data, named):
    response = client.post(LOGIN, data)

    assert response.status_code == (422 if data else 200)
    assert [
        label for label in ("登录名", "密码") if f"{label}：" in response.content.decode()
    ] == named


def test_logout_ends_the_session_on_the_server(client):
    client.force_login(make_user())
    key = client.cookies["sessionid"].value

    response = client.post(reverse("accounts:logout"))

    assert response["Location"] == LOGIN
    thief = Client()
    thief.cookies["sessionid"] = key
    assert not is_signed_in(thief)
    assert not Session.objects.filter(session_key=key).exists()


def test_logout_needs_a_post(client):
    client.force_login(make_user())

    assert client.get(reverse("accounts:logout")).status_code == 405
    assert is_signed_in(client)


def test_forms_need_their_token():
    make_user(login="filler")
    strict = Client(enforce_csrf_checks=True)

    response = strict.post(LOGIN, {"login": "filler", "password": PASSWORD})

    assert response.status_code == 403
    assert 'content="csrf_failed"' in response.content.decode()


def test_a_session_ends_after_twelve_hours_however_much_it_is_used(client):
    with time_machine.travel("2026-11-21T00:00:00Z", tick=False) as now:
        client.force_login(make_user())
        for _ in range(24):
            assert is_signed_in(client)
            now.shift(30 * 60)
        assert is_signed_in(client)
        now.shift(60)
        assert client.get(PASSWORD_PAGE)["Location"].startswith(LOGIN)


def test_an_idle_session_ends_after_an_hour(client):
    with time_machine.travel("2026-11-21T00:00:00Z", tick=False) as now:
        client.force_login(make_user())
        assert is_signed_in(client)
        now.shift(59 * 60)
        assert is_signed_in(client)
        now.shift(61 * 60)
        assert not is_signed_in(client)


def test_reading_often_does_not_write_the_session_each_time(client, django_assert_num_queries):
    client.force_login(make_user())
    client.get("/livez")

    with django_assert_num_queries(2):  # the session and the user, nothing written
        client.get("/livez")


def test_what_a_signed_in_person_sees_is_not_cached(client):
    client.force_login(make_user())

    assert client.get(PASSWORD_PAGE)["Cache-Control"] == "private, no-store"


def test_session_cookie_is_out_of_reach_of_scripts(client):
    make_user(login="filler")
    attempt("filler", PASSWORD, client=client)

    cookie = client.cookies["sessionid"]
    assert (bool(cookie["httponly"]), cookie["samesite"]) == (True, "Lax")
    assert settings.SESSION_ENGINE.endswith("db")


FOREIGN = [
    "https://evil.example", "http://evil.example/", "//evil.example", "///evil.example", "////evil.example",
    "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\t/evil.example", "\t//evil.example",
    "/\r\n/evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x",
    "https:evil.example", "https:/evil.example", "https:///evil.example", "http:\\\\evil.example",
    "//evil.example@testserver", "https://testserver@evil.example", "https://testserver.evil.example",
    "//evil。example", "https://evil。example", "//％65vil.example", "ftp://testserver/",
    "//testserver:99@evil.example/",
    "//[::1]/", "https://[bad", "\x01//evil.example", " //evil.example", "/\x0b/evil.example", "@evil.example//",
    "%2F%2Fevil.example\r\nSet-Cookie: a=b",
]  # fmt: skip
OWN = ["/indicators/submissions/", "/users/?page=2#row", "http://testserver/inbox/"]


def is_ours(location):
    """As a browser would resolve it: control characters dropped, backslashes read as slashes."""
    plain = "".join(char for char in location if char > " ").replace("\\", "/")
    return urlsplit(urljoin("http://testserver/login/", plain))[:2] == ("http", "testserver")


@pytest.mark.parametrize("where", ["query", "form"])
@pytest.mark.parametrize("target", FOREIGN)
def test_login_never_leads_elsewhere(client, target, where):
    make_user(login="filler")
    data = {"login": "filler", "password": PASSWORD}

    if where == "form":
        response = client.post(LOGIN, {**data, "next": target})
    else:
        response = client.post(LOGIN, data, query_params={"next": target})

    assert response.status_code in {302, 400}
    if response.status_code == 302:
        assert is_ours(response["Location"]), response["Location"]
    assert "Set-Cookie: a" not in str(response.headers)


@pytest.mark.parametrize("target", OWN)
def test_login_leads_back_to_where_one_came_from(client, target):
    make_user(login="filler")

    response = client.post(LOGIN, {"login": "filler", "password": PASSWORD, "next": target})

    assert response["Location"] == target


def test_whose_session_ended_at_a_button_is_led_to_its_page_and_told(client):
    make_user(login="filler")
    place = "/applications/fc918147-ca0b-455f-9bb1-7f3e98dc0cbc/plan/goals/"

    answer = client.post(LOGIN, {"login": "filler", "password": PASSWORD, "next": f"{place}save/"})

    assert answer["Location"] == place
    assert "登录失效后提交的内容没有办理" in client.get("/").content.decode()


def test_the_page_keeps_where_one_came_from(client):
    page = client.get(LOGIN, {"next": "/users/"}).content.decode()
    again = client.post(LOGIN, {"login": "a", "password": "b", "next": "/users/"}).content.decode()

    assert 'name="next" value="/users/"' in page
    assert 'name="next" value="/users/"' in again


def test_whoever_is_signed_in_needs_no_login_page(client):
    client.force_login(make_user())

    assert client.get(LOGIN)["Location"] == INBOX


# --- the first password ---------------------------------------------------------------------------

ARGUMENT = {"public_id": "00000000-0000-4000-8000-000000000000"}


def address_of(route):
    """Any address the route answers to; whether the object exists does not matter here."""
    samples = {"uuid": ARGUMENT["public_id"], "int": "1", "slug": "a", "str": "a", "path": "a"}
    parts = [
        samples[part[1:].split(":")[0]] if part.startswith("<") and ":" in part else part
        for part in route.path.split("/")
    ]
    return "/".join(parts)


CLOSED = [
    route
    for route in all_routes()
    if route.access
    and "public" not in route.access.audience
    # Programs come with a token; a session means nothing there (ADR 0023).
    and "token" not in route.access.audience
    and route.name not in {"accounts:password", "accounts:logout"}
]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("route", CLOSED, ids=lambda route: route.name)
def test_an_initial_password_must_be_changed_before_anything_else(client, route, method):
    client.force_login(make_user(Role.SYSTEM_ADMIN, must_change_password=True))

    response = getattr(client, method)(address_of(route))

    assert (response.status_code, response["Location"]) == (302, reverse("accounts:password"))


def test_changing_the_initial_password_opens_the_portal(client):
    user = make_user(must_change_password=True)
    other = Client()
    for each in (client, other):
        each.force_login(user)
    page = client.get(reverse("accounts:password")).content.decode()
    assert "首次登录" in page

    response = client.post(
        reverse("accounts:password"),
        {
            "old_password": PASSWORD,
            "new_password": "Bai-yang-dian-9",
            "repeat_password": "Bai-yang-dian-9",
        },
    )

    assert response["Location"] == INBOX
    assert is_signed_in(client)
    assert not is_signed_in(other)  # other sessions end with the old password
    user.refresh_from_db()
    assert (user.must_change_password, user.check_password("Bai-yang-dian-9")) == (False, True)
    assert user.password_changed_at is not None
    event = Event.objects.get(act="change_password")
    assert "Bai-yang" not in str(event.detail)


@pytest.mark.parametrize(
    "old, new, repeat, field",
    [
        ("wrong", "Bai-yang-dian-9", "Bai-yang-dian-9", "原密码"),
        (PASSWORD, "Bai-yang-dian-9", "Bai-yang-dian-8", "再次输入新密码"),
        (PASSWORD, "short-1A", "short-1A", "新密码"),
        (PASSWORD, PASSWORD, PASSWORD, "新密码"),
    ],
)
def test_a_refused_change_changes_nothing(client, old, new, repeat, field):
    user = make_user(must_change_password=True)
    client.force_login(user)

    response = client.post(
        reverse("accounts:password"),
        {"old_password": old, "new_password": new, "repeat_password": repeat},
    )

    assert response.status_code == 422
    assert f"{field}：" in response.content.decode()
    before = user.password
    user.refresh_from_db()
    assert (user.password, user.must_change_password) == (before, True)
