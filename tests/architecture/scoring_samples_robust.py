"""Collections whose hints reviewers see: everybody's who may see any, since each sees but their own counties."""

from county_portal.accounts.models import User
from tests.architecture.samples import Sample, open_collection, provides

PROVIDED = {"watched_collection"}


@provides("watched_collection")
def a_watched_collection(user: User) -> Sample:
    return Sample(own=open_collection(user).public_id, foreign=None)
