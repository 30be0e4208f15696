"""Returns: what may be asked, what the county answers, when it may hand in again, what is counted."""

from datetime import timedelta

import pytest
from django.http import Http404

from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from indicators.actions.returns import Wanted, answer_item
from indicators.enums import ReturnReason
from indicators.enums import SubmissionAction as Act
from indicators.models import ReturnPacket
from indicators.rules import CellInput
from indicators.selectors.returns import count_reasons, list_return_years, read_checklist
from tests.factories.sheets import (
    explain_warnings,
    fill,
    fresh,
    give_back,
    hand_in_again,
    move,
    submit,
)


@pytest.fixture
def waiting(submission, people):
    """Before the city, which has begun."""
    submit(people.lead, submission)
    return move(people.reviewer, submission, Act.ACCEPT)


def items(submission):
    return list(submission.return_packets.last().items.all())


def test_a_return_keeps_what_is_asked_of_each_line(waiting, people):
    due_on = clock.today() + timedelta(days=5)
    wanted = [
        Wanted("04", ReturnReason.UNIT, " 多一位数 ", "年报第3页"),
        Wanted("", ReturnReason.APPROVAL, "扫描件不清"),
    ]

    move(people.reviewer, waiting, Act.RETURN, "请核对。", wanted, due_on)

    packet = waiting.return_packets.get()
    assert (packet.due_on, packet.answered_at) == (due_on, None)
    assert [(i.indicator_code, i.reason, i.words, i.evidence_wanted) for i in items(waiting)] == [
        ("", "approval", "扫描件不清", ""),
        ("04", "unit", "多一位数", "年报第3页"),
    ]
    assert fresh(waiting).due_on == due_on
    assert Event.objects.get(act="return_submission").detail["wanted"][0]["reason"] == "unit"


@pytest.mark.parametrize(
    "wanted, refused_as",
    [
        ([], "fields_required"),
        ([Wanted("99", ReturnReason.UNIT)], "fields_unknown"),
        ([Wanted("04", ReturnReason.UNIT), Wanted("04", ReturnReason.JUMP)], "fields_unknown"),
        ([Wanted("04", "whim")], "reason_unknown"),
        ([Wanted("04", ReturnReason.OTHER, "  ")], "reason_needs_words"),
    ],
)
def test_a_return_that_asks_nothing_clear_changes_nothing(waiting, people, wanted, refused_as):
    with pytest.raises(Invalid) as refused:
        move(people.reviewer, waiting, Act.RETURN, "请核对。", wanted)

    assert refused.value.code == refused_as
    assert fresh(waiting).state == "city_review"
    assert not ReturnPacket.objects.exists()


def test_the_day_of_a_return_is_not_past(waiting, people):
    yesterday = clock.today() - timedelta(days=1)

    with pytest.raises(Invalid) as refused:
        move(people.reviewer, waiting, Act.RETURN, "请核对。", ["04"], yesterday)

    assert refused.value.code == "date_in_the_past"


def test_without_a_day_it_is_the_citys_or_a_week_ahead(waiting, people):
    late = clock.now() + timedelta(days=60)
    with clock.playing(late):
        move(people.reviewer, waiting, Act.RETURN, "请核对。")
        day = clock.today()

    assert waiting.return_packets.get().due_on == day + timedelta(days=7)


def test_what_is_neither_answered_nor_changed_keeps_the_sheet(submission, people):
    give_back(people.lead, people.reviewer, submission, flagged=["04", "06"])
    fill(people.lead, submission, {"04": CellInput("51")})
    explain_warnings(submission)

    with pytest.raises(Invalid) as refused:
        move(people.lead, submission, Act.SUBMIT)

    assert refused.value.code == "return_unanswered"
    assert "1项" in refused.value.sentence
    name = submission.collection.version.indicators.get(code="06").name
    assert name in refused.value.sentence
    assert fresh(submission).state == "returned"


def test_handing_in_closes_the_return_and_recalling_opens_it_again(submission, people):
    give_back(people.lead, people.reviewer, submission)
    hand_in_again(people.lead, submission, "数值无误。")
    assert submission.return_packets.get().answered_at is not None
    assert fresh(submission).correction_due_on is None

    move(people.lead, submission, Act.RECALL)

    packet = submission.return_packets.get()
    assert packet.answered_at is None
    assert fresh(submission).correction_due_on == packet.due_on
    assert read_checklist(submission).lines[0].item.answer == "数值无误。"


def test_an_old_return_does_not_come_back_with_a_later_recall(submission, people):
    give_back(people.lead, people.reviewer, submission)
    hand_in_again(people.lead, submission)
    move(people.reviewer, submission, Act.ACCEPT)
    move(people.reviewer, submission, Act.RETURN, "再核对。", ["06"])
    hand_in_again(people.lead, submission)
    move(people.lead, submission, Act.RECALL)

    first, second = submission.return_packets.all()
    assert first.answered_at is not None
    assert second.answered_at is None


@pytest.mark.parametrize("words", ["", "  ", "\u3000", "a\u202eb", "字" * 501])
def test_an_answer_has_words(submission, people, words):
    give_back(people.lead, people.reviewer, submission)
    item = items(submission)[0]

    with pytest.raises(Invalid):
        answer_item(actor=people.filler, item_id=item.public_id, answer=words)
    item.refresh_from_db()
    assert item.answer == ""


@pytest.mark.parametrize(
    "who, error",
    [
        ("lead", NotAllowed),
        ("reviewer", NotAllowed),
        ("manager", NotAllowed),
        ("changan_lead", Http404),
        ("shijiazhuang_reviewer", Http404),
    ],
)
def test_only_the_filler_answers(submission, people, who, error):
    give_back(people.lead, people.reviewer, submission)

    with pytest.raises(error):
        answer_item(
            actor=getattr(people, who), item_id=items(submission)[0].public_id, answer="已改。"
        )


def test_no_answer_after_handing_in(submission, people):
    give_back(people.lead, people.reviewer, submission)
    hand_in_again(people.lead, submission)

    with pytest.raises(Stale):
        answer_item(
            actor=people.filler, item_id=items(submission)[0].public_id, answer="改了主意。"
        )


def test_reasons_are_counted_within_the_jurisdiction(submission, people):
    wanted = [Wanted("04", ReturnReason.UNIT), Wanted("06", ReturnReason.UNIT)]
    give_back(people.lead, people.reviewer, submission, flagged=wanted)
    year = submission.collection.data_year

    counted = count_reasons(people.manager, year)
    elsewhere = count_reasons(people.shijiazhuang_reviewer, year)

    assert (counted.packets, counted.submissions, counted.items) == (1, 1, 2)
    first = counted.counts[0]
    assert (first.reason, first.items, first.submissions, first.percent) == ("unit", 2, 1, 100)
    assert len(counted.counts) == len(ReturnReason)
    assert elsewhere.items == 0
    assert list_return_years(people.reviewer) == [year]
    assert list_return_years(people.shijiazhuang_reviewer) == []
