"""The calendar tells: before a day, after it upwards, each thing once, whatever runs or fails to run."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core.management import call_command

from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.notices.models import Notice
from indicators.actions.collecting import close_collection
from indicators.actions.openings import extend_deadline, open_late
from indicators.actions.reminding import Timetable, send_reminders, set_timetable
from indicators.enums import SubmissionAction as Act
from indicators.rules.reminders import step_before
from indicators.tasks import send_reminders as task
from tests.factories.people import signed_in
from tests.factories.sheets import fresh, move, submission_of, submit
from tests.indicators.browsing import code, questions, text, url


@pytest.fixture(autouse=True)
def untold(collection):
    """Only what the calendar tells is looked at."""
    Notice.objects.all().delete()
    return collection


def at(day):
    return clock.playing(datetime.combine(day, time(7), tzinfo=clock.BEIJING))


def run_on(day):
    """The task on this day; returns titles told by login."""
    Notice.objects.all().update(kind="old")
    with at(day):
        send_reminders()
    told = {}
    for notice in Notice.objects.exclude(kind="old").select_related("recipient"):
        told.setdefault(notice.recipient.login, []).append(notice.title)
    return told


@pytest.mark.parametrize(
    "left, step",
    [(8, None), (7, 7), (6, 7), (4, 7), (3, 3), (2, 3), (1, 1), (0, 1), (-1, None)],
)
def test_the_step_that_holds(left, step):
    today = date(2026, 4, 1)

    assert step_before(today, today + timedelta(days=left), [3, 7, 1]) == step


def test_a_county_is_reminded_so_many_days_before(collection, people):
    due = collection.county_due_on
    assert "bazhou.filler" not in run_on(due - timedelta(days=8))

    told = run_on(due - timedelta(days=7))

    assert told["bazhou.filler"] == told["bazhou.lead"]
    assert "还剩7天" in told["bazhou.filler"][0]
    assert "langfang.reviewer" not in told
    assert "hebei.manager" not in told


def test_two_runs_are_one_notice(collection):
    day = collection.county_due_on - timedelta(days=3)
    run_on(day)
    count, entries = Notice.objects.count(), Event.objects.filter(act="send_reminders").count()

    with at(day):
        assert send_reminders() == 0
        task()
        call_command("send_reminders")

    assert Notice.objects.count() == count > 0
    assert Event.objects.filter(act="send_reminders").count() == entries == 1


def test_a_day_without_a_run_is_caught_up_with(collection):
    assert "还剩6天" in run_on(collection.county_due_on - timedelta(days=6))["bazhou.lead"][0]
    assert "bazhou.lead" not in run_on(collection.county_due_on - timedelta(days=5))


def test_whoever_handed_in_is_left_alone(collection, submission, people):
    submit(people.lead, submission)

    assert "bazhou.lead" not in run_on(collection.county_due_on - timedelta(days=1))
    assert "bazhou.lead" not in run_on(collection.county_due_on + timedelta(days=5))


def test_it_goes_up_county_city_province(collection, people):
    due = collection.county_due_on

    first = run_on(due + timedelta(days=1))
    assert "已逾期" in first["bazhou.lead"][0]
    assert "langfang.reviewer" not in first

    third = run_on(due + timedelta(days=3))
    assert third["langfang.reviewer"] == [f"{collection.title}：1个县（市、区）逾期未报"]
    assert third["shijiazhuang.reviewer"] == [f"{collection.title}：2个县（市、区）逾期未报"]
    assert "bazhou.lead" not in third
    assert "hebei.manager" not in third

    seventh = run_on(due + timedelta(days=7))
    assert seventh == {"hebei.manager": [f"{collection.title}：4个县（市、区）逾期7天以上"]}
    notice = Notice.objects.get(recipient=people.manager)
    assert "state=overdue" in notice.path

    assert run_on(due + timedelta(days=8)) == {}


def test_a_county_that_falls_late_afterwards_is_told_of_again(collection, submission, people):
    extend_deadline(
        actor=people.manager,
        submission_id=submission.public_id,
        until=collection.county_due_on + timedelta(days=4),
        reason="雨灾",
    )
    due = collection.county_due_on
    told = run_on(due + timedelta(days=7))
    assert "3个" in told["hebei.manager"][0]
    assert "1个" in told["langfang.reviewer"][0]

    assert "4个" in run_on(due + timedelta(days=11))["hebei.manager"][0]


def test_the_city_is_reminded_of_its_own_turn_and_then_reported(collection, submission, people):
    submit(people.lead, submission)
    due = collection.city_due_on
    assert "还有1份填报表待审核" in run_on(due - timedelta(days=3))["langfang.reviewer"][0]

    late = run_on(due + timedelta(days=1))
    assert any("逾期未审" in title for title in late["langfang.reviewer"])


def test_whoever_is_handed_a_sheet_late_is_not_blamed_at_once(collection, submission, people):
    """A county gets its sheet back after the city's day: its own day counts from then."""
    due = collection.city_due_on
    with at(collection.county_due_on):
        submit(people.lead, submission)
    with at(due + timedelta(days=10)):
        move(people.reviewer, submission, Act.RETURN, "请核对。", ["04"])

    assert "bazhou.lead" not in run_on(due + timedelta(days=10))
    assert "bazhou.lead" in run_on(due + timedelta(days=11))


def test_a_late_opening_is_reminded_of_although_the_collection_is_closed(
    collection, submission, people
):
    close_collection(actor=people.manager, collection_id=collection.public_id)
    until = clock.today() + timedelta(days=5)
    open_late(actor=people.manager, submission_id=submission.public_id, until=until, reason="受灾")
    Notice.objects.all().delete()

    told = run_on(until - timedelta(days=1))

    assert set(told) == {"bazhou.lead", "bazhou.filler", "bazhou.clerk"}
    assert run_on(until + timedelta(days=9)) == {}


def test_the_number_of_queries_does_not_grow(collection, django_assert_max_num_queries):
    with at(collection.county_due_on + timedelta(days=9)), django_assert_max_num_queries(20):
        assert send_reminders() > 0


# --- the timetable -------------------------------------------------------------------------------


def change(actor, collection, before=(10, 5), after=(2, 4, 6)):
    return set_timetable(
        actor=actor, collection_id=collection.public_id, timetable=Timetable(before, after)
    )


def test_the_province_sets_the_timetable(collection, people):
    changed = change(people.manager, collection)

    assert (changed.remind_before, changed.escalate_after) == ([10, 5], [2, 4, 6])
    assert "bazhou.lead" in run_on(collection.county_due_on - timedelta(days=10))
    assert Event.objects.get(act="set_timetable").detail["timetable"][0] == [[7, 3, 1], [1, 3, 7]]


def test_the_levels_follow_each_other(collection, people):
    with pytest.raises(Invalid, match="escalation_out_of_order"):
        change(people.manager, collection, after=(3, 3, 7))


def test_nobody_else_sets_it_nor_anybody_after_the_close(collection, people):
    with pytest.raises(NotAllowed):
        change(people.lead, collection)
    close_collection(actor=people.manager, collection_id=collection.public_id)
    with pytest.raises(Stale, match="collection_closed"):
        change(people.manager, collection)


def test_the_page_of_the_timetable(collection, people):
    client = signed_in(people.manager)
    assert "7，3，1" in client.get(url("timetable", collection)).content.decode()

    posted = {"before": "5、2", "county": "1", "city": "2", "province": "3"}
    client.post(url("timetable", collection), posted)

    assert fresh_collection(collection).remind_before == [5, 2]
    faulty = client.post(url("timetable", collection), posted | {"before": "五天", "city": "1"})
    assert faulty.status_code == 422
    assert "请只填写天数" in text(faulty)
    wrong = client.post(url("timetable", collection), posted | {"city": "1"})
    assert "天数逐级增加" in text(wrong)
    close_collection(actor=people.manager, collection_id=collection.public_id)
    answer = client.post(url("timetable", collection), posted)
    assert (answer.status_code, code(answer)) == (409, "collection_closed")


def fresh_collection(collection):
    return type(collection).objects.get(pk=collection.pk)


def test_the_list_of_the_overdue_says_who_was_told(collection, people):
    due = collection.county_due_on
    for days in (1, 3, 7):
        run_on(due + timedelta(days=days))
    client = signed_in(people.manager)
    with at(due + timedelta(days=8)):
        page = text(client.get(url("collection", collection)))

    first, third, seventh = (due + timedelta(days=days) for days in (1, 3, 7))
    words = (
        f"{first.month}月{first.day}日已提醒县级；{third.month}月{third.day}日已上报市级；"
        f"{seventh.month}月{seventh.day}日已上报省级"
    )
    assert page.count(words) == 4


def test_a_longer_list_of_the_overdue_asks_no_more_questions(collection, submission, people):
    with at(collection.county_due_on + timedelta(days=8)):
        four = questions(people.manager, url("collection", collection))
    for number in ("130102", "130121"):
        one = submission_of(collection, number)
        one.extended_to, one.extension_reason = date(2999, 1, 1), "测试"
        one.save()
    with at(collection.county_due_on + timedelta(days=8)):
        assert questions(people.manager, url("collection", collection)) == four
    assert fresh(submission).extended_to is None
