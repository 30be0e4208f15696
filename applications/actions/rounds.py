"""The province calls for pilots: a round is drawn up, changed while nobody knows of it, opened, closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from applications.enums import RoundState, all_materials
from applications.models import PilotRound, RoundQuota
from applications.models.rounds import STARS, TERM_YEARS
from applications.notifications import CLOSED, OPENED, tell_round
from applications.selectors.applications import get_round
from applications.selectors.rounds import count_starrable
from county_portal.accounts.models import Office, User
from county_portal.accounts.roles import Level, Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.common.text import chinese_date
from county_portal.files.actions import keep_scan
from county_portal.files.models import StoredFile
from indicators.models import SystemVersion


@dataclass(frozen=True, slots=True)
class RoundInput:
    """A round as entered; `quotas` are places by reviewing office. Without `basis_file` the one kept stays."""

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
    basis_file: UploadedFile | StoredFile | None = None


@transaction.atomic
def create_round(*, actor: User, data: RoundInput) -> PilotRound:
    """Draw up a round. Raises Invalid for dates out of order, a name used before, or more ★ than rows."""
    _require_manager(actor)
    _check(data)
    _require_own_title(data.title)
    call = PilotRound(created_by=actor)
    _fill(actor, call, data)
    _note(actor, "create_round", call, {"year": call.year, "basis": call.basis})
    return call


@transaction.atomic
def change_round(*, actor: User, round_id: UUID, data: RoundInput) -> PilotRound:
    """Change everything about a round still drawn up; of an open one only quotas and days change (exceptions)."""
    call = get_round(actor, round_id, lock=True)
    _require_manager(actor)
    if call.state != RoundState.DRAFT:
        raise _moved_on(call)
    _check(data)
    if data.title.strip() != call.title:
        _require_own_title(data.title)
    before = _told(call)
    call.quotas.all().delete()
    _fill(actor, call, data)
    _note(actor, "change_round", call, {"before": before, "after": _told(call)})
    return call


@transaction.atomic
def open_round(*, actor: User, round_id: UUID) -> PilotRound:
    """Open it: from now on counties apply, and everybody reads the announcement."""
    call = _move(actor, round_id, RoundState.DRAFT, RoundState.OPEN)
    if call.county_due_on < clock.today():
        raise Invalid(
            "deadline_passed",
            f"县级报送截止日期（{chinese_date(call.county_due_on)}）已过，不能开放。请先修改日期。",
            "county_due_on",
        )
    if not call.quotas.filter(places__gt=0).exists():
        raise Invalid("quotas_required", "还没有分配推荐名额，不能开放。请先填写名额。", "quotas")
    tell_round(call, OPENED)
    return call


@transaction.atomic
def close_round(*, actor: User, round_id: UUID) -> PilotRound:
    """Close it: nobody begins or hands in any more; what was returned may still be put right."""
    call = _move(actor, round_id, RoundState.OPEN, RoundState.CLOSED)
    tell_round(call, CLOSED)
    return call


@transaction.atomic
def discard_round(*, actor: User, round_id: UUID) -> str:
    """Drop one that was only drawn up; what it said stays in the record. Returns its title."""
    call = get_round(actor, round_id, lock=True)
    _require_manager(actor)
    if call.state != RoundState.DRAFT:
        raise _moved_on(call)
    _note(actor, "discard_round", call, {"title": call.title, "before": _told(call)})
    call.delete()
    return call.title


def _move(actor: User, round_id: UUID, source: RoundState, target: RoundState) -> PilotRound:
    call = get_round(actor, round_id, lock=True)
    _require_manager(actor)
    if call.state != source:
        raise _moved_on(call)
    call.state = target
    if target == RoundState.OPEN:
        call.opened_at = clock.now()
    else:
        call.closed_at = clock.now()
    call.save()
    _note(actor, f"{target}_round", call, {"state": [str(source), str(target)]})
    return call


def _moved_on(call: PilotRound) -> Stale:
    return Stale(
        "stale_state",
        f"“{call.title}”现为“{call.get_state_display()}”，本次操作未执行。请刷新页面后再办理。",
    )


def _require_manager(actor: User) -> None:
    if not actor.holds(Permission.RUN_PILOTS):
        raise NotAllowed


def _require_own_title(title: str) -> None:
    if PilotRound.objects.filter(title=title.strip()).exists():
        raise Invalid("title_used", f"已有名为“{title.strip()}”的批次，请另取名称。", "title")


def _check(data: RoundInput) -> None:
    if not data.opens_on <= data.county_due_on <= data.city_due_on:
        raise Invalid(
            "dates_out_of_order",
            "日期须按“开始、县级报送截止、市级推荐截止”的先后填写，请核对。",
            "county_due_on",
        )
    if abs(data.year - data.opens_on.year) > 1:
        raise Invalid(
            "year_out_of_line",
            f"年度{data.year}年与开始日期{chinese_date(data.opens_on)}相差超过一年。年度决定表中上年、今年、"
            "明年、后年是哪一年，开放后不能再改，请核对。",
            "year",
        )
    if not data.materials:
        raise Invalid("materials_required", "请至少选择一项申报材料。", "materials")
    most = count_starrable(data.version)
    if data.stars > most:
        raise Invalid(
            "too_many_stars",
            f"所选指标体系表除指定考核指标外只有{most}项，自选考核指标不能为{data.stars}项，请减少。",
            "stars",
        )


def _fill(actor: User, call: PilotRound, data: RoundInput) -> None:
    call.title, call.basis, call.notes = data.title.strip(), data.basis.strip(), data.notes.strip()
    call.year, call.unit_level, call.version = data.year, data.unit_level, data.version
    call.materials, call.stars = list(data.materials), data.stars
    call.term_years, call.notice_days = data.term_years, data.notice_days
    call.opens_on, call.county_due_on = data.opens_on, data.county_due_on
    call.city_due_on = data.city_due_on
    if data.basis_file is not None:
        call.basis_file = keep_scan(actor=actor, scan=data.basis_file, matter="依据文件")
    call.save()
    RoundQuota.objects.bulk_create(
        RoundQuota(round=call, office=office, places=places)
        for office, places in data.quotas.items()
    )


def _told(call: PilotRound) -> dict[str, object]:
    """What the record keeps of a round before and after a change."""
    days = ("opens_on", "county_due_on", "city_due_on")
    plain = ("title", "year", "unit_level", "basis", "materials", "stars", "term_years")
    quotas = call.quotas.values_list("office__short_name", "places")
    return {
        **{name: getattr(call, name) for name in plain},
        **{name: getattr(call, name).isoformat() for name in days},
        "version": str(call.version),
        "quotas": dict(quotas),
    }


def _note(actor: User, act: str, call: PilotRound, detail: Mapping[str, object]) -> None:
    record(actor, Entry(act, "pilot_round", str(call.public_id), detail))
