"""Moves of a submission through the workflow table, and extensions of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from indicators.actions.filling import lock_for_filling
from indicators.actions.records import content_digest, submission_entry
from indicators.enums import Severity, SubmissionAction, ValueStatus
from indicators.models import ReviewStep, Submission
from indicators.selectors import get_submission, read_sheet
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
    if move.action == SubmissionAction.SUBMIT:
        lock_for_filling(actor, submission_id)
        _refuse_incomplete(submission)
        submission.submitted_at, submission.submitted_by = clock.now(), actor
        submission.content_digest = content_digest(submission)
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


def _refuse_incomplete(submission: Submission) -> None:
    missing = [finding for finding in read_sheet(submission).missing if finding.severity == Severity.BLOCK]
    if missing:
        raise Invalid(
            "submission_incomplete", f"还有{len(missing)}处未填完，不能提交：{missing[0].sentence}", "values"
        )


@transaction.atomic
def extend_deadline(*, actor: User, submission_id: UUID, until: date, reason: str) -> Submission:
    """Give one county more time, with the reason on record."""
    if not actor.holds(Permission.COLLECT):
        raise NotAllowed()
    submission = get_submission(actor, submission_id, lock=True)
    if not reason.strip():
        raise Invalid("reason_required", "延期须写明原因。", "reason")
    if until < clock.today():
        raise Invalid("date_in_the_past", "延期日期不能早于今天，请重新选择。", "until")
    before = submission.extended_to
    submission.extended_to, submission.extension_reason = until, reason.strip()
    submission.save(update_fields=["extended_to", "extension_reason"])
    detail = {"extended_to": [before and before.isoformat(), until.isoformat()], "reason": reason.strip()}
    record(actor, submission_entry("extend_deadline", submission, detail))
    return submission
