"""Offices and regions as those who manage them see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import (
    Office,
    Region,
    RegionChange,
    RegionChangeKind,
    User,
    fold_variants,
)
from county_portal.accounts.roles import Level, Permission


@dataclass(frozen=True, slots=True)
class OfficesWanted:
    """Which offices are looked for; `standing` is yes, no, or blank for all."""

    text: str = ""
    level: str = ""
    kind: str = ""
    standing: str = "yes"


def find_offices(actor: User, wanted: OfficesWanted) -> QuerySet[Office]:
    """Offices with the number of people enabled in them (`people`); nobody else's to see."""
    if not actor.holds(Permission.MANAGE_REGIONS):
        return Office.objects.none()
    offices = Office.objects.select_related("region").annotate(
        people=Count("users", filter=Q(users__is_active=True))
    )
    if wanted.text:
        offices = offices.filter(
            Q(name__icontains=wanted.text)
            | Q(short_name__icontains=wanted.text)
            | Q(former_names__name__icontains=wanted.text)
        ).distinct()
    if wanted.level:
        offices = offices.filter(level=wanted.level)
    if wanted.kind:
        offices = offices.filter(kind=wanted.kind)
    if wanted.standing:
        offices = offices.filter(closed_on__isnull=wanted.standing == "yes")
    return offices.order_by("-level", "order", "name")


def get_managed_office(actor: User, public_id: UUID, *, lock: bool = False) -> Office:
    """One office; 404 for whoever manages none."""
    offices = Office.objects.select_related("region")
    if not actor.holds(Permission.MANAGE_REGIONS):
        offices = offices.none()
    if lock:
        offices = offices.select_for_update(of=("self",))
    return get_object_or_404(offices, public_id=public_id)


def find_managed_regions(actor: User, text: str, standing: str) -> QuerySet[Region]:
    """County-level regions, alive ones or those that ended, by name, code or pinyin."""
    if not actor.holds(Permission.MANAGE_REGIONS):
        return Region.objects.none()
    regions = Region.objects.filter(level=Level.COUNTY)
    if text:
        folded = fold_variants(text)
        regions = regions.filter(
            Q(search_name__contains=folded)
            | Q(code__startswith=folded)
            | Q(pinyin__startswith=folded.lower())
        )
    if standing:
        regions = regions.filter(valid_to__isnull=standing == "yes")
    return (
        regions.select_related("parent", "reviewing_office", "successor")
        .prefetch_related("parts")
        .order_by("code", "valid_from")
    )


def get_managed_region(actor: User, public_id: UUID, *, lock: bool = False) -> Region:
    """One region; 404 for whoever manages none."""
    regions = Region.objects.select_related("parent", "reviewing_office", "successor", "split_from")
    if not actor.holds(Permission.MANAGE_REGIONS):
        regions = regions.none()
    if lock:
        regions = regions.select_for_update(of=("self",))
    return get_object_or_404(regions, public_id=public_id)


def list_region_changes(region: Region) -> list[RegionChange]:
    """What became of a region, newest first: decided on it, or leading to it."""
    changes = RegionChange.objects.filter(
        Q(region=region)
        | Q(result=region)
        | Q(region=region.split_from_id, kind=RegionChangeKind.SPLIT)
    )
    return list(changes.select_related("region", "result", "decided_by"))


def list_planned_changes(actor: User) -> list[RegionChange]:
    """Decisions that wait for their day, the next first."""
    if not actor.holds(Permission.MANAGE_REGIONS):
        return []
    planned = RegionChange.objects.filter(state="planned").select_related("region", "decided_by")
    return list(planned.order_by("effective_on", "pk"))


def change_kinds() -> list[tuple[str, RegionChangeKind]]:
    """What may be decided on a region, by its key."""
    return [(str(kind), kind) for kind in RegionChangeKind]


def list_office_regions() -> QuerySet[Region]:
    """Regions that may have offices: all but townships, alive."""
    return Region.objects.filter(valid_to__isnull=True).exclude(level=Level.TOWNSHIP)


def list_parents() -> QuerySet[Region]:
    """Regions a county may lie under: the province and its cities, alive."""
    return Region.objects.filter(
        level__in=(Level.PROVINCE, Level.CITY), valid_to__isnull=True
    ).order_by("code")


def list_alive_counties() -> QuerySet[Region]:
    """Counties alive now, by code."""
    return Region.objects.filter(level=Level.COUNTY, valid_to__isnull=True).order_by("code")


def list_townships_of(region: Region) -> QuerySet[Region]:
    """The registered townships of a county that exist now, by code."""
    return region.children.filter(level=Level.TOWNSHIP, valid_to__isnull=True).order_by("code")


def list_staffed(region: Region) -> list[Office]:
    """The standing offices of a region, with the number of people enabled in them (`people`)."""
    standing = region.offices.filter(closed_on__isnull=True)
    return list(standing.annotate(people=Count("users", filter=Q(users__is_active=True))))


def list_parts(region: Region) -> list[Region]:
    """The regions into which a county was split, in the order of the decision."""
    return list(region.parts.order_by("pk"))


def list_city_bureaus() -> QuerySet[Office]:
    """Offices that may review counties."""
    return Office.objects.filter(level=Level.CITY, kind="bureau", closed_on__isnull=True).order_by(
        "order", "name"
    )


def count_people(offices: Sequence[Office]) -> int:
    """How many accounts are enabled in these offices."""
    return User.objects.filter(office__in=offices, is_active=True).count()
