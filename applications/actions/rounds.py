"""The province calls for pilots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import transaction

from applications.enums import RoundState, all_materials
from applications.models import PilotRound, RoundQuota
from applications.models.rounds import STARS, TERM_YEARS
from applications.selectors.applications import get_round
from county_portal.accounts.models import Office, User
from county_portal.accounts.roles import Level, Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from indicators.models import SystemVersion


@dataclass(frozen=True, slots=True)
class RoundInput:
    """A round as entered; `quotas` are places by reviewing office."""

    title: str
    year: int
    version: SystemVersion
    basis: str
    opens_on: date
    county_due_on: date
    city_due_on: date
    quotas: Mapping[Office, int]
    notes: str = ""
    unit_level: str = Level.COUNTY
    stars: int = STARS
    term_years: int = TERM_YEARS
    notice_days: int = 7
    materials: Sequence[str] = field(default_factory=all_materials)


@transaction.atomic
def create_round(*, actor: User, data: RoundInput) -> PilotRound:
    """Draw up a round. Raises Invalid for dates out of order, a name used before, or places for nobody."""
    _require_manager(actor)
    _check(data)
    if PilotRound.objects.filter(title=data.title.strip()).exists():
        raise Invalid("title_used", f"已有名为“{data.title.strip()}”的批次，请另取名称。", "title")
    call = PilotRound.objects.create(
        title=data.title.strip(),
        year=data.year,
        unit_level=data.unit_level,
        version=data.version,
        basis=data.basis.strip(),
        notes=data.notes.strip(),
        materials=list(data.materials),
        stars=data.stars,
        term_years=data.term_years,
        notice_days=data.notice_days,
        opens_on=data.opens_on,
        county_due_on=data.county_due_on,
        city_due_on=data.city_due_on,
        created_by=actor,
    )
    RoundQuota.objects.bulk_create(
        RoundQuota(round=call, office=office, places=places)
        for office, places in data.quotas.items()
    )
    _note(actor, "create_round", call, {"year": call.year, "basis": call.basis})
    return call


@transaction.atomic
def open_round(*, actor: User, round_id: UUID) -> PilotRound:
    """Open it: from now on counties apply, and everybody reads the announcement."""
    return _move(actor, round_id, RoundState.DRAFT, RoundState.OPEN)


@transaction.atomic
def close_round(*, actor: User, round_id: UUID) -> PilotRound:
    """Close it: nobody begins or hands in any more; what was returned may still be put right."""
    return _move(actor, round_id, RoundState.OPEN, RoundState.CLOSED)


def _move(actor: User, round_id: UUID, source: RoundState, target: RoundState) -> PilotRound:
    call = get_round(actor, round_id, lock=True)
    _require_manager(actor)
    if call.state != source:
        raise Stale(
            "stale_state",
            f"“{call.title}”现为“{call.get_state_display()}”，本次操作未执行。请刷新页面后再办理。",
        )
    call.state = target
    if target == RoundState.OPEN:
        call.opened_at = clock.now()
    else:
        call.closed_at = clock.now()
    call.save()
    _note(actor, f"{target}_round", call, {"state": [str(source), str(target)]})
    return call


def _require_manager(actor: User) -> None:
    if not actor.holds(Permission.RUN_PILOTS):
        raise NotAllowed


def _check(data: RoundInput) -> None:
    if not data.opens_on <= data.county_due_on <= data.city_due_on:
        raise Invalid(
            "dates_out_of_order",
            "日期须按“开始、县级报送截止、市级推荐截止”的先后填写，请核对。",
            "county_due_on",
        )
    if not data.materials:
        raise Invalid("materials_required", "请至少选择一项申报材料。", "materials")


def _note(actor: User, act: str, call: PilotRound, detail: Mapping[str, object]) -> None:
    record(actor, Entry(act, "pilot_round", str(call.public_id), detail))
