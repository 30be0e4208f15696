"""Rehearsals for the access matrix: the province's, all of them."""

from county_portal.accounts.models import User
from county_portal.accounts.roles import Role
from county_portal.jobs import runner
from scoring.actions.rehearsals import start_rehearsal
from scoring.models import SchemeVersion
from tests.accounts.people import make_user
from tests.architecture.graded_samples import graded_for
from tests.architecture.samples import Sample, provides

PROVIDED = {"rehearsal"}


@provides("rehearsal")
def a_rehearsal(user: User) -> Sample:
    """Of the scheme of a graded list, complete."""
    version = SchemeVersion.objects.get(runs=graded_for(user).published.run_id)
    manager = make_user(Role.PROVINCE_MANAGER)
    made, _ = start_rehearsal(actor=manager, version_id=version.public_id)
    assert made.job is not None
    runner.work(made.job.pk)
    return Sample(own=made.public_id)
