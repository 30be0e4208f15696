"""Reads of regions and offices."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import Office, Region, User
from county_portal.accounts.roles import ROLE_PERMISSIONS, Level, OfficeKind


def list_counties_alive_on(day: date) -> QuerySet[Region]:
    """County-level units that existed on `day`, with their reviewing office, by code."""
    return (
        Region.objects.counties()
        .alive_on(day)
        .select_related("reviewing_office", "parent")
        .order_by("code")
    )


def list_reviewing_offices() -> QuerySet[Office]:
    """Offices that review counties alive today, in the register's order."""
    return (
        Office.objects.filter(
            reviewed_regions__valid_to__isnull=True,
            reviewed_regions__is_practice=False,
            level=Level.CITY,
        )
        .distinct()
        .order_by("order", "name")
    )


def find_regions(text: str) -> QuerySet[Region]:
    """Regions matching a name (variants too), code or pinyin."""
    return Region.objects.named(text).order_by("code")


def county_office(region: Region) -> Office:
    """The science bureau of a county; one that was wound up is none. Raises Office.DoesNotExist."""
    standing = Office.objects.filter(closed_on__isnull=True)
    return standing.get(region=region, level=Level.COUNTY, kind=OfficeKind.BUREAU)


def list_people(office: Office, permission: str) -> list[User]:
    """The people of an office who may do this: those a notice about it goes to."""
    roles = [role for role, permitted in ROLE_PERMISSIONS.items() if permission in permitted]
    return list(User.objects.filter(office=office, role__in=roles, is_active=True).order_by("pk"))


def list_offices() -> QuerySet[Office]:
    """All offices, in the register's order; not those people practise with."""
    practised = Region.objects.filter(is_practice=True)
    return Office.objects.exclude(region__in=practised).exclude(
        pk__in=practised.values("reviewing_office")
    )


def list_standing_offices() -> QuerySet[Office]:
    """Offices that were not closed, in the register's order."""
    return list_offices().filter(closed_on__isnull=True)


def get_office(public_id: UUID) -> Office:
    """One office."""
    return get_object_or_404(Office, public_id=public_id)


def own_region(user: User) -> Region:
    """The region of the user's office; 404 for an office without one."""
    if user.office.region is None:
        raise Http404
    return user.office.region


def lineages(
    regions: Iterable[Region], ended: Iterable[Region] | None = None
) -> dict[int, list[int]]:
    """For each region, itself and those it continues, latest first; one query for all.

    None where the caller has read the `ended` ones already, the latest first.

    A region continues the one that bore its code before, or its only predecessor: a merger of several
    has no single past, and neither has a part of what was split.
    """
    if ended is None:
        ended = Region.objects.filter(valid_to__isnull=False).order_by("-valid_to")
    by_code: dict[str, list[Region]] = {}
    by_successor: dict[int, list[Region]] = {}
    for region in ended:
        by_code.setdefault(region.code, []).append(region)
        if region.successor_id:
            by_successor.setdefault(region.successor_id, []).append(region)
    return {region.pk: _lineage(region, by_code, by_successor) for region in regions}


def _lineage(
    region: Region, by_code: dict[str, list[Region]], by_successor: dict[int, list[Region]]
) -> list[int]:
    ids, current = [region.pk], region
    while current.split_from_id is None:
        bore_code = _before(current, by_code.get(current.code, []))
        candidates = bore_code[:1] or _before(current, by_successor.get(current.pk, []))
        if len(candidates) != 1 or candidates[0].pk in ids:
            return ids
        current = candidates[0]
        ids.append(current.pk)
    return ids


def _before(region: Region, ended: list[Region]) -> list[Region]:
    """Those that had ended when the region began: one absorbed later adds to it, and is not its past."""
    return [
        earlier for earlier in ended if earlier.valid_to and earlier.valid_to <= region.valid_from
    ]
