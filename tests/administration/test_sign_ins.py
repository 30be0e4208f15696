"""The log of sign-ins: what is kept, what is not, and who reads it."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from county_portal.accounts.actions import family_of, kept_address
from county_portal.accounts.models import SignIn, StrangerTally
from county_portal.accounts.roles import Role
from county_portal.accounts.selectors import list_sign_ins
from tests.accounts.people import PASSWORD, make_user

pytestmark = pytest.mark.django_db
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36"


def attempt(login, password="wrong", client=None):
    return (client or Client()).post(
        "/login/",
        {"login": login, "password": password},
        REMOTE_ADDR="203.0.113.77",
        HTTP_USER_AGENT=CHROME,
    )


def kinds():
    return list(SignIn.objects.order_by("pk").values_list("kind", "person__login"))


def test_coming_going_and_being_kept_out_are_kept():
    make_user(login="filler")
    browser = Client()

    attempt(" Filler")
    attempt("filler", PASSWORD, browser)
    browser.post("/logout/")

    assert kinds() == [("failure", "filler"), ("success", "filler"), ("sign_out", "filler")]
    event = SignIn.objects.get(kind="success")
    assert (event.address, event.browser) == ("203.0.113.0/24", "Chrome")


def test_a_name_nobody_bears_is_not_kept():
    attempt("Hunter2-mima")

    assert kinds() == [("failure", None)]
    assert "unter2" not in str(SignIn.objects.values().get())


def test_names_nobody_bears_are_one_event_an_hour_with_their_number(client):
    for number in range(7):
        attempt(f"nobody{number}")
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        attempt("nobody")

    assert kinds() == [("failure", None)] * 2
    assert [tally.count for tally in StrangerTally.objects.order_by("hour")] == [7, 1]
    client.force_login(make_user(Role.AUDITOR))
    assert "该小时共7次" in client.get(reverse("administration:sign_ins")).content.decode()


def test_one_address_that_fails_too_often_is_not_looked_at(settings):
    settings.LOGIN_FAILURES = 3
    make_user(login="filler")
    caches["limits"].clear()
    for number in range(3):
        attempt(f"nobody{number}")

    right = attempt("filler", PASSWORD)

    caches["limits"].clear()
    assert right.status_code == 429
    assert 'content="login_too_many"' in right.content.decode()
    assert kinds() == [("failure", None)]


def test_a_locked_name_is_told_from_a_wrong_password():
    make_user(login="filler")

    for _ in range(6):
        attempt("filler")

    assert [kind for kind, _ in kinds()] == ["failure"] * 4 + ["locked"] * 2


def test_an_incomplete_form_is_nobodys_attempt():
    attempt("")
    attempt("filler", "")

    assert kinds() == []


@pytest.mark.parametrize(
    "setting, address, kept",
    [
        ("network", "203.0.113.77", "203.0.113.0/24"),
        ("network", "2001:db8:1:2::7", "2001:db8:1::/48"),
        ("full", "203.0.113.77", "203.0.113.77"),
        ("network", "", ""),
        ("full", "nonsense", ""),
    ],
)
def test_the_address_is_kept_as_the_setting_says(settings, setting, address, kept):
    settings.SIGN_IN_ADDRESS = setting

    assert kept_address(address) == kept


@pytest.mark.parametrize(
    "browser, family",
    [
        (CHROME, "Chrome"),
        (CHROME + " Edg/131.0", "Edge"),
        (CHROME + " QIHU 360SE", "360"),
        ("Mozilla/5.0 Gecko/20100101 Firefox/128.0", "Firefox"),
        ("Mozilla/5.0 (Macintosh) Version/17.0 Safari/605.1.15", "Safari"),
        ("curl/8.5", "其他"),
        ("", ""),
    ],
)
def test_the_browser_is_kept_by_its_family(browser, family):
    assert family_of(browser) == family


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_log_only_grows(act):
    attempt("nobody")

    events = SignIn.objects.all()
    attack = {
        "update": lambda: events.update(address=""),
        "delete": lambda: events._raw_delete("default"),
    }[act]

    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        attack()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.AUDITOR])
def test_only_the_auditor_reads_it(role):
    attempt("nobody")
    user = make_user(role)
    browser = Client()
    browser.force_login(user)

    assert not list_sign_ins(user).exists()
    assert browser.get(reverse("administration:sign_ins")).status_code == 403
    assert browser.get(reverse("administration:sign_ins_export")).status_code == 403


@pytest.mark.parametrize(
    "query, found",
    [
        ("", 3),
        ("q=filler", 2),
        ("q=203.0.113", 3),
        ("kind=success", 1),
        ("kind=nonsense", 3),
        ("since={today}", 2),
        ("until={yesterday}", 1),
        ("since=nonsense", 3),
    ],
)
def test_filters_hold_for_the_list_and_the_export(client, query, found):
    make_user(login="filler")
    with time_machine.travel(timezone.now() - timedelta(days=1), tick=False):
        attempt("nobody")
    attempt("filler")
    attempt("filler", PASSWORD)
    client.force_login(make_user(Role.AUDITOR, login="auditor"))
    today = timezone.localdate()
    query = query.format(today=today, yesterday=today - timedelta(days=1))

    page = client.get(f"{reverse('administration:sign_ins')}?{query}").content.decode()
    content = client.get(f"{reverse('administration:sign_ins_export')}?{query}").content

    assert f"共 {found} 条" in page
    rows = list(load_workbook(io.BytesIO(content)).active.iter_rows(min_row=3, values_only=True))
    assert len(rows) == found


def test_the_list_needs_no_more_queries_for_more(client, django_assert_max_num_queries):
    client.force_login(make_user(Role.AUDITOR))
    client.get("/livez")
    url = reverse("administration:sign_ins")
    counts = []
    for number in (1, 30):
        for each in range(number):
            attempt(make_user(login=f"p{number}.{each}").login, PASSWORD)
        with django_assert_max_num_queries(8) as counted:
            client.get(url)
        counts.append(len(counted))
    assert counts[0] == counts[1]


def test_everybody_sees_his_own_last_ones(client):
    user = make_user(login="filler")
    attempt("filler")
    attempt("other")
    make_user(login="other")
    client.force_login(user)

    page = client.get(reverse("administration:own_sign_ins")).content.decode()

    assert page.count("登录失败") == 1
