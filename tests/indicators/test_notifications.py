"""Who is told of what: the table written out by hand, and the words before the press."""

import pytest

from county_portal.notices.actions import quiet
from county_portal.notices.models import Notice
from indicators.actions.collecting import close_collection, open_collection, reopen_collection
from indicators.actions.openings import extend_deadline
from indicators.enums import SubmissionAction as Act
from indicators.notifications import TELLINGS, audience_of, opening_audience
from tests.factories.people import signed_in
from tests.factories.sheets import approve, draw_up, give_back, move, submission_of, submit
from tests.indicators.browsing import text, url


def told(kind):
    """Logins told of the last act of this kind."""
    return set(Notice.objects.filter(kind=kind).values_list("recipient__login", flat=True))


COUNTY = {"bazhou.filler", "bazhou.clerk", "bazhou.lead"}
CITY = {"langfang.reviewer"}


def reach(people, submission, action):
    """Take the steps up to and with this one."""
    lead, reviewer, manager = people.lead, people.reviewer, people.manager
    if action == Act.RETURN:
        return give_back(lead, reviewer, submission)
    if action in {Act.APPROVE, Act.RECEIVE, Act.SEND_BACK, Act.REOPEN}:
        approve(lead, reviewer, submission)
        if action in {Act.RECEIVE, Act.REOPEN}:
            move(manager, submission, Act.RECEIVE)
        if action in {Act.SEND_BACK, Act.REOPEN}:
            move(manager, submission, action, "请核对。")
        return submission
    submit(lead, submission)
    if action == Act.RECALL:
        move(lead, submission, action)
    if action == Act.ACCEPT:
        move(reviewer, submission, action)
    return submission


@pytest.mark.parametrize(
    "action, sides",
    [
        (Act.SUBMIT, CITY),
        (Act.RECALL, CITY),
        (Act.ACCEPT, COUNTY),
        (Act.APPROVE, COUNTY),
        (Act.RETURN, COUNTY),
        (Act.RECEIVE, COUNTY),
        (Act.SEND_BACK, COUNTY | CITY),
        (Act.REOPEN, COUNTY | CITY),
    ],
)
def test_each_step_tells_those_it_concerns(submission, people, action, sides):
    before = {audience.office for audience in audience_of(submission, action).offices}

    reach(people, submission, action)

    assert told(action) == sides
    assert len(before) == len({login.split(".")[0] for login in sides})


def test_every_step_is_in_the_table():
    assert set(Act) <= set(TELLINGS)


def test_a_return_says_until_when_and_carries_the_words(submission, people):
    give_back(people.lead, people.reviewer, submission, comment="第4项与年报不一致。")

    notice = Notice.objects.get(kind="return", recipient=people.filler)
    due = submission.collection.city_due_on
    assert f"请于{due.year}年{due.month}月{due.day}日前" in notice.title
    assert notice.body == "第4项与年报不一致。"
    assert notice.path == url("submission", submission)


def test_nobody_is_told_of_his_own_act(submission, people):
    extend_deadline(
        actor=people.manager,
        submission_id=submission.public_id,
        until=submission.due_on.replace(year=submission.due_on.year + 1),
        reason="雨灾",
    )

    assert told("extend") == COUNTY | CITY


def test_the_same_step_twice_is_told_twice(submission, people):
    submit(people.lead, submission)
    move(people.lead, submission, Act.RECALL)
    move(people.lead, submission, Act.SUBMIT)

    assert Notice.objects.filter(kind="submit", recipient=people.reviewer).count() == 2


def test_quiet_acts_tell_nobody_and_look_nobody_up(submission, people):
    Notice.objects.all().delete()
    with quiet():
        submit(people.lead, submission)

    assert not Notice.objects.exists()


# --- collections ---------------------------------------------------------------------------------


def test_opening_tells_every_county_and_city_in_three_queries(
    people, version, django_assert_max_num_queries
):
    made = draw_up(people.manager, version)
    words = opening_audience(made)
    with django_assert_max_num_queries(30):
        open_collection(actor=people.manager, collection_id=made.public_id)

    logins = told("open_collection")
    assert logins >= COUNTY | CITY | {"xinji.lead", "xinji.reviewer", "shijiazhuang.reviewer"}
    assert f"共{len(logins)}人" in words
    own = Notice.objects.get(recipient=people.lead)
    assert own.path == url("submission", submission_of(made, "131081"))


def test_closing_tells_only_those_who_have_not_handed_in(collection, submission, people):
    submit(people.lead, submission)

    close_collection(actor=people.manager, collection_id=collection.public_id)

    assert "bazhou.lead" not in told("close_collection")
    assert {"xinji.lead", "changan.lead"} <= told("close_collection")


def test_opening_again_is_told_each_time(collection, people):
    for _ in range(2):
        close_collection(actor=people.manager, collection_id=collection.public_id)
        reopen_collection(
            actor=people.manager, collection_id=collection.public_id, reason="数据更正"
        )

    notices = Notice.objects.filter(kind="reopen_collection", recipient=people.lead)
    assert [notice.body for notice in notices] == ["数据更正"] * 2


# --- before the press ----------------------------------------------------------------------------


def test_the_page_says_beforehand_who_will_be_told(submission, people):
    submit(people.lead, submission)
    page = text(signed_in(people.lead).get(url("recall", submission)))
    assert "将通知：廊坊市科学技术局1人（站内通知，不发邮件）" in page
    move(people.reviewer, submission, Act.ACCEPT)

    page = text(signed_in(people.reviewer).get(url("review", submission)))

    assert page.count("将通知：廊坊市霸州市科学技术局3人（站内通知，不发邮件）") == 2


def test_the_page_says_whether_a_mail_goes_out(submission, people, settings):
    settings.EMAIL_CONFIGURED = True
    people.filler.email = "wang@example.gov.cn"
    people.filler.save()

    words = audience_of(submission, Act.RETURN).words

    assert words == "廊坊市霸州市科学技术局3人（站内通知，其中1人另收到次日邮件摘要）"


def test_an_office_without_accounts_is_not_promised_a_notice(collection, people):
    jingxing = submission_of(collection, "130121")
    people.jingxing_lead.is_active = False
    people.jingxing_lead.save()

    assert "没有人会收到通知" in audience_of(jingxing, Act.RETURN).words


def test_opening_and_closing_pages_say_it_too(collection, people, version):
    drawn_up = draw_up(people.manager, version, years_ago=2)
    client = signed_in(people.manager)

    for name, row in [
        ("collection_open", drawn_up),
        ("collection_close", collection),
        ("collection_reopen", collection),
    ]:
        assert "将通知：" in text(client.get(url(name, row))), name
