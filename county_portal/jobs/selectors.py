"""The door to jobs."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from county_portal.jobs.models import Job
from county_portal.jobs.registry import kinds_permitted


def list_jobs(user: User) -> QuerySet[Job]:
    """Jobs the user started, or of a kind the user may start."""
    return Job.objects.filter(
        Q(requested_by=user) | Q(kind__in=kinds_permitted(user.permissions))
    ).select_related("requested_by", "result_file")


def get_job(user: User, public_id: UUID) -> Job:
    """One of those; 404 otherwise."""
    return get_object_or_404(list_jobs(user), public_id=public_id)


def latest_job(kind: str, subject: str) -> Job | None:
    """The newest job on a subject."""
    return Job.objects.filter(kind=kind, subject=subject).order_by("-created_at").first()
