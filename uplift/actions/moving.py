"""Moving a version through its life: handed in when it adds up, settled by another person, amended, closed."""

from typing import Any
from uuid import UUID

from django.db import transaction

from county_portal.accounts.hands import ensure_other_hands
from county_portal.accounts.models import User
from county_portal.audit.actions import Entry, record
from county_portal.audit.selectors import list_hands
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from uplift.enums import PlanAction, VersionState
from uplift.models import PlanVersion, VersionStep
from uplift.notifications import tell_step
from uplift.rules.arithmetic import Fault
from uplift.selectors.plans import get_draft
from uplift.selectors.texts import read_faults, read_text
from uplift.workflow import PLAN_WORKFLOW


@transaction.atomic
def move_version(
    *, actor: User, version_id: UUID, action: PlanAction, comment: str = "", seen: int = -1
) -> PlanVersion:
    """Take a step with a version of one's own office.

    `seen` is the saving a page showed: what is handed in or settled must be what was read. Raises Stale where
    it moved on, Invalid for a text that does not add up or a missing comment, NotAllowed for one's own draft.
    """
    if action == PlanAction.REPLACE:
        raise NotAllowed
    version = get_draft(actor, version_id, lock=True)
    row = PLAN_WORKFLOW.find(action, version.state, actor.permissions, comment)
    if seen not in {-1, version.revision}:
        raise Stale(
            "edited_meanwhile", "本计划在您打开页面之后又有修改，本次操作未执行。请刷新页面核对。"
        )
    if action == PlanAction.SETTLE:
        _refuse_own(actor, version)
    if action in {PlanAction.SUBMIT, PlanAction.SETTLE}:
        _refuse_faults(read_faults(version, read_text(version)))
    if action == PlanAction.SUBMIT:
        version.submitted_by = actor
    if action == PlanAction.SETTLE:
        _settle(actor, version)
    _move(actor, version, action, row.target, row.label, comment)
    return version


# What whoever settles does; all else that is done to a version is writing it.
_DECIDING = tuple(
    f"{action}_uplift_plan"
    for action in (PlanAction.RETURN, PlanAction.SETTLE, PlanAction.REPLACE, PlanAction.CLOSE)
)


def _refuse_own(actor: User, version: PlanVersion) -> None:
    wrote = list_hands(
        "uplift_plan", str(version.plan.public_id), besides=_DECIDING, version=version.number
    )
    refusal = NotAllowed(
        "own_plan", f"“{version.title}”由您拟定或送审，须由本单位另一人审定，请转请其办理。"
    )
    ensure_other_hands(actor, {version.drafted_by_id, version.submitted_by_id, *wrote}, refusal)


def _refuse_faults(faults: list[Fault]) -> None:
    if faults:
        raise Invalid(
            "plan_does_not_add_up",
            f"计划还有{len(faults)}处不符：{faults[0].sentence}请在计划页逐条改正后再办理。",
        )


def _settle(actor: User, version: PlanVersion) -> None:
    version.settled_by, version.settled_at = actor, clock.now()
    version.digest = read_text(version).digest
    old = version.plan.versions.filter(state=VersionState.SETTLED).select_for_update().first()
    if old is not None:
        row = PLAN_WORKFLOW.find(PlanAction.REPLACE, old.state, actor.permissions)
        _move(actor, old, PlanAction.REPLACE, row.target, row.label, version.amendment_reason)


def _move(
    actor: User, version: PlanVersion, action: PlanAction, target: str, label: str, comment: str
) -> None:
    before, now = version.state, clock.now()
    version.state, version.state_since = target, now
    version.save()
    step = VersionStep.objects.create(
        version=version,
        action=action,
        from_state=before,
        to_state=target,
        label=label,
        actor=actor,
        comment=comment.strip(),
        at=now,
    )
    detail: dict[str, Any] = {
        "version": version.number,
        "state": [before, target],
        "comment": comment.strip(),
    }
    if version.digest:
        detail["digest"] = version.digest
    record(
        actor, Entry(f"{action}_uplift_plan", "uplift_plan", str(version.plan.public_id), detail)
    )
    tell_step(step)
