"""A county with a responsibility table, and one of another city."""

from county_portal.accounts.models import User
from tests.architecture.samples import Sample, a_county, open_collection, provides

PROVIDED = {"county"}


@provides("county")
def a_county_with_duties(user: User) -> Sample:
    # Before the counties: a collection asks a bureau of every county there is.
    open_collection(user)
    return a_county(user)
