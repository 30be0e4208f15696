"""Moves of a submission through the workflow table, and extensions of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.http import Http404

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Refused, Stale
from indicators.actions.checks import refuse_blocked, refuse_findings
from indicators.actions.records import content_digest, submission_entry
from indicators.enums import Severity, SubmissionAction, SubmissionState, ValueStatus
from indicators.models import ReviewStep, Submission
from indicators.selectors import Content, get_submission, move_refusal, read_content
from indicators.selectors.content import read_blocks
from indicators.workflow import SUBMISSION_WORKFLOW


@dataclass(frozen=True, slots=True)
class Move:
    """A step somebody takes: which, seen at which revision, with which words about which indicators."""

    action: SubmissionAction
    revision: int | None = None
    comment: str = ""
    flagged: Sequence[str] = ()


@transaction.atomic
def move_submission(*, actor: User, submission_id: UUID, move: Move) -> Submission:
    """Take one step of the workflow table, on the locked row.

    Raises NotAllowed, Stale (state or revision moved on, deadline) or Invalid (comment, completeness).
    """
    submission = get_submission(actor, submission_id, lock=True)
    comment = move.comment.strip()
    row = SUBMISSION_WORKFLOW.find(move.action, submission.state, actor.permissions, comment)
    if move.revision is not None and move.revision != submission.revision:
        raise Stale("content_changed", "填报内容在您查看之后有变化，请刷新页面核对后再办理。")
    refusal = move_refusal(move.action, submission)
    if refusal:
        raise refusal
    if move.action == SubmissionAction.SUBMIT:
        content = read_content(submission)
        _refuse_incomplete(content)
        refuse_findings(content.findings)
        submission.submitted_at, submission.submitted_by = clock.now(), actor
        submission.content_digest = content_digest(content)
    elif move.action in _CHECKED_AGAIN:
        refuse_blocked(read_blocks(submission), row.label)
    before = submission.state
    submission.state, submission.state_since = row.target, clock.now()
    submission.save(
        update_fields=["state", "state_since", "submitted_at", "submitted_by", "content_digest"]
    )
    _confirm_values(submission, move.action)
    ReviewStep.objects.create(
        submission=submission,
        action=move.action,
        from_state=before,
        to_state=row.target,
        label=row.label,
        actor=actor,
        comment=comment,
        flagged=list(move.flagged),
        revision=submission.revision,
        at=clock.now(),
    )
    detail = {"state": [before, row.target], "comment": comment, "flagged": list(move.flagged)}
    record(actor, submission_entry(f"{move.action}_submission", submission, detail))
    return submission


# Steps at which the rules that stop a submission are asked again: they may have been set since.
_CHECKED_AGAIN = {SubmissionAction.APPROVE, SubmissionAction.RECEIVE}

# What a step says of the figures' standing; forecasts stay forecasts.
_CONFIRMS = {
    SubmissionAction.APPROVE: ValueStatus.CITY,
    SubmissionAction.RECEIVE: ValueStatus.CONFIRMED,
    SubmissionAction.RETURN: ValueStatus.SELF,
    SubmissionAction.SEND_BACK: ValueStatus.SELF,
    SubmissionAction.REOPEN: ValueStatus.SELF,
}


def _confirm_values(submission: Submission, action: SubmissionAction) -> None:
    status = _CONFIRMS.get(action)
    if status:
        submission.values.exclude(status=ValueStatus.FORECAST).update(status=status)


def _refuse_incomplete(content: Content) -> None:
    missing = [finding for finding in content.missing if finding.severity == Severity.BLOCK]
    if missing:
        raise Invalid(
            "submission_incomplete",
            f"还有{len(missing)}处未填完，不能提交：{missing[0].sentence}",
            "values",
        )


@dataclass(frozen=True, slots=True)
class Skipped:
    """One submission a bulk act left as it was, and why."""

    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What a bulk act did: names done, and those skipped with the reason of each."""

    done: Sequence[str]
    skipped: Sequence[Skipped]


def receive_submissions(*, actor: User, submission_ids: Sequence[UUID]) -> BulkResult:
    """Receive several, each in its own transaction and with its own check; one refusal stops no other."""
    if not actor.holds(Permission.COLLECT):
        raise NotAllowed
    done: list[str] = []
    skipped: list[Skipped] = []
    for submission_id in submission_ids:
        try:
            submission = get_submission(actor, submission_id)
        except Http404:
            skipped.append(Skipped(str(submission_id), "没有这份填报表。"))
            continue
        name = submission.region.full_name
        try:
            move = Move(SubmissionAction.RECEIVE)
            move_submission(actor=actor, submission_id=submission_id, move=move)
        except Refused as refusal:
            skipped.append(Skipped(name, refusal.sentence))
        else:
            done.append(name)
    return BulkResult(done, skipped)


@transaction.atomic
def extend_deadline(*, actor: User, submission_id: UUID, until: date, reason: str) -> Submission:
    """Give one county more time, with the reason on record."""
    if not actor.holds(Permission.COLLECT):
        raise NotAllowed
    submission = get_submission(actor, submission_id, lock=True)
    if not reason.strip():
        raise Invalid("reason_required", "延期须写明原因。", "reason")
    if until < clock.today():
        raise Invalid("date_in_the_past", "延期日期不能早于今天，请重新选择。", "until")
    if submission.state == SubmissionState.ACCEPTED:
        raise Stale("already_accepted", "该县填报表已经接收，无需延期；如需更正请先重新开放填报。")
    if until <= submission.due_on:
        raise Invalid(
            "not_an_extension",
            f"现行截止日期为{submission.due_on:%Y年%-m月%-d日}，延期日期须晚于该日。",
            "until",
        )
    before = submission.extended_to
    submission.extended_to, submission.extension_reason = until, reason.strip()
    submission.save(update_fields=["extended_to", "extension_reason"])
    detail = {
        "extended_to": [before and before.isoformat(), until.isoformat()],
        "reason": reason.strip(),
    }
    record(actor, submission_entry("extend_deadline", submission, detail))
    return submission
