"""Administration: offices, regions and announcements have no jurisdiction; whoever manages them sees all."""

from county_portal.accounts.models import User
from tests.accounts.people import make_office, make_region
from tests.architecture.samples import Sample, provides

PROVIDED = {"office", "region"}


@provides("office")
def an_office(user: User) -> Sample:
    """Every office is managed."""
    return Sample(own=make_office("city").public_id)


@provides("region")
def a_region(user: User) -> Sample:
    """Every region is managed."""
    office = make_office("city")
    return Sample(own=make_region("county", reviewing_office=office).public_id)
