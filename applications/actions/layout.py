"""Selections tried out on the map, saved by name: thoughts, which decide nothing."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from applications.models import LayoutTrial
from applications.selectors.applications import get_round
from applications.selectors.layout import offered
from applications.selectors.selection import list_candidates
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed


@transaction.atomic
def save_trial(
    *,
    actor: User,
    round_id: UUID,
    name: str,
    chosen: Collection[UUID],
    over: UUID | None = None,
) -> LayoutTrial:
    """Save a selection under its name; `over` is the one that was opened, which alone it may replace.

    Raises Invalid for no name, the name of another one, or no candidate.
    """
    call = get_round(actor, round_id, lock=True)
    if not actor.holds(Permission.RUN_PILOTS):
        raise NotAllowed
    if not name.strip():
        raise Invalid("name_required", "请填写方案名称，例如“方案一：每市一个”。", "name")
    namesake = call.trials.filter(name=name.strip()).select_related("saved_by").first()
    if namesake is not None and namesake.public_id != over:
        raise Invalid(
            "name_used",
            f"已有名为“{namesake.name}”的方案，由{namesake.saved_by.display_name}保存。"
            "请另取名称；要改动该方案的，先打开它再保存。",
            "name",
        )
    rows = {each.application.public_id: each.application for each in offered(list_candidates(call))}
    if any(key not in rows for key in chosen):
        raise Invalid(
            "not_a_candidate", "所选县（市、区）已不在候选之列，请刷新页面后重选。", "chosen"
        )
    trial, _ = LayoutTrial.objects.update_or_create(
        round=call, name=name.strip(), defaults={"saved_by": actor, "saved_at": clock.now()}
    )
    trial.chosen.set([rows[key] for key in chosen])
    detail = {"name": trial.name, "chosen": sorted(rows[key].region.code for key in chosen)}
    record(actor, Entry("save_trial", "pilot_round", str(call.public_id), detail))
    return trial


@transaction.atomic
def delete_trial(*, actor: User, round_id: UUID, trial_id: UUID) -> None:
    """Throw a selection away; one that is gone already is no fault."""
    call = get_round(actor, round_id, lock=True)
    if not actor.holds(Permission.RUN_PILOTS):
        raise NotAllowed
    trial = call.trials.filter(public_id=trial_id).first()
    if trial is not None:
        detail = {"name": trial.name}
        record(actor, Entry("delete_trial", "pilot_round", str(call.public_id), detail))
        trial.delete()
