"""Townships of a county, which apply under it (S4)."""

from django.db.models import QuerySet

from county_portal.accounts.models import Region
from county_portal.accounts.roles import Level
from county_portal.common import clock


def list_townships(county: Region) -> QuerySet[Region]:
    """The county's townships that exist today, by code."""
    return (
        Region.objects.alive_on(clock.today())
        .filter(parent=county, level=Level.TOWNSHIP)
        .order_by("code")
    )
