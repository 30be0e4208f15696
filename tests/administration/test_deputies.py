"""Naming, confirming and ending a deputyship, and the pages of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from county_portal.accounts.models import Deputyship, User
from county_portal.accounts.roles import Permission, Role
from county_portal.administration.actions.deputies import (
    confirm_deputy,
    end_deputy,
    name_deputy,
    propose_deputy,
)
from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.common.routes import all_routes
from county_portal.notices.actions import Message, notify
from county_portal.notices.models import Notice
from tests.factories.deputies import days_ahead, stand_in
from tests.factories.people import make_person, signed_in
from tests.factories.sheets import explain_warnings, fill_whole, fresh, have_approved

pytestmark = pytest.mark.django_db


def refused(error, absent, data):
    with pytest.raises(error) as refusal:
        name_deputy(actor=absent, data=data)
    assert not Deputyship.objects.filter(reason=data.reason, absent=absent).exists()
    return refusal.value.code


def proposed(people, **days):
    return propose_deputy(
        actor=people.system_admin,
        absent_id=people.lead.public_id,
        data=days_ahead(people.filler, **days),
    )


def test_naming_holds_at_once_is_recorded_and_told_to_both(people):
    found = stand_in(people.filler, people.lead)

    assert (found.named_by, found.confirmed_by) == (people.lead, people.lead)
    event = Event.objects.get(act="name_deputy")
    assert event.actor_login == people.lead.login
    assert event.detail["permissions"] == sorted(
        ["indicators.submit", "measures.keep", "pilots.hand_in", "scoring.appeal"]
    )
    told = Notice.objects.filter(kind="deputyship").values_list("recipient__login", "title")
    assert {login for login, _ in told} == {people.lead.login, people.filler.login}
    assert all(title.startswith("代办已指定：王填报代李负责办理") for _, title in told)


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ({"start": -1}, "from_day_past"),
        ({"days": 0}, "days_order"),
        ({"days": 31}, "days_too_many"),
        ({"reason": "  "}, "reason_required"),
    ],
)
def test_days_and_reason_are_asked_for(people, days, code):
    assert refused(Invalid, people.lead, days_ahead(people.filler, **days)) == code


def test_the_longest_is_thirty_days(people):
    assert stand_in(people.filler, people.lead, days=30).pk


def test_only_a_colleague_of_another_post_of_the_office_that_can(people):
    same_post = make_person("bazhou.lead2", Role.COUNTY_LEAD, people.lead.office)
    disabled = make_person("bazhou.filler2", Role.COUNTY_FILLER, people.lead.office)
    User.objects.filter(pk=disabled.pk).update(is_active=False)
    for somebody in (
        *(people.lead, same_post, disabled, people.provider),
        *(people.changan_lead, people.reviewer),
    ):
        assert refused(Invalid, people.lead, days_ahead(somebody)) == "deputy_unfit"
    for person, deputy in (
        (people.expert, people.manager),
        (people.system_admin, people.security_admin),
        (people.provider, people.filler),
    ):
        assert refused(Invalid, person, days_ahead(deputy)) == "post_not_covered"


def test_one_deputy_for_one_absent_at_a_time_and_no_one_who_is_away(people):
    office = people.lead.office
    second_lead = make_person("bazhou.lead2", Role.COUNTY_LEAD, office, "赵副职")
    second_filler = make_person("bazhou.filler2", Role.COUNTY_FILLER, office, "钱填报")
    stand_in(people.filler, people.lead, start=2)

    again = days_ahead(second_filler, start=6, reason="再次。")
    assert refused(Invalid, people.lead, again) == "already_covered"
    assert refused(Invalid, second_lead, days_ahead(people.filler)) == "deputy_taken"
    away = days_ahead(people.lead, start=4)
    assert refused(Invalid, second_filler, away) == "deputy_away"
    # The day after the last is free.
    assert name_deputy(actor=people.lead, data=days_ahead(second_filler, start=7)).pk


def test_a_proposal_gives_nothing_until_another_administrator_confirms_it(people):
    found = proposed(people)
    filler = User.objects.get(pk=people.filler.pk)
    assert not filler.holds(Permission.SUBMIT)
    for somebody in (people.system_admin, people.lead, people.filler):
        with pytest.raises(NotAllowed):
            confirm_deputy(actor=somebody, deputyship_id=found.public_id)

    confirm_deputy(actor=people.security_admin, deputyship_id=found.public_id)

    filler = User.objects.get(pk=people.filler.pk)
    assert filler.holds(Permission.SUBMIT)
    with pytest.raises(Stale, match="stale_state"):
        confirm_deputy(actor=people.security_admin, deputyship_id=found.public_id)


def test_proposing_is_the_system_administrators(people):
    for somebody in (people.security_admin, people.lead, people.manager):
        with pytest.raises(NotAllowed):
            propose_deputy(
                actor=somebody, absent_id=people.lead.public_id, data=days_ahead(people.filler)
            )


def test_ended_by_absent_deputy_or_security_administrator(people):
    for ender in ("lead", "filler", "security_admin"):
        found = stand_in(people.filler, people.lead)
        end_deputy(actor=getattr(people, ender), deputyship_id=found.public_id)
        people.filler.refresh_from_db()
        assert people.filler.deputyship is None
        with pytest.raises(Stale):
            end_deputy(actor=getattr(people, ender), deputyship_id=found.public_id)
    assert Event.objects.filter(act="end_deputy").count() == 3
    assert Notice.objects.filter(title__startswith="代办已结束").count() == 6


def test_nobody_else_ends_it(people):
    found = stand_in(people.filler, people.lead)
    with pytest.raises(NotAllowed):
        end_deputy(actor=people.system_admin, deputyship_id=found.public_id)
    for stranger in (people.reviewer, people.changan_lead, people.provider):
        with pytest.raises(Http404):
            end_deputy(actor=stranger, deputyship_id=found.public_id)
    # Its author takes a proposal back, while nobody confirmed it.
    end_deputy(actor=people.lead, deputyship_id=found.public_id)
    waiting = proposed(people)
    end_deputy(actor=people.system_admin, deputyship_id=waiting.public_id)
    assert Deputyship.objects.open_on(clock.today()).count() == 0


def test_what_the_absent_is_told_the_deputy_is_told_too_once(people):
    stand_in(people.filler, people.lead)
    Notice.objects.all().delete()

    notify([people.lead], Message("one", "step", "霸州市填报表已退回"))
    notify([people.lead, people.filler], Message("both", "step", "霸州市填报表已受理"))

    told = Notice.objects.order_by("key", "recipient").values_list("key", "recipient__login")
    assert sorted(told) == sorted(
        (key, person.login) for key in ("one", "both") for person in (people.lead, people.filler)
    )


# --- pages -------------------------------------------------------------------------------------------


def posted(person, colleague, **changed):
    today = clock.today()
    values = {
        "deputy": str(colleague.public_id),
        "from_day": today.isoformat(),
        "to_day": (today + timedelta(days=2)).isoformat(),
        "reason": "出差。",
        **changed,
    }
    return signed_in(person).post(reverse("administration:own_deputies"), values)


def test_named_in_ones_own_settings_and_shown_to_all_concerned(people):
    colleague = make_person("bazhou.filler2", Role.COUNTY_FILLER, people.lead.office, "钱填报")
    assert posted(people.lead, people.filler).status_code == 302

    inbox = reverse("home:inbox")
    deputy = signed_in(people.filler).get(inbox).content.decode()
    assert "您正在代<strong>李负责</strong>（负责人）办理" in deputy
    absent = signed_in(people.lead).get(inbox).content.decode()
    assert "您的工作由王填报代办" in absent
    assert "deputy-strip" not in absent
    assert "王填报代李负责（负责人）办理" in signed_in(colleague).get(inbox).content.decode()
    assert "代李负责" not in signed_in(people.changan_lead).get(inbox).content.decode()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"deputy": ""}, "请选择代办人"),
        ({"deputy": "not-a-uuid"}, ""),
        ({"from_day": "2026-02-30"}, "日期无效"),
        ({"reason": "  "}, "请写明代办原因"),
        ({"reason": "a\x07b"}, ""),
        ({"to_day": "2020-01-01"}, "结束日期早于开始日期"),
    ],
)
def test_bad_input_names_the_cell_and_changes_nothing(people, changed, sentence):
    answer = posted(people.lead, people.filler, **changed)
    assert answer.status_code in {400, 422}
    assert sentence in answer.content.decode()
    assert not Deputyship.objects.exists()


def test_whose_post_knows_no_deputies_is_told_so(people):
    page = reverse("administration:own_deputies")
    assert "您的岗位不能由他人代办" in signed_in(people.expert).get(page).content.decode()
    assert posted(people.expert, people.manager).status_code == 422


def test_the_administrators_list_confirm_and_end(people):
    found = proposed(people)
    page = reverse("administration:deputies")
    confirm = reverse("administration:deputy_confirm", args=[found.public_id])
    assert confirm not in signed_in(people.system_admin).get(page).content.decode()
    security = signed_in(people.security_admin)
    assert confirm in security.get(page).content.decode()
    assert security.post(confirm).status_code == 302
    end = reverse("administration:deputy_end", args=[found.public_id])
    assert "结束王填报代李负责的办理？" in security.get(end).content.decode()
    assert security.post(end).status_code == 302
    assert "无需结束" in security.get(end).content.decode()
    assert security.post(end).status_code == 409
    assert signed_in(people.filler).get(page).status_code == 403
    assert signed_in(people.changan_lead).get(end).status_code == 404


def test_the_list_asks_the_same_however_long(people):
    client, page = signed_in(people.security_admin), reverse("administration:deputies")
    client.get(page)
    asked = []
    for _ in range(2):
        found = stand_in(people.filler, people.lead)
        with CaptureQueriesContext(connection) as queries:
            client.get(page)
        asked.append(len(queries))
        end_deputy(actor=people.lead, deputyship_id=found.public_id)
    assert asked[0] == asked[1] <= 8


def test_every_door_opens_by_what_is_held_with_what_was_lent(people):
    """The access matrix is a function of posts; here one deputy at all doors without an object."""
    stand_in(people.signer, people.reviewer)
    signer = User.objects.get(pk=people.signer.pk)
    held = {str(each) for each in signer.own_permissions | signer.lent_permissions}
    browser, doors = signed_in(signer), []
    for route in all_routes():
        if route.access and not route.arguments and "GET" in route.access.methods:
            audience = {str(each) for each in route.access.audience}
            if audience & {"public", "token"}:
                continue
            is_open = bool(audience & (held | {"signed-in"}))
            status = browser.get(reverse(route.name)).status_code
            doors.append((route.name, is_open, status == 403))
    assert len(doors) > 50
    assert [door for door in doors if door[1] == door[2]] == []


def test_a_deputy_finds_the_work_and_does_it(people, submission):
    other = make_person("bazhou.filler2", Role.COUNTY_FILLER, people.lead.office, "钱填报")
    fill_whole(people.filler, submission)
    explain_warnings(submission)
    have_approved(people.lead, submission)
    page = reverse("indicators:submit", args=[submission.public_id])
    assert signed_in(other).get(page).status_code == 403
    stand_in(other, people.lead)

    browser = signed_in(User.objects.get(pk=other.pk))
    assert "霸州市" in browser.get(reverse("home:inbox")).content.decode()
    assert browser.get(page).status_code == 200
    revision = fresh(submission).revision
    assert browser.post(page, {"revision": revision}).status_code == 302

    shown = reverse("indicators:submission", args=[submission.public_id])
    assert "钱填报（代李负责）" in signed_in(people.lead).get(shown).content.decode()
