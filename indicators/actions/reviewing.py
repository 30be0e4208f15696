"""Moves of a submission through the workflow table."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.http import Http404

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Refused, Stale
from indicators.actions.approval import ACKNOWLEDGED, require_approval
from indicators.actions.checks import refuse_blocked, refuse_findings
from indicators.actions.records import content_digest, figures_digest, submission_entry
from indicators.actions.signatures import refuse_unsigned
from indicators.enums import Severity, SubmissionAction, ValueStatus
from indicators.models import ReviewStep, Submission
from indicators.notifications import tell_step
from indicators.selectors import Content, get_submission, move_refusal, read_content
from indicators.selectors.content import read_blocks
from indicators.selectors.labour import list_unsigned
from indicators.workflow import SUBMISSION_WORKFLOW


@dataclass(frozen=True, slots=True)
class Move:
    """A step somebody takes: which, seen at which revision, with which words about which indicators."""

    action: SubmissionAction
    revision: int | None = None
    comment: str = ""
    flagged: Sequence[str] = ()
    # That the county government knows of what was changed after its approval.
    approval_confirmed: bool = False


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
        comment = _hand_in(actor, submission, move) or comment
    elif move.action in _CHECKED_AGAIN:
        refuse_blocked(read_blocks(submission), row.label)
    before = submission.state
    submission.state, submission.state_since = row.target, clock.now()
    submission.save(
        update_fields=["state", "state_since", "submitted_at", "submitted_by", "content_digest"]
    )
    _confirm_values(submission, move.action)
    step = ReviewStep.objects.create(
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
    tell_step(step)
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


def _hand_in(actor: User, submission: Submission, move: Move) -> str:
    """All that is asked of a sheet that leaves the county; returns what the history should say of it."""
    _refuse_own_figures(actor, submission)
    content = read_content(submission)
    _refuse_incomplete(content)
    refuse_findings(content.findings)
    refuse_unsigned(list_unsigned(submission, content.figures))
    digest = figures_digest(content)
    is_same = require_approval(submission, digest, is_acknowledged=move.approval_confirmed)
    submission.submitted_at, submission.submitted_by = clock.now(), actor
    submission.content_digest = content_digest(content)
    return "" if is_same else ACKNOWLEDGED


def _refuse_own_figures(actor: User, submission: Submission) -> None:
    """Whoever filled may have become the head since: the role alone does not tell two people apart."""
    own = submission.values.filter(updated_by=actor).select_related("indicator").first()
    if own is not None:
        raise Invalid(
            "submitter_filled",
            f"“{own.indicator.name}”等数值由您本人填写，填报和提交须由两人办理，"
            "请由本单位其他负责人提交，或由填报员核对后重新填写。",
            "values",
        )


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
