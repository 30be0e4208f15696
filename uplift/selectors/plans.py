"""The door to plans: the office's own in every state, others' once they were settled."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import Office, Region, User
from county_portal.accounts.roles import Level, Permission
from county_portal.accounts.selectors import list_counties_alive_on
from county_portal.common import clock
from indicators.models import SystemVersion
from scoring.selectors.lists import list_current
from scoring.selectors.runs import engine_scheme, newest_scheme_version
from uplift.enums import IN_FORCE, VersionState
from uplift.models import Plan, PlanVersion, VersionStep

# S1 speaks of four years, 2022—2025.
_YEARS = 4
_SECOND_HALF = 7


def list_versions(user: User) -> QuerySet[PlanVersion]:
    """Versions the user may see, newest plan first.

    One's own office sees all of its own; its counties and the province see what was settled; the plan of the
    province, once settled, concerns every office.
    """
    if not user.holds(Permission.VIEW_UPLIFT):
        return PlanVersion.objects.none()
    own, settled = Q(plan__office=user.office_id), Q(state__in=IN_FORCE)
    seen = own | (settled & _others(user))
    return (
        PlanVersion.objects.filter(seen)
        .select_related("plan__office", "system_version__system", "drafted_by__office")
        .order_by("-from_year", "plan", "-number")
    )


def _others(user: User) -> Q:
    """Whose plans concern the user beside his own office's."""
    if user.level == Level.PROVINCE:
        return Q()
    of_the_province = Q(plan__office__level=Level.PROVINCE)
    if user.level != Level.COUNTY:
        return of_the_province
    return of_the_province | Q(plan__office__reviewed_regions__in=_own_counties(user))


def _own_counties(user: User) -> list[int]:
    """The user's county if it still exists: what has ended has no plan to follow."""
    region = user.office.region
    return [region.pk] if region and region.is_alive else []


def get_version(user: User, public_id: UUID, *, lock: bool = False) -> PlanVersion:
    """One of those; 404 otherwise."""
    versions = list_versions(user)
    if lock:
        versions = versions.select_for_update(of=("self",))
    return get_object_or_404(versions, public_id=public_id)


def get_draft(user: User, public_id: UUID, *, lock: bool = False) -> PlanVersion:
    """A version of one's own office in preparation; 404 otherwise."""
    version = get_version(user, public_id, lock=lock)
    if version.plan.office_id != user.office_id:
        raise Http404
    return version


def current_version(plan: Plan) -> PlanVersion | None:
    """The version in force or, of a plan that is over, the last that was."""
    rows = plan.versions.filter(state__in=(VersionState.SETTLED, VersionState.CLOSED))
    return rows.select_related("plan__office", "system_version").order_by("-number").first()


def version_in_preparation(plan: Plan) -> PlanVersion | None:
    """The draft of the plan or the one that waits to be settled."""
    rows = plan.versions.filter(state__in=(VersionState.DRAFTED, VersionState.SUBMITTED))
    return rows.first()


def list_steps(version: PlanVersion) -> QuerySet[VersionStep]:
    """What was done with a version, newest first."""
    return version.steps.select_related("actor__office").order_by("-at", "-pk")


def counties_of(office: Office, day: date | None = None) -> list[Region]:
    """The counties a plan of the office speaks of, by code; practice counties are none."""
    regions = list_counties_alive_on(day or clock.today()).filter(is_practice=False)
    if office.level != Level.PROVINCE:
        regions = regions.filter(reviewing_office=office)
    return list(regions)


def names_of(counties: Sequence[Region]) -> dict[str, str]:
    """Name by code."""
    return {region.code: region.name for region in counties}


def visible_counties(user: User, version: PlanVersion) -> list[Region]:
    """Of a plan's counties those within the user's jurisdiction."""
    counties = counties_of(version.plan.office)
    if user.level == Level.COUNTY:
        return [region for region in counties if region.pk == user.office.region_id]
    if user.level == Level.CITY:
        return [region for region in counties if region.reviewing_office_id == user.office_id]
    return counties


def get_county(user: User, version: PlanVersion, public_id: UUID) -> Region:
    """One of those; 404 otherwise."""
    for region in visible_counties(user, version):
        if region.public_id == public_id:
            return region
    raise Http404


def class_names(system_version: SystemVersion) -> tuple[str, ...]:
    """The classes of the scheme in force for these indicators, best first; none without a scheme."""
    scheme = newest_scheme_version(system_version.system_id)
    return tuple(grade.name for grade in engine_scheme(scheme).classes) if scheme else ()


def indicator_choices(version: PlanVersion) -> Mapping[str, tuple[str, str]]:
    """Name and unit of the indicators a target may speak of, by code."""
    rows = version.system_version.indicators.order_by("order")
    return {row.code: (row.name, row.unit) for row in rows}


def proposed_years() -> dict[str, int]:
    """What a new plan begins with: four years as S1 takes them, held against the newest list there is.

    From July on a plan is drawn up for the year to come.
    """
    today = clock.today()
    begin = today.year + (today.month >= _SECOND_HALF)
    lists = list_current()
    base = lists[0].collection.data_year if lists else begin - 2
    return {"base_year": base, "from_year": begin, "to_year": begin + _YEARS - 1}


def list_waiting(user: User) -> list[PlanVersion]:
    """Versions of one's own office in preparation, for the inbox; one query."""
    rows = PlanVersion.objects.filter(
        plan__office=user.office_id, state__in=(VersionState.DRAFTED, VersionState.SUBMITTED)
    )
    return list(rows.select_related("plan__office").order_by("state_since"))
