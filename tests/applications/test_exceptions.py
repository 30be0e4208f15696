"""More days for one unit, other places for one office."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.urls import reverse

from applications.actions.moving import Move, move_application
from applications.actions.rounds import close_round
from applications.enums import ApplicationAction, ApplicationState
from applications.models import RoundQuota
from applications.selectors.applications import why_not_editable
from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.common.errors import Stale
from county_portal.notices.models import Notice
from tests.factories.people import signed_in
from tests.factories.pilots import apply_to


@pytest.fixture
def application(call, province):
    return apply_to(call, province.bureaus["bazhou"], ApplicationState.READY)


def extend(person, application, *, days=30, reason="汛期受灾。"):
    url = reverse("applications:extend", args=[application.public_id])
    until = clock.today() + timedelta(days=days)
    return signed_in(person).post(url, {"until": until.isoformat(), "reason": reason})


def test_more_days_for_one(people, application):
    page = signed_in(people.manager).get(
        reverse("applications:extend", args=[application.public_id])
    )
    assert "只对这一个县（市、区）有效" in page.content.decode()

    own = reverse("applications:application", args=[application.public_id])
    link = reverse("applications:extend", args=[application.public_id])
    assert link in signed_in(people.manager).get(own).content.decode()
    assert link not in signed_in(people.lead).get(own).content.decode()
    assert extend(people.manager, application).status_code == HTTPStatus.FOUND

    application.refresh_from_db()
    assert application.due_on == clock.today() + timedelta(days=30)
    assert Event.objects.filter(act="extend_application").get().detail["reason"] == "汛期受灾。"
    told = set(
        Notice.objects.filter(kind="extend_application").values_list("recipient__login", flat=True)
    )
    assert told == {"bazhou.filler", "bazhou.lead", "langfang.reviewer"}


def test_days_given_after_the_close_let_one_in_alone(people, province, call, application):
    other = apply_to(call, province.bureaus["changan"], ApplicationState.DRAFT)
    close_round(actor=people.manager, round_id=call.public_id)
    submit = Move(ApplicationAction.SUBMIT)
    application.refresh_from_db()
    with pytest.raises(Stale, match="round_closed"):
        move_application(actor=people.lead, application_id=application.public_id, move=submit)

    extend(people.manager, application)

    moved = move_application(actor=people.lead, application_id=application.public_id, move=submit)
    assert moved.state == ApplicationState.SUBMITTED
    other.refresh_from_db()
    assert why_not_editable(other).code == "round_closed"


@pytest.mark.parametrize(
    "data, sentence",
    [
        ({"days": 20}, "须晚于该日"),
        ({"days": -1}, "须晚于该日"),
        ({"reason": " "}, "请填写延期原因"),
    ],
)
def test_days_that_give_no_time_are_refused(people, application, data, sentence):
    answer = extend(people.manager, application, **data)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert sentence in answer.content.decode()
    application.refresh_from_db()
    assert application.extended_to is None


def test_what_was_handed_in_needs_no_days(people, province, call):
    handed_in = apply_to(call, province.bureaus["bazhou"], ApplicationState.SUBMITTED)

    answer = extend(people.manager, handed_in)

    assert (answer.status_code, answer.context["error_code"]) == (
        HTTPStatus.CONFLICT,
        "not_at_county",
    )


def quota_url(call, office):
    return reverse("applications:round_quota", args=[call.public_id, office.public_id])


def test_other_places_while_open(people, province, call):
    office = province.cities["langfang"]
    browser = signed_in(people.manager)
    assert browser.get(quota_url(call, office)).context["form"]["places"].value() == 3

    browser.post(quota_url(call, office), {"places": "5", "reason": "领导小组同意增加。"})

    assert RoundQuota.objects.get(round=call, office=office).places == 5
    event = Event.objects.filter(act="change_quota").get()
    assert event.detail == {
        "office": "廊坊市科技局",
        "places": [3, 5],
        "reason": "领导小组同意增加。",
    }
    told = Notice.objects.filter(kind="change_quota").values_list("recipient__login", "title")
    assert list(told) == [("langfang.reviewer", f"{call.title}推荐名额由3个调整为5个")]


@pytest.mark.parametrize(
    "data, sentence",
    [
        ({"places": "3", "reason": "无。"}, "无需调整"),
        ({"places": "4", "reason": "　"}, "请填写调整原因"),
        ({"places": "许多", "reason": "无。"}, "请填写0至50之间的整数。"),
    ],
)
def test_bad_places_are_refused(people, province, call, data, sentence):
    office = province.cities["langfang"]

    answer = signed_in(people.manager).post(quota_url(call, office), data)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert sentence in answer.content.decode()
    assert RoundQuota.objects.get(round=call, office=office).places == 3


@pytest.mark.parametrize("role", ["filler", "lead", "reviewer", "publisher"])
def test_exceptions_are_the_managers(people, province, call, application, role):
    person = getattr(people, role)

    assert extend(person, application).status_code == HTTPStatus.FORBIDDEN
    answer = signed_in(person).post(quota_url(call, province.cities["langfang"]))
    assert answer.status_code == HTTPStatus.FORBIDDEN
