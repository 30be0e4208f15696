"""The same step for many counties, each in its own transaction and with its own check."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404

from county_portal.accounts.models import User
from county_portal.common.errors import NotAllowed, Refused
from indicators.actions.reviewing import Move, move_submission
from indicators.enums import SubmissionAction
from indicators.selectors import get_submission
from indicators.workflow import SUBMISSION_WORKFLOW


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


def move_submissions(
    *, actor: User, submission_ids: Sequence[UUID], action: SubmissionAction
) -> BulkResult:
    """Take one step for each; one refusal stops no other. Raises NotAllowed if the role never may."""
    rows = [row for row in SUBMISSION_WORKFLOW.transitions if row.action == action]
    if not any(actor.holds(row.permission) for row in rows):
        raise NotAllowed
    done: list[str] = []
    skipped: list[Skipped] = []
    for submission_id in dict.fromkeys(submission_ids):
        try:
            submission = get_submission(actor, submission_id)
        except Http404:
            skipped.append(Skipped(str(submission_id), "没有这份填报表。"))
            continue
        name = submission.region.full_name
        if submission.state not in {row.source for row in rows}:
            label = submission.get_state_display()
            sentence = f"当前为“{label}”，不在“{rows[0].label}”环节。"
            skipped.append(Skipped(name, sentence))
            continue
        try:
            move_submission(actor=actor, submission_id=submission_id, move=Move(action))
        except Refused as refusal:
            skipped.append(Skipped(name, refusal.sentence))
        else:
            done.append(name)
    return BulkResult(done, skipped)
