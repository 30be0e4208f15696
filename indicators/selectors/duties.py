"""Who answers for an indicator in a county, and who provides its figure (责任单位 is not 数据提供单位)."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import Office, Region, User
from county_portal.accounts.roles import Level, OfficeKind, Permission
from county_portal.accounts.selectors import find_regions, list_counties_alive_on
from county_portal.common import clock
from indicators.enums import VersionState
from indicators.models import Duty, Indicator, SystemVersion
from indicators.rules.labour import Department, department_for
from indicators.selectors.sheets import list_indicators


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One indicator of a county's table; `is_own` where the county wrote it itself."""

    indicator: Indicator
    responsible: tuple[str, ...]
    providers: tuple[str, ...]
    is_own: bool
    # The department of the county that the first provider is, where it has an account; None: the bureau fills.
    department: str | None


def list_duty_counties(user: User, text: str = "") -> QuerySet[Region]:
    """Counties alive today whose table the user may see, with the number of lines they wrote themselves.

    `text` narrows by name, code or pinyin.
    """
    if not user.holds(Permission.VIEW_SUBMISSIONS):
        return Region.objects.none()
    counties = list_counties_alive_on(clock.today())
    if user.level == Level.COUNTY:
        counties = counties.filter(offices=user.office_id)
    elif user.level == Level.CITY:
        counties = counties.filter(reviewing_office=user.office_id)
    if text:
        counties = counties.filter(pk__in=find_regions(text))
    version = duty_version()
    return counties.annotate(
        own_lines=Count("duties", filter=Q(duties__indicator__version=version))
    )


def get_duty_county(user: User, public_id: UUID) -> Region:
    """One of those; 404 otherwise."""
    return get_object_or_404(list_duty_counties(user), public_id=public_id)


def duty_version() -> SystemVersion | None:
    """The version of the yearly evaluation's newest collection: the one counties divide now."""
    return (
        SystemVersion.objects.filter(state=VersionState.LOCKED, collections__isnull=False)
        .order_by("-collections__data_year", "-number")
        .first()
    )


def read_duties(version: SystemVersion, region: Region) -> list[DutyLine]:
    """The whole table in the system's order; three queries besides the indicators'.

    Lines written under an earlier version of the system hold until they are written anew.
    """
    kept = {row.indicator.code: row for row in _kept(version, region)}
    departments = [
        Department(office.pk, office.name, office.short_name) for office in _departments(region)
    ]
    return [_line(row, kept.get(row.code), departments) for row in list_indicators(version)]


def _kept(version: SystemVersion, region: Region) -> QuerySet[Duty]:
    """Older versions first, so that the newest wins."""
    return (
        Duty.objects.filter(
            region=region,
            indicator__version__system=version.system_id,
            indicator__version__number__lte=version.number,
        )
        .select_related("indicator__version")
        .order_by("indicator__version__number")
    )


def _departments(region: Region) -> QuerySet[Office]:
    return Office.objects.filter(region=region, kind=OfficeKind.PROVIDER).order_by("order", "name")


def _line(indicator: Indicator, kept: Duty | None, departments: Sequence[Department]) -> DutyLine:
    responsible = tuple(kept.responsible if kept else indicator.responsible)
    providers = tuple(kept.providers if kept else indicator.providers)
    found = department_for(providers, departments)
    return DutyLine(
        indicator, responsible, providers, kept is not None, found.short_name if found else None
    )


def duties_fingerprint(lines: Sequence[DutyLine]) -> str:
    """What the table said when a page was drawn."""
    content = [(line.indicator.code, line.responsible, line.providers) for line in lines]
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def responsible_units(version: SystemVersion, region: Region) -> dict[str, tuple[str, ...]]:
    """Names of the responsible units of `region` by indicator code."""
    return {line.indicator.code: line.responsible for line in read_duties(version, region)}
