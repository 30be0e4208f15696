"""Offices: set up, renamed, put in order, closed. What they were called stays known."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from county_portal.accounts.models import Office, OfficeName, Region, User
from county_portal.accounts.roles import Level, OfficeKind, Permission
from county_portal.accounts.selectors import get_managed_office
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed


@dataclass(frozen=True, slots=True)
class NewOffice:
    """What an office is made from; a county's and a city's belong to a region."""

    name: str
    short_name: str
    level: Level
    kind: OfficeKind
    region: Region | None
    order: int = 0


def _require(actor: User) -> None:
    if not actor.holds(Permission.MANAGE_REGIONS):
        raise NotAllowed


@transaction.atomic
def create_office(*, actor: User, office: NewOffice) -> Office:
    """Set up an office.

    Raises Invalid `office_region_missing`, `office_region_level`, `office_exists`, or `office_bureau_exists` for a
    second bureau of a county.
    """
    _require(actor)
    if office.region is None and office.level != Level.PROVINCE:
        raise Invalid(
            "office_region_missing", f"{office.level.label}单位须选择所属区划。", "region"
        )
    if office.region is not None and office.region.level != office.level:
        raise Invalid(
            "office_region_level",
            f"{office.region.full_name}不是{office.level.label}区划，请改选区划或层级。",
            "region",
        )
    made = Office(
        name=office.name,
        short_name=office.short_name,
        level=office.level,
        kind=office.kind,
        region=office.region,
        order=office.order,
    )
    _keep(made)
    detail = {"name": made.name, "level": str(made.level), "kind": str(made.kind)}
    record(actor, _entry("create_office", made, detail))
    return made


@transaction.atomic
def rename_office(
    *, actor: User, public_id: UUID, name: str, short_name: str, basis: str
) -> Office:
    """Give an office another name from today; documents and records of before keep the old one.

    Raises Invalid `office_exists` or `basis_missing`.
    """
    _require(actor)
    office = get_managed_office(actor, public_id, lock=True)
    if not basis.strip():
        raise Invalid("basis_missing", "请填写更名依据（文件名或文号）。", "basis")
    before = [office.name, office.short_name]
    if before == [name, short_name]:
        return office
    _require_standing(office)
    OfficeName.objects.create(
        office=office,
        name=office.name,
        short_name=office.short_name,
        until=clock.today(),
        basis=basis,
    )
    office.name, office.short_name = name, short_name
    _keep(office)
    detail = {"name": [before[0], name], "short_name": [before[1], short_name], "basis": basis}
    record(actor, _entry("rename_office", office, detail))
    return office


@transaction.atomic
def order_office(*, actor: User, public_id: UUID, order: int) -> Office:
    """Put an office in its place in the register's order."""
    _require(actor)
    office = get_managed_office(actor, public_id, lock=True)
    before, office.order = office.order, order
    if before != order:
        office.save(update_fields=["order"])
        record(actor, _entry("order_office", office, {"order": [before, order]}))
    return office


@transaction.atomic
def close_office(*, actor: User, public_id: UUID, basis: str) -> Office:
    """Close an office in which nobody works any more and which reviews no region.

    Raises Invalid `basis_missing`, `office_has_people` or `office_reviews`.
    """
    _require(actor)
    office = get_managed_office(actor, public_id, lock=True)
    _require_standing(office)
    if not basis.strip():
        raise Invalid("basis_missing", "请填写撤销依据（文件名或文号）。", "basis")
    people = office.users.filter(is_active=True).count()
    if people:
        raise Invalid(
            "office_has_people",
            f"{office.name}还有{people}个启用的账号，请先移交工作并停用或调出，再撤销单位。",
        )
    reviewed = Region.objects.filter(reviewing_office=office, valid_to__isnull=True).count()
    if reviewed:
        raise Invalid(
            "office_reviews",
            f"{office.name}还是{reviewed}个区划的审核单位，请先调整审核单位，再撤销。",
        )
    office.closed_on = clock.today()
    office.save(update_fields=["closed_on"])
    record(actor, _entry("close_office", office, {"name": office.name, "basis": basis}))
    return office


def _require_standing(office: Office) -> None:
    if office.closed_on is not None:
        raise Invalid(
            "office_closed", f"{office.name}已于{office.closed_on:%Y-%m-%d}撤销，不能再改动。"
        )


def _keep(office: Office) -> None:
    """Let the database say whether the name is free, and whether the county has a bureau already."""
    try:
        with transaction.atomic():
            office.save()
    except IntegrityError as error:
        if "office_one_standing_bureau_per_county" in str(error):
            raise Invalid(
                "office_bureau_exists",
                "该县（市、区）已有科技主管部门，不能再设；名称有变的请办理更名。",
                "region",
            ) from error
        raise Invalid("office_exists", f"“{office.name}”已经登记，请核对名称。", "name") from error


def _entry(act: str, office: Office, detail: Mapping[str, object]) -> Entry:
    code = office.region.code if office.region else ""
    return Entry(act, "office", str(office.public_id), detail, code)
