"""Changing how a measure stands: by whoever keeps the ledger, each time with the reason."""

from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import User
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import NotAllowed, Stale
from county_portal.common.workflow import Transition
from measures.actions.records import lapse_reports, ledger_entry
from measures.enums import StandingAct
from measures.models import Measure, StandingStep
from measures.notifications import tell_standing
from measures.selectors.ledgers import get_ledger, get_measure, may_keep
from measures.workflow import STANDING_WORKFLOW


@transaction.atomic
def set_standing(
    *, actor: User, measure_id: UUID, act: str, comment: str, seen: str = ""
) -> StandingStep:
    """Take a step of the table. `seen` is the standing the page showed.

    Raises Invalid `comment_required` for blank words, Stale for a step that no longer is one.
    """
    measure = get_measure(actor, measure_id)
    ledger = get_ledger(actor, measure.ledger.public_id, lock=True)
    measure = get_measure(actor, measure_id, lock=True)
    if not may_keep(actor, ledger) or act == StandingAct.BEGIN:
        raise NotAllowed
    if seen and seen != measure.state:
        raise Stale(
            "standing_changed",
            f"第{measure.number}条的状态已变为“{measure.get_state_display()}”，本次操作未执行。请刷新页面核对后再办理。",
        )
    step = take_step(actor, measure, act, comment)
    tell_standing(step)
    lapse_reports(actor, ledger)
    return step


def take_step(actor: User, measure: Measure, act: str, comment: str) -> StandingStep:
    """Move a locked measure one step; the caller has authorised it."""
    row: Transition = STANDING_WORKFLOW.find(act, measure.state, actor.permissions, comment)
    step = StandingStep.objects.create(
        measure=measure,
        action=act,
        label=row.label,
        from_state=row.source,
        to_state=row.target,
        actor=actor,
        comment=comment.strip(),
        at=clock.now(),
    )
    measure.state, measure.state_since = row.target, step.at
    measure.save(update_fields=["state", "state_since"])
    detail = {"act": str(act), "state": [row.source, row.target], "comment": step.comment}
    record(
        actor, ledger_entry("set_measure_standing", measure.ledger, detail, str(measure.public_id))
    )
    return step
