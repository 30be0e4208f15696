"""A pilot goes to other offices: its county was merged, its city abolished, its reviewing office changed.

Regions change by decisions of their own and leave what is under way where it was; a pilot has years to go, and
an office without people would neither report nor review.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from applications.actions.terms import event_number, pilot_entry
from applications.enums import UNDER_WAY, PilotAct
from applications.models import Pilot, PilotEvent
from applications.pilot_notifications import tell_event
from applications.selectors.offices import list_building_offices, list_reviewers
from applications.selectors.pilots import get_pilot
from county_portal.accounts.models import Office, User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale


@dataclass(frozen=True, slots=True)
class HandOverInput:
    """As entered: the offices by their public ids; `seen` are the offices the page showed, "" unseen."""

    office: UUID
    reviewing_office: UUID
    reason: str
    document_number: str
    seen: str = ""


@transaction.atomic
def hand_over_pilot(*, actor: User, pilot_id: UUID, data: HandOverInput) -> Pilot:
    """Give a pilot under way, with its reports, acceptance and requests, to the offices named.

    Raises Stale (not under way, other offices than seen), Invalid for an office that is closed or unfit, for the
    same offices, or for blank words. What was handed in and decided keeps who did it.
    """
    pilot = get_pilot(actor, pilot_id, lock=True)
    if not actor.holds(Permission.RUN_PILOTS):
        raise NotAllowed
    _require_open(pilot, data)
    office = _one_of(list_building_offices(), data.office, "office")
    reviewer = _one_of(list_reviewers(), data.reviewing_office, "reviewing_office")
    if (office, reviewer) == (pilot.office, pilot.reviewing_office):
        words = "所选单位与现在的建设单位、审核单位相同，不需要调整。"
        raise Invalid("nothing_changed", words, "office")
    _require_words(data)
    before = [pilot.office.name, pilot.reviewing_office.name]
    pilot.office, pilot.reviewing_office = office, reviewer
    pilot.save(update_fields=["office", "reviewing_office"])
    event = PilotEvent.objects.create(
        pilot=pilot,
        act=PilotAct.HAND_OVER,
        on=clock.today(),
        reason=f"{data.reason.strip()}\n{_moved(before, pilot)}",
        document_number=event_number(data.document_number),
        actor=actor,
        at=clock.now(),
    )
    after = [office.name, reviewer.name]
    detail: dict[str, object] = {"office": [before[0], after[0]], "reviewer": [before[1], after[1]]}
    detail |= {"reason": data.reason.strip(), "number": event.document_number}
    record(actor, pilot_entry("hand_over_pilot", pilot, detail))
    tell_event(event)
    return pilot


def _require_open(pilot: Pilot, data: HandOverInput) -> None:
    name = pilot.region.full_name
    if pilot.state not in UNDER_WAY:
        raise Stale(
            "act_not_open",
            f"{name}试点现为“{pilot.get_state_display()}”，不再调整办理单位。请刷新页面查看最新状态。",
        )
    if data.seen and data.seen != pilot.desks:
        raise Stale(
            "stale_state",
            f"{name}试点的办理单位在您查看之后有变化，本次未办理。请刷新页面后再办理。",
        )


def _require_words(data: HandOverInput) -> None:
    if not data.reason.strip():
        raise Invalid("reason_required", "请填写调整办理单位的原因。", "reason")
    if not event_number(data.document_number):
        raise Invalid("number_required", "请填写依据文号。", "document_number")


def _one_of(offices: list[Office], key: UUID, field: str) -> Office:
    found = next((each for each in offices if each.public_id == key), None)
    if found is None:
        raise Invalid("office_unfit", "所选单位已经撤销或不能办理，请重新选择。", field)
    return found


def _moved(before: list[str], pilot: Pilot) -> str:
    """What changed, for the record everybody concerned reads."""
    moves = (
        ("建设单位", before[0], pilot.office.name),
        ("审核单位", before[1], pilot.reviewing_office.name),
    )
    return "；".join(f"{label}由{was}改为{now}" for label, was, now in moves if was != now) + "。"
