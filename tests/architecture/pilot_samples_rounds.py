"""Rounds for the access matrix: an opened one, which offices and everybody may read."""

from uuid import uuid4

from county_portal.accounts.models import User
from county_portal.accounts.roles import Role
from tests.accounts.people import make_user
from tests.architecture.samples import Sample, provides
from tests.factories.pilots import open_a_round

PROVIDED = {"round", "announced_round"}


@provides("round")
def a_round(user: User) -> Sample:
    """An opened round is nobody's own."""
    return Sample(own=open_a_round(make_user(Role.PROVINCE_MANAGER), title=uuid4().hex).public_id)


@provides("announced_round")
def an_announced_round(user: User) -> Sample:
    """Everybody's."""
    return a_round(user)
