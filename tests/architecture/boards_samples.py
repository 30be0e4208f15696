"""Boards: the county one may look at, and one of somebody else's."""

from county_portal.accounts.roles import Level
from tests.architecture.graded_samples import graded_for
from tests.architecture.samples import Sample, provides

PROVIDED = {"board_county"}


@provides("board_county")
def a_board_county(user) -> Sample:
    """Nothing is foreign to the province."""
    graded = graded_for(user)
    foreign = None if user.level == Level.PROVINCE else graded.strange.public_id
    return Sample(own=graded.own.public_id, foreign=foreign)
