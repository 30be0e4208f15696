"""Moves through the table on real rows, extensions, and receiving many at once."""

from datetime import timedelta

import pytest
from django.http import Http404

from county_portal.accounts.roles import Role
from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from indicators.actions.bulk import move_submissions
from indicators.actions.collecting import close_collection
from indicators.actions.openings import extend_deadline
from indicators.actions.reviewing import Move, move_submission
from indicators.enums import SubmissionAction as Act
from indicators.models import ReviewStep
from indicators.rules import CellInput
from indicators.selectors import available_actions, last_return, list_changes_since_return
from tests.factories.sheets import (
    add_item,
    approve,
    fill,
    fill_whole,
    fresh,
    give_back,
    hand_in_again,
    move,
    submission_of,
    submit,
)


def refusal(error, *arguments, **options):
    with pytest.raises(error) as refused:
        move(*arguments, **options)
    return refused.value


def trace(submission):
    return [(step.action, step.from_state, step.to_state) for step in submission.steps.all()]


def test_a_sheet_goes_all_the_way(submission, people):
    approve(people.lead, people.reviewer, submission)
    done = move(people.manager, submission, Act.RECEIVE)

    assert done.state == "accepted"
    assert trace(submission) == [
        ("submit", "draft", "submitted"),
        ("accept", "submitted", "city_review"),
        ("approve", "city_review", "province_review"),
        ("receive", "province_review", "accepted"),
    ]
    assert set(submission.values.values_list("status", flat=True)) == {"forecast", "confirmed"}
    acts = list(Event.objects.order_by("serial").values_list("act", flat=True))[-4:]
    assert acts == [
        "submit_submission",
        "accept_submission",
        "approve_submission",
        "receive_submission",
    ]


def test_a_submission_carries_time_person_and_digest(submission, people):
    first = submit(people.lead, submission)
    digest = first.content_digest
    move(people.lead, submission, Act.RECALL)
    again = move(people.lead, submission, Act.SUBMIT)
    move(people.lead, submission, Act.RECALL)
    fill(people.lead, submission, {"04": CellInput("51")})
    other = hand_in_again(people.lead, submission)

    assert (first.submitted_by, len(digest)) == (people.lead, 64)
    assert again.content_digest == digest
    assert other.content_digest != digest


def test_an_unfinished_sheet_stays(submission, people):
    fill_whole(people.lead, submission, i04=CellInput(""))

    refused = refusal(Invalid, people.lead, submission, Act.SUBMIT)

    assert refused.code == "submission_incomplete"
    assert "高新技术企业数量" in refused.sentence
    assert (fresh(submission).state, trace(submission)) == ("draft", [])


def test_a_return_carries_words_and_lines(submission, people):
    give_back(people.lead, people.reviewer, submission, " 与年鉴不一致。\n", ["03", "10"])

    step = last_return(fresh(submission))
    assert (step.comment, step.flagged, step.actor) == (
        "与年鉴不一致。",
        ["03", "10"],
        people.reviewer,
    )
    assert fresh(submission).state == "returned"


@pytest.mark.parametrize("words", ["", "  ", "\n\t", "\u3000"])
def test_a_return_without_words_changes_nothing(submission, people, words):
    submit(people.lead, submission)

    refused = refusal(Invalid, people.reviewer, submission, Act.RETURN, words)

    assert (refused.code, refused.field) == ("comment_required", "comment")
    assert fresh(submission).state == "city_review"
    assert [step.action for step in ReviewStep.objects.all()] == ["submit", "accept"]


def test_the_province_sends_back_and_reopens(submission, people):
    approve(people.lead, people.reviewer, submission)
    move(people.manager, submission, Act.SEND_BACK, "请补证明材料。")
    assert fresh(submission).state == "returned"
    assert set(submission.values.values_list("status", flat=True)) == {"forecast", "self"}

    hand_in_again(people.lead, submission)
    move(people.reviewer, submission, Act.APPROVE)
    move(people.manager, submission, Act.RECEIVE)
    move(people.manager, submission, Act.REOPEN, "更正高企数量。")

    assert fresh(submission).state == "returned"
    assert last_return(fresh(submission)).comment == "更正高企数量。"


def test_a_received_sheet_has_no_open_return(submission, people):
    give_back(people.lead, people.reviewer, submission)
    hand_in_again(people.lead, submission)
    move(people.reviewer, submission, Act.APPROVE)
    received = move(people.manager, submission, Act.RECEIVE)

    assert last_return(received) is None


@pytest.mark.parametrize(
    "who, error",
    [
        ("lead", NotAllowed),
        ("signer", NotAllowed),
        ("manager", NotAllowed),
        ("shijiazhuang_reviewer", Http404),
        ("auditor", Http404),
    ],
)
def test_only_the_reviewing_office_approves(submission, people, who, error):
    submit(people.lead, submission)
    move(people.reviewer, submission, Act.ACCEPT)

    with pytest.raises(error):
        move(getattr(people, who), submission, Act.APPROVE)
    assert fresh(submission).state == "city_review"


def test_a_second_click_takes_no_second_step(submission, people):
    submit(people.lead, submission)

    assert refusal(Stale, people.lead, submission, Act.SUBMIT).code == "stale_state"
    assert len(trace(submission)) == 1


def test_approving_what_was_recalled_is_refused(submission, people):
    submit(people.lead, submission)
    move(people.lead, submission, Act.RECALL)

    assert refusal(Stale, people.reviewer, submission, Act.APPROVE).code == "stale_state"
    assert fresh(submission).state == "draft"


def test_approving_another_content_than_was_seen_is_refused(submission, people):
    seen = submit(people.lead, submission).revision
    move(people.lead, submission, Act.RECALL)
    fill(people.lead, submission, {"04": CellInput("99")})
    hand_in_again(people.lead, submission)
    move(people.reviewer, submission, Act.ACCEPT)

    with pytest.raises(Stale) as refused:
        move_submission(
            actor=people.reviewer,
            submission_id=submission.public_id,
            move=Move(Act.APPROVE, seen),
        )

    assert refused.value.code == "content_changed"
    assert fresh(submission).state == "city_review"


def test_nothing_is_submitted_after_the_day_or_the_close(submission, people):
    fill_whole(people.lead, submission)
    with clock.playing(clock.now() + timedelta(days=21)):
        assert refusal(Stale, people.lead, submission, Act.SUBMIT).code == "deadline_passed"
        assert available_actions(people.lead, fresh(submission)) == ()
    close_collection(actor=people.manager, collection_id=submission.collection.public_id)
    assert refusal(Stale, people.lead, submission, Act.SUBMIT).code == "collection_closed"
    assert fresh(submission).state == "draft"


def test_a_recall_that_could_not_be_handed_in_again_is_refused(submission, people):
    submit(people.lead, submission)

    with clock.playing(clock.now() + timedelta(days=21)):
        assert available_actions(people.lead, fresh(submission)) == ()
        assert refusal(Stale, people.lead, submission, Act.RECALL).code == "recall_too_late"
    assert fresh(submission).state == "submitted"


def test_the_city_still_decides_after_the_close(submission, people):
    submit(people.lead, submission)
    close_collection(actor=people.manager, collection_id=submission.collection.public_id)

    assert move(people.reviewer, submission, Act.APPROVE).state == "province_review"


def test_what_changed_since_the_return_is_known(submission, people):
    add_item(people.lead, submission, "甲孵化器")
    item = add_item(people.lead, submission, "乙孵化器")
    give_back(people.lead, people.reviewer, submission, flagged=["01", "04", "06", "10"])
    from indicators.actions.evidence import remove_evidence

    fill(
        people.lead, submission, {"04": CellInput("51"), "06": CellInput("1"), "01": CellInput("7")}
    )
    fill(people.lead, submission, {"04": CellInput("52"), "01": CellInput("7,351.20")})
    remove_evidence(actor=people.filler, evidence_id=item.public_id)
    added = add_item(people.lead, submission, "丙孵化器")
    remove_evidence(actor=people.filler, evidence_id=added.public_id)
    add_item(people.lead, submission, "乙孵化器", year=2020)

    changes = list_changes_since_return(submission)

    # 01 was changed and changed back; 丙 came and went.
    assert sorted(changes) == ["04", "06", "10"]
    assert (changes["04"].before.number, changes["04"].after.number) == (50, 52)
    assert changes["06"].before.is_forecast
    assert (changes["10"].added, changes["10"].removed) == (["乙孵化器"], ["乙孵化器"])


def test_without_a_return_nothing_counts_as_changed(submission, people):
    fill_whole(people.lead, submission)

    assert list_changes_since_return(submission) == {}


@pytest.mark.parametrize(
    "days, reason, code",
    [
        (25, " ", "reason_required"),
        (-1, "洪涝", "date_in_the_past"),
        (20, "洪涝", "not_an_extension"),
    ],
)
def test_an_extension_is_refused(submission, people, days, reason, code):
    with pytest.raises(Invalid) as refused:
        extend_deadline(
            actor=people.manager,
            submission_id=submission.public_id,
            until=clock.today() + timedelta(days=days),
            reason=reason,
        )

    assert refused.value.code == code
    assert fresh(submission).extended_to is None


def test_an_extension_is_the_provinces_and_on_record(submission, people):
    until = clock.today() + timedelta(days=25)
    options = {"submission_id": submission.public_id, "until": until, "reason": " 洪涝 "}
    with pytest.raises(NotAllowed):
        extend_deadline(actor=people.reviewer, **options)

    extended = extend_deadline(actor=people.manager, **options)

    assert (extended.extended_to, extended.extension_reason) == (until, "洪涝")
    detail = Event.objects.get(act="extend_deadline").detail
    assert detail == {"extended_to": [None, until.isoformat()], "reason": "洪涝"}


def test_a_received_sheet_needs_no_extension(submission, people):
    approve(people.lead, people.reviewer, submission)
    move(people.manager, submission, Act.RECEIVE)

    with pytest.raises(Stale) as refused:
        extend_deadline(
            actor=people.manager,
            submission_id=submission.public_id,
            until=clock.today() + timedelta(days=90),
            reason="洪涝",
        )
    assert refused.value.code == "already_accepted"


def test_receiving_many_tells_done_from_skipped(collection, submission, people):
    approve(people.lead, people.reviewer, submission)
    other = submission_of(collection, "130102")
    unknown = people.manager.public_id

    result = move_submissions(
        actor=people.manager,
        submission_ids=[other.public_id, submission.public_id, unknown],
        action=Act.RECEIVE,
    )

    assert result.done == ["廊坊市霸州市"]
    assert [row.name for row in result.skipped] == ["石家庄市长安区", str(unknown)]
    assert "当前为“填报中”" in result.skipped[0].sentence
    assert (fresh(submission).state, fresh(other).state) == ("accepted", "draft")


def test_receiving_many_is_the_provinces(submission, people):
    with pytest.raises(NotAllowed):
        move_submissions(
            actor=people.reviewer, submission_ids=[submission.public_id], action=Act.RECEIVE
        )


def test_whoever_filled_does_not_submit_even_after_a_promotion(submission, people):
    fill_whole(people.filler, submission)
    people.filler.role = Role.COUNTY_LEAD
    people.filler.save()

    with pytest.raises(Invalid) as refused:
        move(people.filler, submission, "submit")

    assert refused.value.code == "submitter_filled"
    assert fresh(submission).state == "draft"
