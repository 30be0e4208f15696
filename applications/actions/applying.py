"""A county begins an application."""

from uuid import UUID

from django.db import transaction

from applications.actions.records import application_entry
from applications.enums import UNDER_WAY, RoundState
from applications.models import Application, Pilot, PilotRound
from applications.selectors.applications import get_round
from county_portal.accounts.models import Region, User
from county_portal.accounts.roles import Level, Permission
from county_portal.accounts.selectors import own_region
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.documents.numbers import chinese_date


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
    _require_open(call, county)
    _require_no_pilot(region)
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
    if not Pilot.objects.filter(region=county, parent__isnull=True).exists():
        raise Stale(
            "county_not_pilot",
            f"{county.full_name}不是试点县，所属乡镇（街道）不能申报。请先申报县级试点。",
        )
    return township


def _require_no_pilot(region: Region) -> None:
    """S0 names counties *into* the programme: one that is being built, or was suspended, finishes first."""
    pilot = Pilot.objects.filter(region=region, state__in=UNDER_WAY).select_related("round").first()
    if pilot:
        raise Stale(
            "already_pilot",
            f"{region.full_name}是{pilot.round.title}确定的试点，建设期至{chinese_date(pilot.ends_on)}，"
            "通过总结验收或退出之前不能再申报。",
        )


def _require_open(call: PilotRound, county: Region) -> None:
    if county.valid_to and county.valid_to <= clock.today():
        ended = chinese_date(county.valid_to)
        raise Stale("region_ended", f"{county.full_name}已于{ended}撤销，不能再申报。")
    if call.state != RoundState.OPEN:
        raise Stale(
            "round_closed", f"“{call.title}”现为“{call.get_state_display()}”，不能开始申报。"
        )
    if clock.today() > call.county_due_on:
        due = chinese_date(call.county_due_on)
        raise Stale("deadline_passed", f"“{call.title}”已于{due}截止报送，不能再开始申报。")
