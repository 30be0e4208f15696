"""Tokens: who issues, what they open, and what ends them."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from county_portal.accounts.actions import set_active
from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from opendata.actions.tokens import NewToken, issue_token, revoke_token
from opendata.enums import Scope
from opendata.models import ApiToken
from tests.factories.people import signed_in
from tests.opendata.asking import ask, told

pytestmark = pytest.mark.django_db

SHEETS = "/api/v1/sheets"


def newest():
    return ApiToken.objects.order_by("-pk")[0]


def test_a_token_opens_what_its_scopes_say(submission, clerk):
    answer = ask(SHEETS, token=clerk)

    assert answer.status_code == 200
    assert [row["id"] for row in answer.json()["rows"]] == [str(submission.public_id)]
    assert answer["Cache-Control"] == "no-store"


def test_only_its_digest_is_kept(clerk):
    token = newest()

    kept = " ".join(str(value) for value in ApiToken.objects.values().get(pk=token.pk).values())
    secret = clerk.removeprefix(token.prefix)
    assert clerk.startswith(token.prefix)
    assert secret not in kept
    assert secret not in str(Event.objects.order_by("-serial")[0].detail)


@pytest.mark.parametrize("shown", ["", "cp_00000000_none", "Bearer", "\u00e9"])
def test_no_good_token(people, shown):
    answer = ask(SHEETS, token=shown) if shown else ask(SHEETS)

    assert told(answer, 401)["code"] in {"token_missing", "token_unknown"}
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_session_is_no_token(people, submission):
    answer = signed_in(people.filler).get(SHEETS)

    assert told(answer, 401)["code"] == "token_missing"


def test_without_the_scope(people, token_of):
    text = token_of(people.filler, [Scope.READ_MONTHLY])

    assert told(ask(SHEETS, token=text), 403)["code"] == "scope_missing"


def test_the_post_limits_a_token_even_later(people, clerk):
    people.filler.role = "auditor"
    people.filler.save()

    assert told(ask(SHEETS, token=clerk), 403)["code"] == "post_lacks_permission"


def test_it_ends_with_its_last_day(people, token_of):
    text = token_of(people.filler, days=1)
    last = newest().expires_on

    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        assert clock.today() == last
        assert ask(SHEETS, token=text).status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        assert told(ask(SHEETS, token=text), 401)["code"] == "token_expired"


def test_it_ends_with_its_account(people, clerk):
    set_active(actor=people.security_admin, public_id=people.filler.public_id, active=False)

    assert told(ask(SHEETS, token=clerk), 401)["code"] == "holder_disabled"


@pytest.mark.parametrize("who", ["security_admin", "lead", "filler"])
def test_those_who_may_stop_it(people, clerk, who):
    token = newest()
    revoke_token(actor=getattr(people, who), public_id=token.public_id, reason="更换系统。")

    assert told(ask(SHEETS, token=clerk), 401)["code"] == "token_revoked"
    event = Event.objects.get(act="revoke_token")
    assert event.detail == {"prefix": token.prefix, "reason": "更换系统。"}
    with pytest.raises(Stale):
        revoke_token(actor=people.security_admin, public_id=token.public_id, reason="再停。")


def test_the_issuer_does_not_stop_it(people, clerk):
    with pytest.raises(NotAllowed):
        revoke_token(actor=people.system_admin, public_id=newest().public_id, reason="停用。")


@pytest.mark.parametrize("reason", ["", "  ", "长" * 201, "\x07"])
def test_stopping_wants_a_reason(people, clerk, reason):
    with pytest.raises(Invalid) as refusal:
        revoke_token(actor=people.security_admin, public_id=newest().public_id, reason=reason)

    assert refusal.value.code == "reason_missing"
    assert not newest().is_revoked


@pytest.mark.parametrize(
    ("scopes", "days", "code"),
    [
        ([], 30, "scopes_missing"),
        ([Scope.READ_SHEETS], 0, "days_out_of_range"),
        ([Scope.READ_SHEETS], 367, "days_out_of_range"),
        ([Scope.READ_MONTHLY], 30, "scope_not_for_post"),
    ],
)
def test_what_is_not_issued(people, scopes, days, code):
    """A department provides figures; months are the bureau's."""
    with pytest.raises(Invalid) as refusal:
        issue_token(
            actor=people.system_admin, wanted=NewToken("系统", people.provider, scopes, days)
        )

    assert refusal.value.code == code
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("who", ["security_admin", "lead", "filler", "manager"])
def test_others_do_not_issue(people, who):
    wanted = NewToken("系统", people.filler, [Scope.READ_SHEETS], 30)
    with pytest.raises(NotAllowed):
        issue_token(actor=getattr(people, who), wanted=wanted)


def test_the_database_keeps_the_rules(clerk):
    for changed in ({"scopes": []}, {"revoked_at": clock.now()}, {"expires_on": "2001-01-01"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ApiToken.objects.update(**changed)


def test_the_last_use_is_noted(clerk):
    assert newest().last_used_at is None

    ask(SHEETS, token=clerk)
    assert newest().last_used_at is not None


def test_too_many_requests_with_one_token(settings, clerk):
    settings.TOKEN_REQUESTS = 1

    assert ask(SHEETS, token=clerk).status_code == 200
    answer = ask(SHEETS, token=clerk)
    assert told(answer, 429)["code"] == "too_many_requests"
    assert int(answer["Retry-After"]) > 0


def test_pages_issue_show_once_and_stop(people):
    admin = signed_in(people.system_admin)
    posted = {
        "name": "统计平台",
        "login": people.filler.login,
        "scopes": ["sheets:read"],
        "days": "90",
    }
    shown = admin.post(reverse("opendata:token_issue"), posted)
    token = newest()

    text = shown.content.decode()
    assert shown.status_code == 200
    assert f"{token.prefix}_" in text
    assert shown["Cache-Control"] == "private, no-store"
    listed = admin.get(reverse("opendata:tokens")).content.decode()
    assert token.prefix in listed
    assert f"{token.prefix}_" not in listed

    security = signed_in(people.security_admin)
    address = reverse("opendata:token_revoke", args=[token.public_id])
    assert security.post(address, {"reason": " "}).status_code == 422
    assert security.post(address, {"reason": "更换。"}).status_code == 302
    assert security.post(address, {"reason": "更换。"}).status_code == 409
    assert "已停用" in security.get(reverse("opendata:tokens")).content.decode()


def test_faults_of_the_form(people):
    admin = signed_in(people.system_admin)
    address = reverse("opendata:token_issue")

    empty = admin.post(address, {})
    assert empty.status_code == 422
    assert "请填写用途" in empty.content.decode()
    wrong = {"name": "系统", "login": "nobody", "scopes": ["sheets:read"], "days": "9"}
    assert "没有可用令牌的账号" in admin.post(address, wrong).content.decode()
    beyond = {
        "name": "系统",
        "login": people.provider.login,
        "scopes": ["monthly:read"],
        "days": "9",
    }
    assert "部门数据员" in admin.post(address, beyond).content.decode()
    assert not ApiToken.objects.exists()


def test_offices_see_their_own(people, token_of):
    token_of(people.filler)

    own = signed_in(people.lead).get(reverse("opendata:tokens")).content.decode()
    assert newest().prefix in own
    other = signed_in(people.changan_lead)
    assert newest().prefix not in other.get(reverse("opendata:tokens")).content.decode()
    address = reverse("opendata:token_revoke", args=[newest().public_id])
    assert other.post(address, {"reason": "停。"}).status_code == 404


def test_the_list_of_tokens_costs_the_same_however_long(
    people, token_of, django_assert_max_num_queries
):
    browser = signed_in(people.system_admin)
    for _ in range(5):
        token_of(people.filler)
    with django_assert_max_num_queries(9):
        browser.get(reverse("opendata:tokens"))
