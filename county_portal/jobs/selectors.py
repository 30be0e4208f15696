"""The door to jobs."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from county_portal.jobs.enums import UnitState
from county_portal.jobs.models import Job, JobUnit
from county_portal.jobs.registry import kind_of, kinds_permitted


def list_jobs(user: User) -> QuerySet[Job]:
    """Jobs the user started, or of a kind the user may start."""
    return Job.objects.filter(
        Q(requested_by=user) | Q(kind__in=kinds_permitted(user.permissions))
    ).select_related("requested_by", "result_file")


def get_job(user: User, public_id: UUID, *, lock: bool = False) -> Job:
    """One of those; 404 otherwise."""
    jobs = list_jobs(user)
    if lock:
        jobs = jobs.select_for_update(of=("self",))
    return get_object_or_404(jobs, public_id=public_id)


def list_failed_units(job: Job, limit: int = 20) -> QuerySet[JobUnit]:
    """The first units of a job that failed, in their order."""
    return job.units.filter(state=UnitState.FAILED).order_by("ordinal")[:limit]


def latest_job(kind: str, subject: str) -> Job | None:
    """The newest job on a subject."""
    return Job.objects.filter(kind=kind, subject=subject).order_by("-created_at").first()


def may_start(user: User, job: Job) -> bool:
    """Whether the user may start, and so retry, work of this job's kind."""
    return user.holds(kind_of(job).permission)
