"""A county with a responsibility table, and one of another city."""

from county_portal.accounts.models import User
from tests.architecture.samples import Sample, a_county, open_collection, provides

PROVIDED = {"county"}


@provides("county")
def a_county_with_duties(user: User) -> Sample:
    sample = a_county(user)
    open_collection(user)
    return sample
