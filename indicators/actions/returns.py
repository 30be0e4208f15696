"""Returns: what is asked of the county line by line, and the county's answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import User
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid, Stale
from county_portal.common.wording import read_words
from indicators.actions.filling import lock_for_filling
from indicators.actions.records import submission_entry
from indicators.enums import ReturnReason, SubmissionAction
from indicators.models import ReturnItem, ReturnPacket, ReviewStep, Submission
from indicators.selectors import indicator_ids
from indicators.selectors.returns import (
    default_due_on,
    get_return_item,
    open_packet_of,
    read_checklist,
)

MAX_ANSWER = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of one line; a blank code is the county government's approval."""

    code: str
    reason: str
    words: str = ""
    evidence: str = ""

    @property
    def detail(self) -> dict[str, str]:
        """For the audit record."""
        return {
            "indicator": self.code,
            "reason": str(self.reason),
            "words": self.words,
            "evidence": self.evidence,
        }


def check_wanted(submission: Submission, wanted: Sequence[Wanted], due_on: date | None) -> date:
    """The day of a return that may be made so.

    Raises Invalid for none or unknown lines, a line twice, a reason without the words it needs, a past day.
    """
    if not wanted:
        raise Invalid(
            "fields_required", "退回须指明要修改的指标，请至少勾选一项并选择原因。", "flagged"
        )
    known = indicator_ids(submission.collection.version_id)
    codes = [each.code for each in wanted]
    unknown = [code for code in codes if code and code not in known]
    if unknown or len(set(codes)) < len(codes):
        raise Invalid(
            "fields_unknown", "勾选的指标不在本表中或有重复，请刷新页面后重新勾选。", "flagged"
        )
    for each in wanted:
        if each.reason not in ReturnReason.values:
            raise Invalid("reason_unknown", f"第{each.code}项没有选择退回原因，请选择。", "flagged")
        if each.reason == ReturnReason.OTHER and not each.words.strip():
            raise Invalid(
                "reason_needs_words",
                f"第{each.code}项的退回原因为“其他”，请写明具体要求。",
                "flagged",
            )
    day = due_on or default_due_on(submission.collection)
    if day < clock.today():
        raise Invalid("date_in_the_past", "改正期限不能早于今天，请重新选择。", "due_on")
    return day


def make_packet(step: ReviewStep, wanted: Sequence[Wanted], due_on: date) -> ReturnPacket:
    """Keep what a return asks; within the step's transaction."""
    packet = ReturnPacket.objects.create(submission=step.submission, step=step, due_on=due_on)
    ReturnItem.objects.bulk_create(
        [
            ReturnItem(
                packet=packet,
                indicator_code=each.code,
                reason=each.reason,
                words=each.words.strip(),
                evidence_wanted=each.evidence.strip(),
            )
            for each in wanted
        ]
    )
    return packet


def refuse_unsettled(submission: Submission) -> None:
    """Raise Invalid while the open return has an item neither answered nor changed."""
    if open_packet_of(submission) is None:
        return
    checklist = read_checklist(submission)
    unsettled = checklist.unsettled if checklist else []
    if unsettled:
        raise Invalid(
            "return_unanswered",
            f"退回清单还有{len(unsettled)}项既没有修改也没有答复，不能提交："
            f"请修改“{unsettled[0].name}”，或在退回清单中写明不修改的理由。",
            "values",
        )


def close_packet(submission: Submission) -> None:
    """The county has handed in again."""
    if submission.correction_due_on is None:
        return
    submission.return_packets.filter(answered_at__isnull=True).update(answered_at=clock.now())
    submission.correction_due_on = None


def reopen_packet(submission: Submission) -> None:
    """What was handed in is taken back: if it answered a return, the return is open again.

    Otherwise recalling would unlock what the return had locked.
    """
    packet = submission.return_packets.last()
    if packet is None:
        return
    # The steps so far do not yet hold the recall itself.
    later = submission.steps.filter(pk__gt=packet.step_id).values_list("action", flat=True)
    if set(later) <= {str(SubmissionAction.SUBMIT), str(SubmissionAction.RECALL)}:
        packet.answered_at = None
        packet.save(update_fields=["answered_at"])
        submission.correction_due_on = packet.due_on


@transaction.atomic
def answer_item(*, actor: User, item_id: UUID, answer: str) -> ReturnItem:
    """The county's answer to one item; it may be changed until the sheet is handed in again."""
    seen = get_return_item(actor, item_id)
    submission = lock_for_filling(actor, seen.packet.submission.public_id)
    item = get_return_item(actor, item_id)
    if item.packet.answered_at is not None:
        raise Stale("packet_closed", "这份退回清单已经随提交办结，不能再改答复。")
    item.answer = _words(answer)
    item.answered_by, item.answered_at = actor, clock.now()
    item.save(update_fields=["answer", "answered_by", "answered_at"])
    detail = {"indicator": item.indicator_code, "answer": item.answer}
    record(actor, submission_entry("answer_return", submission, detail))
    return item


def _words(answer: str) -> str:
    sentence = "请填写答复，写明已如何改正或不修改的理由。"
    missing = Invalid("words_required", sentence, "answer")
    return read_words(answer, "答复", "answer", most=MAX_ANSWER, missing=missing)
