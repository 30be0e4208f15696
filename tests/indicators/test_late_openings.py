"""Time for one county after the collection is closed, or its day has passed."""

from datetime import timedelta

import pytest

from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.notices.models import Notice
from indicators.actions.collecting import close_collection
from indicators.actions.openings import close_late, extend_deadline, open_late
from indicators.enums import SubmissionAction as Act
from indicators.enums import SubmissionState
from indicators.models import LateOpening
from indicators.rules import FillingTime, filling_refusal
from indicators.selectors import list_overdue, may_fill, why_not_fillable
from indicators.selectors.openings import list_late_openings
from tests.factories.people import signed_in
from tests.factories.sheets import fresh, move, submission_of, submit
from tests.indicators.browsing import code, questions, text, url


def day(days):
    return clock.today() + timedelta(days=days)


@pytest.fixture
def closed(collection, people):
    """The collection, closed."""
    return close_collection(actor=people.manager, collection_id=collection.public_id)


@pytest.fixture
def late(closed, submission, people):
    """霸州 may fill for three days more."""
    return grant(people, submission)


def grant(people, submission, until=None, reason="受灾停电"):
    return open_late(
        actor=people.manager,
        submission_id=submission.public_id,
        until=until or day(3),
        reason=reason,
    )


@pytest.mark.parametrize(
    "state, late_until, due, refusal",
    [
        ("open", None, 1, None),
        ("open", None, -1, "deadline_passed"),
        ("open", 0, -1, None),
        ("open", -1, -2, "deadline_passed"),
        ("closed", None, 1, "collection_closed"),
        ("closed", 0, -30, None),
        ("closed", 5, -30, None),
        ("closed", -1, -30, "collection_closed"),
    ],
)
def test_the_rule(state, late_until, due, refusal):
    until = None if late_until is None else day(late_until)
    time = FillingTime(state, SubmissionState.DRAFT, day(due), clock.today(), until)

    found = filling_refusal(time)

    assert (found and found.code) == refusal


def test_a_late_opening_unlocks_no_sheet_that_is_elsewhere():
    time = FillingTime("closed", SubmissionState.SUBMITTED, day(-1), clock.today(), day(1))

    assert filling_refusal(time).code == "not_editable"


def test_one_county_fills_submits_and_is_approved_after_the_close(late, submission, people):
    assert may_fill(people.filler, fresh(submission))
    assert may_fill(people.changan_lead, submission_of(submission.collection, "130102")) is False

    submit(people.lead, submission)
    move(people.reviewer, submission, Act.APPROVE)
    done = move(people.manager, submission, Act.RECEIVE)

    assert done.state == SubmissionState.ACCEPTED


def test_it_ends_with_its_day(late, submission, people):
    with clock.playing(clock.now() + timedelta(days=3)):
        assert why_not_fillable(fresh(submission)) is None
    with clock.playing(clock.now() + timedelta(days=4)):
        refusal = why_not_fillable(fresh(submission))
        assert refusal.code == "collection_closed"
        assert "补报已于" in refusal.sentence
        (opening,) = list_late_openings(submission.collection)
        assert (opening.word, opening.is_running) == ("已到期", False)


def test_it_may_be_ended_before(late, submission, people):
    close_late(actor=people.manager, submission_id=submission.public_id)

    assert why_not_fillable(fresh(submission)).code == "collection_closed"
    assert [row.word for row in list_late_openings(submission.collection)] == ["已提前结束"]
    with pytest.raises(Stale, match="not_opened_late"):
        close_late(actor=people.manager, submission_id=submission.public_id)
    assert Event.objects.get(act="close_late").detail["late_until"][1] is None


def test_the_newest_takes_the_place_of_the_one_before(late, submission, people):
    grant(people, submission, day(9), "仍在受灾")

    words = [row.word for row in list_late_openings(submission.collection)]
    assert words == ["开放中", "已由后一次补开接替"]
    assert fresh(submission).late_until == day(9)


def test_it_is_recorded_and_told(late, submission, people):
    event = Event.objects.get(act="open_late")
    assert event.detail == {"late_until": [None, day(3).isoformat()], "reason": "受灾停电"}
    told = set(Notice.objects.filter(kind="open_late").values_list("recipient__login", flat=True))
    assert told == {"bazhou.filler", "bazhou.clerk", "bazhou.lead", "langfang.reviewer"}


def test_nobody_is_overdue_while_it_lasts(late, submission, people):
    collection = submission.collection
    with clock.playing(clock.now() + timedelta(days=3)):
        overdue = list_overdue(collection, clock.today() + timedelta(days=100))
        assert submission in overdue
    assert submission not in list_overdue(collection, day(3))


@pytest.mark.parametrize(
    "until, reason, refused",
    [(-1, "受灾", "date_in_the_past"), (3, " ", "reason_required")],
)
def test_what_is_refused(closed, submission, people, until, reason, refused):
    with pytest.raises(Invalid, match=refused):
        grant(people, submission, day(until), reason)
    assert not LateOpening.objects.exists()


def test_open_collections_are_extended_and_closed_ones_opened_late(collection, submission, people):
    with pytest.raises(Stale, match="collection_not_closed"):
        grant(people, submission)
    close_collection(actor=people.manager, collection_id=collection.public_id)
    with pytest.raises(Stale, match="collection_closed"):
        extend_deadline(
            actor=people.manager, submission_id=submission.public_id, until=day(90), reason="受灾"
        )


@pytest.mark.parametrize("who", ["lead", "reviewer", "checker"])
def test_only_the_province_may(closed, submission, people, who):
    with pytest.raises(NotAllowed):
        open_late(
            actor=getattr(people, who),
            submission_id=submission.public_id,
            until=day(3),
            reason="受灾",
        )


# --- pages ---------------------------------------------------------------------------------------


def test_the_page_gives_time_and_the_list_shows_it(closed, submission, people):
    client = signed_in(people.manager)
    assert "补开" in text(client.get(url("submission", submission)))
    page = text(client.get(url("late_opening", submission)))
    assert "将通知：" in page

    client.post(
        url("late_opening", submission), {"until": day(3).isoformat(), "reason": "受灾停电"}
    )

    assert "受灾停电" in text(client.get(url("late_openings", closed)))
    assert "为本县补开至" in text(signed_in(people.lead).get(url("submission", submission)))
    client.post(url("late_opening_close", submission))
    assert "已提前结束" in text(client.get(url("late_openings", closed)))


def test_each_page_leads_to_the_one_that_fits(collection, submission, people):
    client = signed_in(people.manager)
    assert client.get(url("late_opening", submission))["Location"] == url("extend", submission)
    close_collection(actor=people.manager, collection_id=collection.public_id)
    assert client.get(url("extend", submission))["Location"] == url("late_opening", submission)


def test_a_form_with_faults_is_kept(closed, submission, people):
    answer = signed_in(people.manager).post(
        url("late_opening", submission), {"until": day(-2).isoformat(), "reason": "受灾"}
    )

    assert answer.status_code == 422
    assert "不能早于今天" in text(answer)


def test_opening_one_that_is_open_to_all_is_told(collection, submission, people):
    answer = signed_in(people.manager).post(
        url("late_opening", submission), {"until": day(3).isoformat(), "reason": "受灾"}
    )

    assert (answer.status_code, code(answer)) == (409, "collection_not_closed")


def test_a_longer_list_asks_no_more_questions(closed, submission, people):
    grant(people, submission)
    before = questions(people.manager, url("late_openings", closed))
    for number in ("130102", "130121"):
        grant(people, submission_of(closed, number))

    assert questions(people.manager, url("late_openings", closed)) == before
