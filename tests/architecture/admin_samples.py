"""Administration: offices, regions and announcements have no jurisdiction; whoever manages them sees all."""

from county_portal.accounts.models import RegionChange, User
from county_portal.accounts.roles import Role
from county_portal.common import clock
from tests.accounts.people import make_office, make_region, make_user
from tests.architecture.samples import Sample, provides

PROVIDED = {"office", "region", "region_change", "region_change_kind"}


@provides("office")
def an_office(user: User) -> Sample:
    """Every office is managed."""
    return Sample(own=make_office("city").public_id)


@provides("region")
def a_region(user: User) -> Sample:
    """Every region is managed."""
    office = make_office("city")
    return Sample(own=make_region("county", reviewing_office=office).public_id)


@provides("region_change_kind")
def a_kind_of_change(user: User) -> Sample:
    """Known to everybody."""
    return Sample(own="merge")


@provides("region_change")
def a_change(user: User) -> Sample:
    """A decision that waits for its day."""
    region = make_region("county", reviewing_office=make_office("city"))
    change = RegionChange.objects.create(
        kind="reviewer",
        region=region,
        effective_on=clock.today(),
        document_number="冀政函〔2026〕5号",
        decided_by=make_user(Role.SYSTEM_ADMIN),
        decided_at=clock.now(),
    )
    return Sample(own=change.public_id)
