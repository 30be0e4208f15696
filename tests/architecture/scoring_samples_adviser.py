"""A scenario of a county's own and a stranger's, on the sheets of the collection everybody shares."""

from county_portal.accounts.models import User
from county_portal.accounts.roles import Level
from county_portal.common import clock
from scoring.models import Scenario
from tests.architecture.graded_samples import graded_for
from tests.architecture.samples import Sample, provides

PROVIDED = {"scenario"}


@provides("scenario")
def a_scenario(user: User) -> Sample:
    """Only the county itself looks into its scenarios; to all others every one is foreign."""
    graded = graded_for(user)
    own, strange = (
        Scenario.objects.create(
            region=region,
            run=graded.published.run,
            name="试验",
            changes={"01": {"items": {"kind": "3"}}},
            created_by=user,
            updated_at=clock.now(),
        ).public_id
        for region in (graded.own, graded.strange)
    )
    return Sample(own=own if user.level == Level.COUNTY else None, foreign=strange)
