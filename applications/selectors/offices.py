"""Offices that may answer for a pilot, and whether those that do still can."""

from applications.enums import UNDER_WAY
from applications.models import Pilot
from county_portal.accounts.models import Office
from county_portal.accounts.roles import Level, OfficeKind
from county_portal.accounts.selectors import list_reviewing_offices, list_standing_offices


def list_building_offices() -> list[Office]:
    """Standing science bureaus of counties, in the register's order; one query."""
    bureaus = list_standing_offices().filter(level=Level.COUNTY, kind=OfficeKind.BUREAU)
    return list(bureaus.select_related("region"))


def list_reviewers() -> list[Office]:
    """Standing offices that review counties today; one query."""
    return list(list_reviewing_offices().filter(closed_on__isnull=True))


def why_other_offices(pilot: Pilot) -> str:
    """What calls for other offices, in a sentence; blank where those it has can go on."""
    if pilot.state not in UNDER_WAY:
        return ""
    region, office, reviewer = pilot.region, pilot.office, pilot.reviewing_office
    if office.closed_on is not None:
        return f"建设单位{office.name}已经撤销"
    if reviewer.closed_on is not None:
        return f"审核单位{reviewer.name}已经撤销"
    if not region.is_alive:
        return f"{region.full_name}已经撤并"
    if region.reviewing_office_id not in {None, reviewer.pk}:
        return f"{region.full_name}现在由另一单位审核，本试点仍由{reviewer.name}审核"
    return ""
