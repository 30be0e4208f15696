"""Moves of an acceptance: every step of the table passes through `move_acceptance`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from applications.actions.accepting import acceptance_entry, require_building
from applications.actions.concluding import conclude, require_decidable
from applications.actions.judging import clear_proposal
from applications.enums import AcceptanceAction
from applications.models import Acceptance, AcceptanceStep
from applications.pilot_notifications import tell_acceptance
from applications.rules.acceptance import canonical_summary, digest_of
from applications.selectors.acceptances import get_acceptance, list_missing, read_summary
from applications.selectors.changes import open_change
from applications.selectors.pilots import lock_pilot
from applications.workflow import ACCEPTANCE_WORKFLOW
from county_portal.accounts.hands import ensure_written_by_others
from county_portal.accounts.models import User
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.common.steps import correction_day, ensure_seen


@dataclass(frozen=True, slots=True)
class AcceptanceMove:
    """A step somebody takes: which, seen at which revision, with which words; what a return asks by when."""

    action: AcceptanceAction
    revision: int | None = None
    comment: str = ""
    due_on: date | None = None


@transaction.atomic
def move_acceptance(*, actor: User, acceptance_id: UUID, move: AcceptanceMove) -> Acceptance:
    """Take one step of the workflow table, on the locked row.

    Raises NotAllowed, Stale (state, revision) or Invalid (comment, completeness).
    """
    acceptance = get_acceptance(actor, acceptance_id, lock=True)
    comment = move.comment.strip()
    row = ACCEPTANCE_WORKFLOW.find(move.action, acceptance.state, actor.permissions, comment)
    ensure_seen("验收材料", seen=move.revision, revision=acceptance.revision)
    prepare = _PREPARE.get(move.action)
    kept = prepare(actor, acceptance, move) if prepare else ""
    before = acceptance.state
    acceptance.state, acceptance.state_since = row.target, clock.now()
    acceptance.save()
    step = AcceptanceStep.objects.create(
        acceptance=acceptance,
        action=move.action,
        from_state=before,
        to_state=row.target,
        label=row.label,
        actor=actor,
        comment=comment,
        content=kept,
        at=clock.now(),
    )
    detail = {
        "state": [before, row.target],
        "comment": comment,
        "digest": acceptance.content_digest,
    }
    record(actor, acceptance_entry(f"{move.action}_acceptance", acceptance, detail))
    if move.action == AcceptanceAction.DECIDE:
        conclude(actor, acceptance)
    tell_acceptance(step)
    return acceptance


# What whoever hands in does; all else that is done to an acceptance in the county is writing it.
_HANDING_IN = tuple(
    f"{action}_acceptance" for action in (AcceptanceAction.SUBMIT, AcceptanceAction.RECALL)
)


def _submit(actor: User, acceptance: Acceptance, move: AcceptanceMove) -> str:
    refusal = NotAllowed(
        "own_acceptance",
        f"{acceptance.pilot.region.full_name}的验收材料由您本人参与编制，编制和报送须由两人办理，"
        "请由本单位其他负责人报送。",
    )
    key = str(acceptance.public_id)
    ensure_written_by_others(actor, "acceptance", key, besides=_HANDING_IN, refusal=refusal)
    # Locked: nobody asks for another target between this look and the handing in.
    require_building(lock_pilot(acceptance.pilot))
    _require_decided(acceptance)
    summary = read_summary(acceptance)
    missing = list_missing(acceptance, summary)
    if missing:
        raise Invalid(
            "acceptance_incomplete",
            f"还有{len(missing)}处未填完，不能报送：{missing[0].sentence}",
            missing[0].place,
        )
    canonical = canonical_summary(summary)
    acceptance.content_digest = digest_of(canonical)
    acceptance.submitted_at = clock.now()
    return canonical


def _require_decided(acceptance: Acceptance) -> None:
    """No request open: what is handed in is held to targets that stand."""
    change = open_change(acceptance.pilot)
    if change is not None:
        goal = change.year_target
        raise Stale(
            "change_open",
            f"“{goal.target.name}”{goal.year}年目标的调整申请还在办理，不能报送验收材料。"
            "请等待办理完毕，或撤回申请后再报送。",
        )


def _give_back(actor: User, acceptance: Acceptance, move: AcceptanceMove) -> str:
    """The county has until a day; a proposal on what is given back no longer stands."""
    acceptance.correction_due_on = correction_day(move.due_on)
    clear_proposal(acceptance)
    return ""


def _decide(actor: User, acceptance: Acceptance, move: AcceptanceMove) -> str:
    require_decidable(actor, acceptance)
    acceptance.decided_by, acceptance.decided_at = actor, clock.now()
    return ""


# Each returns what the step keeps of the content: the whole of what is handed in, nothing otherwise.
Prepare = Callable[[User, Acceptance, AcceptanceMove], str]
_PREPARE: Mapping[AcceptanceAction, Prepare] = {
    AcceptanceAction.SUBMIT: _submit,
    AcceptanceAction.RETURN: _give_back,
    AcceptanceAction.SEND_BACK: _give_back,
    AcceptanceAction.DECIDE: _decide,
}
