"""Deputyships: one the reader has a part in, and one of strangers."""

from datetime import timedelta

from county_portal.accounts.models import Deputyship, User
from county_portal.accounts.roles import Permission, Role
from county_portal.common import clock
from tests.accounts.people import make_user
from tests.architecture.samples import Sample, provides

PROVIDED = {"deputyship", "any_deputyship"}


def _proposed(absent: User) -> Deputyship:
    deputy = make_user(Role.COUNTY_FILLER, office=absent.office)
    return Deputyship.objects.create(
        absent=absent,
        deputy=deputy,
        office=absent.office,
        absent_role=absent.role,
        deputy_role=deputy.role,
        from_day=clock.today(),
        to_day=clock.today() + timedelta(days=5),
        reason="住院。",
        named_by=make_user(Role.SYSTEM_ADMIN),
        named_at=clock.now(),
    )


@provides("any_deputyship")
def a_deputyship_of_anybody(user: User) -> Sample:
    """Both administrators of accounts see all."""
    return Sample(own=_proposed(make_user(Role.COUNTY_LEAD)).public_id)


@provides("deputyship")
def a_deputyship(user: User) -> Sample:
    """Of one's own; a stranger's is foreign to whoever administers no accounts."""
    own = _proposed(user)
    sees_all = user.holds(Permission.MANAGE_USERS) or user.holds(Permission.MANAGE_SECURITY)
    foreign = None if sees_all else _proposed(make_user(Role.COUNTY_LEAD)).public_id
    return Sample(own=own.public_id, foreign=foreign)
