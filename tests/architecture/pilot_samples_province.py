"""Objects of the province's choosing: a round that is being decided."""

from uuid import uuid4

from county_portal.accounts.models import User
from county_portal.accounts.roles import Role
from tests.accounts.people import make_user
from tests.architecture.samples import Sample, provides
from tests.factories.pilots import open_a_round

PROVIDED = {"selection_round"}


@provides("selection_round")
def a_selection_round(user: User) -> Sample:
    """Rounds are the province's, all of them."""
    call = open_a_round(make_user(Role.PROVINCE_MANAGER), title=uuid4().hex)
    return Sample(own=call.public_id)
