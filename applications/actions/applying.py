"""A county begins an application."""

from uuid import UUID

from django.db import transaction

from applications.actions.records import application_entry
from applications.models import Application, PilotRound
from applications.selectors.applications import get_round
from applications.selectors.beginning import why_not_begin
from county_portal.accounts.models import Region, User
from county_portal.accounts.roles import Level, Permission
from county_portal.accounts.selectors import own_region
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale


@transaction.atomic
def begin_application(
    *, actor: User, round_id: UUID, township: Region | None = None
) -> Application:
    """Begin the county's application in a round, or that of one of its townships.

    Raises Stale for a round that is not open or a county that ended, Invalid for a unit the round is not for.
    """
    call = get_round(actor, round_id, lock=True)
    if not actor.holds(Permission.APPLY):
        raise NotAllowed
    county = own_region(actor)
    region = _unit(call, county, township)
    refusal = why_not_begin(call, county)
    if refusal:
        raise refusal
    application, is_new = Application.objects.get_or_create(
        round=call,
        region=region,
        defaults={
            "office": actor.office,
            "reviewing_office": county.reviewing_office,
            "state_since": clock.now(),
            "begun_by": actor,
            "begun_at": clock.now(),
        },
    )
    if not is_new:
        raise Stale(
            "application_begun",
            f"{region.full_name}在本批次已有申报材料，请从“试点申报”中打开继续编制。",
        )
    record(actor, application_entry("begin_application", application, {"round": call.title}))
    return application


def _unit(call: PilotRound, county: Region, township: Region | None) -> Region:
    if call.unit_level == Level.COUNTY:
        if township is not None:
            raise Invalid(
                "unit_level", "本批次由县（市、区）申报，不接受乡镇（街道）申报。", "township"
            )
        return county
    if township is None or township.parent_id != county.pk:
        raise Invalid(
            "unit_level", "本批次由乡镇（街道）申报，请选择本县所属的乡镇（街道）。", "township"
        )
    return township
