"""Moves of a submission through the workflow table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import User
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid
from county_portal.common.steps import ensure_seen
from county_portal.common.workflow import Transition
from indicators.actions.approval import ACKNOWLEDGED, require_approval
from indicators.actions.checks import refuse_blocked, refuse_findings
from indicators.actions.records import content_digest, submission_entry
from indicators.actions.returns import (
    Wanted,
    check_wanted,
    close_packet,
    make_packet,
    refuse_unsettled,
    reopen_packet,
)
from indicators.actions.revisions import lapse_letters
from indicators.actions.signatures import refuse_unsigned
from indicators.actions.snapshots import keep_snapshot
from indicators.enums import GIVING_BACK, Severity, SubmissionAction, ValueStatus
from indicators.models import ReviewStep, Submission
from indicators.notifications import tell_step
from indicators.selectors import Content, get_submission, move_refusal, read_content
from indicators.selectors.content import read_blocks
from indicators.selectors.hands import own_figures_refusal
from indicators.selectors.labour import list_unsigned
from indicators.workflow import SUBMISSION_WORKFLOW


@dataclass(frozen=True, slots=True)
class Move:
    """A step somebody takes: which, seen at which revision, with which words; what a return asks by when."""

    action: SubmissionAction
    revision: int | None = None
    comment: str = ""
    wanted: Sequence[Wanted] = ()
    due_on: date | None = None
    # That the county government knows of what was changed after its approval.
    approval_confirmed: bool = False

    @property
    def flagged(self) -> list[str]:
        """Codes of the lines concerned."""
        return [each.code for each in self.wanted if each.code]


@transaction.atomic
def move_submission(*, actor: User, submission_id: UUID, move: Move) -> Submission:
    """Take one step of the workflow table, on the locked row.

    Raises NotAllowed, Stale (state or revision moved on, deadline) or Invalid (comment, completeness).
    """
    submission = get_submission(actor, submission_id, lock=True)
    comment = move.comment.strip()
    row = SUBMISSION_WORKFLOW.find(move.action, submission.state, actor.permissions, comment)
    ensure_seen("填报内容", seen=move.revision, revision=submission.revision)
    refusal = move_refusal(move.action, submission)
    if refusal:
        raise refusal
    content = _prepare(actor, submission, move, row)
    before = submission.state
    submission.state, submission.state_since = row.target, clock.now()
    submission.save(update_fields=_MOVED)
    _confirm_values(submission, move.action)
    step = ReviewStep.objects.create(
        submission=submission,
        action=move.action,
        from_state=before,
        to_state=row.target,
        label=row.label,
        actor=actor,
        comment=comment or (ACKNOWLEDGED if move.approval_confirmed else ""),
        flagged=move.flagged,
        revision=submission.revision,
        at=clock.now(),
    )
    if move.action in GIVING_BACK and submission.correction_due_on:
        make_packet(step, move.wanted, submission.correction_due_on)
    keep_snapshot(step, content)
    record(actor, submission_entry(f"{move.action}_submission", submission, _detail(step, move)))
    tell_step(step)
    return submission


_MOVED = [
    "state",
    "state_since",
    "submitted_at",
    "submitted_by",
    "content_digest",
    "correction_due_on",
]


def _prepare(actor: User, submission: Submission, move: Move, row: Transition) -> Content | None:
    """Whether the content allows the step, and what it sets on the row; the content where it is handed in."""
    if move.action == SubmissionAction.SUBMIT:
        return _hand_in(actor, submission, is_acknowledged=move.approval_confirmed)
    if move.action == SubmissionAction.RECALL:
        reopen_packet(submission)
    elif move.action in GIVING_BACK:
        submission.correction_due_on = check_wanted(submission, move.wanted, move.due_on)
    elif move.action in _CHECKED_AGAIN:
        refuse_blocked(read_blocks(submission), row.label)
    return None


def _hand_in(actor: User, submission: Submission, *, is_acknowledged: bool) -> Content:
    """All that is asked of a sheet that leaves the county."""
    refusal = own_figures_refusal(actor, submission)
    if refusal:
        raise refusal
    content = read_content(submission)
    _refuse_incomplete(content)
    refuse_findings(content.findings)
    refuse_unsigned(list_unsigned(submission, content.figures))
    require_approval(content, is_acknowledged=is_acknowledged)
    refuse_unsettled(submission)
    submission.submitted_at, submission.submitted_by = clock.now(), actor
    before, submission.content_digest = submission.content_digest, content_digest(content)
    if before != submission.content_digest:
        # A rule set since may say something else of the same figures.
        lapse_letters(actor, submission)
    close_packet(submission)
    return content


def _detail(step: ReviewStep, move: Move) -> dict[str, object]:
    detail: dict[str, object] = {
        "state": [step.from_state, step.to_state],
        "comment": step.comment,
        "flagged": move.flagged,
    }
    if move.wanted:
        due_on = step.submission.correction_due_on
        detail["wanted"] = [each.detail for each in move.wanted]
        detail["due_on"] = due_on.isoformat() if due_on else ""
    return detail


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
