"""Reads of batches of new accounts."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.administration.models import SlipBatch
from county_portal.jobs.models import Job
from county_portal.jobs.selectors import latest_job

PEOPLE_JOB = "administration.people"


def get_batch(actor: User, public_id: UUID, *, lock: bool = False) -> SlipBatch:
    """One's own batch; 404 for anybody else, another administrator too."""
    batches = SlipBatch.objects.filter(requested_by=actor)
    if not actor.holds(Permission.MANAGE_USERS):
        batches = batches.none()
    if lock:
        batches = batches.select_for_update(of=("self",))
    return get_object_or_404(batches, public_id=public_id)


def job_of(batch: SlipBatch) -> Job | None:
    """The work on a batch."""
    return latest_job(PEOPLE_JOB, str(batch.public_id))
