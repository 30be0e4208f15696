"""What becomes of county-level regions: set up, renamed, merged, split, given to another reviewing office.

A region is never rewritten: it ends, and another begins. What was filled in, graded and published under it stays
with it; `lineages` leads from one to the other. A change decided for a day to come waits for that day.
"""

import logging
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404

from county_portal.accounts.actions.region_acts import (
    ACTS,
    bureau_name_of,
    full_name_of,
    require_free,
)
from county_portal.accounts.models import (
    Office,
    Region,
    RegionChange,
    RegionChangeKind,
    RegionChangeState,
    User,
)
from county_portal.accounts.roles import Level, Permission
from county_portal.accounts.selectors import get_managed_region
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Refused, Stale

_CODE_DIGITS = 6
_PARTS = 2
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Part:
    """What one of the regions is called into which a county is split."""

    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided by whom the portal only follows: the document, the day, and what the kind needs.

    create: name, code, parent, reviewing_office; rename: name, code; merge: successor; reviewer: reviewing_office;
    split: two parts, which of them the offices and their people go on with (`heir`, 0 or 1; None leaves them with
    the ended county, to be moved one by one), and the townships that fall to the second part.
    """

    kind: RegionChangeKind
    effective_on: date
    document_number: str
    name: str = ""
    code: str = ""
    parent: Region | None = None
    successor: Region | None = None
    reviewing_office: Office | None = None
    parts: tuple[Part, ...] = ()
    heir: int | None = None
    second_townships: tuple[Region, ...] = ()


@transaction.atomic
def decide_change(
    *, actor: User, region_id: UUID | None, decision: Decision, confirmed: str
) -> RegionChange:
    """Enter a decision; it takes effect at once if its day has come.

    `confirmed` is the region's name typed once more (the new one's, where one is set up). Raises Invalid naming the
    field, and Stale `region_ended` for a region that is none any more.
    """
    if not actor.holds(Permission.MANAGE_REGIONS):
        raise NotAllowed
    region = get_managed_region(actor, region_id, lock=True) if region_id else None
    _require_fit(region, decision, confirmed)
    change = RegionChange(
        kind=decision.kind,
        region=region,
        effective_on=decision.effective_on,
        document_number=decision.document_number,
        detail=_detail(decision),
        decided_by=actor,
        decided_at=clock.now(),
    )
    try:
        with transaction.atomic():
            change.save()
    except IntegrityError as error:
        raise Invalid(
            "change_planned",
            f"{region}已有一项待生效的变动，请先撤回它，再登记新的变动。",
        ) from error
    _note(actor, "decide_region_change", change)
    if decision.effective_on <= clock.today():
        _carry_out(actor, change)
    return change


def require_possible(*, actor: User, region_id: UUID | None, decision: Decision) -> None:
    """Raise what `decide_change` would, short of the confirmation; nothing is kept."""
    if not actor.holds(Permission.MANAGE_REGIONS):
        raise NotAllowed
    region = get_managed_region(actor, region_id) if region_id else None
    _require_fit(region, decision, None)


@transaction.atomic
def withdraw_change(*, actor: User, public_id: UUID) -> RegionChange:
    """Take back a decision before its day. Raises Stale `change_done` afterwards."""
    if not actor.holds(Permission.MANAGE_REGIONS):
        raise NotAllowed
    change = get_object_or_404(
        RegionChange.objects.select_for_update(of=("self",)), public_id=public_id
    )
    if change.state != RegionChangeState.PLANNED:
        raise Stale("change_done", f"此项变动{change.get_state_display()}，不能撤回。")
    change.state = RegionChangeState.WITHDRAWN
    change.save(update_fields=["state"])
    _note(actor, "withdraw_region_change", change)
    return change


def carry_out_due() -> int:
    """Let the decisions whose day has come take effect, each by itself; returns how many."""
    due = RegionChange.objects.filter(
        state=RegionChangeState.PLANNED, effective_on__lte=clock.today()
    ).order_by("effective_on", "pk")
    return sum(_carry_out_one(pk) for pk in list(due.values_list("pk", flat=True)))


def _carry_out_one(pk: int) -> bool:
    """One of them; what stands against it is logged, and the next is not kept waiting."""
    try:
        with transaction.atomic():
            change = RegionChange.objects.select_for_update(of=("self",)).get(pk=pk)
            if change.state != RegionChangeState.PLANNED:
                return False
            _carry_out(None, change)
    except (Refused, IntegrityError):
        _log.exception("region change not carried out", extra={"change": pk})
        return False
    return True


def _detail(decision: Decision) -> dict[str, object]:
    if decision.kind == RegionChangeKind.SPLIT:
        return {
            "parts": [{"name": part.name, "code": part.code} for part in decision.parts],
            "heir": decision.heir,
            "second_townships": [town.pk for town in decision.second_townships],
        }
    return {
        "name": decision.name,
        "code": decision.code,
        "parent": decision.parent.pk if decision.parent else None,
        "successor": decision.successor.pk if decision.successor else None,
        "reviewing_office": decision.reviewing_office.pk if decision.reviewing_office else None,
    }


def _require_fit(region: Region | None, decision: Decision, confirmed: str | None) -> None:
    if not decision.document_number.strip():
        raise Invalid("document_missing", "请填写批准文号。", "document_number")
    if decision.kind == RegionChangeKind.CREATE:
        called = decision.name
    elif region is None:
        raise Invalid("region_missing", "没有指明要变动的区划。")
    else:
        called = region.name
        _require_alive(region, decision.effective_on)
    if confirmed is not None and confirmed.strip() != called:
        raise Invalid("not_confirmed", f"请在确认栏中输入“{called}”，以免办错区划。", "confirmed")
    _require_content(region, decision)


def _require_content(region: Region | None, decision: Decision) -> None:
    if decision.kind in {RegionChangeKind.CREATE, RegionChangeKind.RENAME}:
        _require_name(region, decision.name, decision.code)
        if region is not None and (region.name, region.code) == (decision.name, decision.code):
            raise Invalid("nothing_changed", "名称和代码都与现在相同，没有可登记的变动。", "name")
    if region is not None and decision.kind == RegionChangeKind.SPLIT:
        _require_parts(region, decision)
    if decision.kind in {RegionChangeKind.CREATE, RegionChangeKind.REVIEWER}:
        _require_reviewer(region, decision)
    if decision.kind == RegionChangeKind.CREATE:
        if decision.parent is None:
            raise Invalid("parent_missing", "请选择上级区划。", "parent")
        require_free(bureau_name_of(full_name_of(decision.name, decision.parent)))
    if decision.kind == RegionChangeKind.MERGE:
        _require_successor(region, decision)


def _require_alive(region: Region, day: date) -> None:
    if region.valid_to is not None:
        raise Stale(
            "region_ended", f"{region.full_name}已于{region.valid_to:%Y-%m-%d}撤销，不能再变动。"
        )
    if region.level != Level.COUNTY:
        raise Invalid("region_not_county", f"{region.full_name}不是县级区划，不在本页办理。")
    if day <= region.valid_from:
        raise Invalid(
            "day_before_beginning",
            f"生效日期须晚于{region.name}的设立日期{region.valid_from:%Y-%m-%d}。",
            "effective_on",
        )


def _require_name(region: Region | None, name: str, code: str, suffix: str = "") -> None:
    """`suffix` ends the names of the fields, where a form asks for several regions."""
    if not (code.isascii() and code.isdecimal() and len(code) == _CODE_DIGITS):
        raise Invalid("region_code", f"“{code}”不是六位区划代码，请核对。", f"code{suffix}")
    if not name:
        raise Invalid("region_name", "请填写名称。", f"name{suffix}")
    alive = Region.objects.filter(code=code, valid_to__isnull=True)
    if region is not None:
        alive = alive.exclude(pk=region.pk)
    used = alive.first()
    if used:
        raise Invalid(
            "region_code_used", f"区划代码{code}现为{used.full_name}所用，请核对。", f"code{suffix}"
        )


def _require_parts(region: Region, decision: Decision) -> None:
    if len(decision.parts) != _PARTS:
        raise Invalid("parts_missing", "请填写分设的两个县（市、区）。", "name_1")
    for number, part in enumerate(decision.parts, 1):
        _require_name(region, part.name, part.code, f"_{number}")
    first, second = decision.parts
    if first.code == second.code:
        raise Invalid("parts_same", "分设的两个县（市、区）代码相同，请核对。", "code_2")
    if first.name == second.name:
        raise Invalid("parts_same", "分设的两个县（市、区）名称相同，请核对。", "name_2")
    for number, part in enumerate(decision.parts):
        if number != decision.heir:
            require_free(bureau_name_of(full_name_of(part.name, region.parent)))
    foreign = [town.name for town in decision.second_townships if town.parent_id != region.pk]
    if foreign:
        raise Invalid(
            "township_foreign", f"{foreign[0]}不属于{region.full_name}。", "second_townships"
        )


def _require_reviewer(region: Region | None, decision: Decision) -> None:
    office = decision.reviewing_office
    if office is None or office.level != Level.CITY or office.closed_on is not None:
        raise Invalid("reviewer_unfit", "请选择一个市级单位作为审核单位。", "reviewing_office")
    if region is not None and region.reviewing_office_id == office.pk:
        raise Invalid(
            "nothing_changed", f"{office.name}现在就是{region.name}的审核单位。", "reviewing_office"
        )


def _require_successor(region: Region | None, decision: Decision) -> None:
    successor = decision.successor
    fits = successor is not None and successor.valid_to is None
    if successor is None or not fits or successor.level != Level.COUNTY or successor == region:
        raise Invalid(
            "successor_unfit", "请选择并入的县（市、区），须是现存的另一个县级区划。", "successor"
        )


def _carry_out(actor: User | None, change: RegionChange) -> None:
    change.result = ACTS[RegionChangeKind(change.kind)](change)
    change.state, change.done_at = RegionChangeState.DONE, clock.now()
    change.save(update_fields=["result", "state", "done_at"])
    _note(actor, "carry_out_region_change", change)


def _note(actor: User | None, act: str, change: RegionChange) -> None:
    region = change.region or change.result
    detail = {
        **change.detail,
        "kind": str(change.kind),
        "region": region.full_name if region else "",
        "effective_on": change.effective_on.isoformat(),
        "document_number": change.document_number,
    }
    code = region.code if region else str(change.detail["code"])
    record(actor, Entry(act, "region_change", str(change.public_id), detail, code))
