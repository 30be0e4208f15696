"""Starting long work and waking workers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from county_portal.accounts.models import User
from county_portal.audit.actions import Entry, record
from county_portal.common.errors import NotAllowed, Stale
from county_portal.jobs.enums import UNFINISHED, JobState, UnitState
from county_portal.jobs.models import Job, JobUnit
from county_portal.jobs.registry import kind_of
from county_portal.jobs.selectors import get_job
from county_portal.jobs.tasks import wake



@dataclass(frozen=True, slots=True)
class Order:
    """What work to do: one unit per key, at most one unfinished job per kind and subject."""

    kind: str
    title: str
    subject: str
    unit_keys: Sequence[str]
    params: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def start_job(*, actor: User, order: Order) -> tuple[Job, bool]:
    """Write the job and wake a worker after commit; returns the unfinished one if there already is one.

    The second value says whether the job is new.
    """
    job = Job(
        kind=order.kind,
        title=order.title,
        subject=order.subject,
        params=dict(order.params),
        requested_by=actor,
        expected=len(order.unit_keys),
    )
    if not actor.holds(kind_of(job).permission):
        raise NotAllowed()
    inserted = Job.objects.bulk_create([job], ignore_conflicts=True)
    existing = Job.objects.filter(kind=order.kind, subject=order.subject, state__in=UNFINISHED).get()
    if existing.public_id != inserted[0].public_id:
        return existing, False
    JobUnit.objects.bulk_create(
        JobUnit(job=existing, ordinal=ordinal, key=key) for ordinal, key in enumerate(order.unit_keys)
    )
    record(
        actor,
        Entry("start_job", "job", str(existing.public_id), {"kind": order.kind, "subject": order.subject}),
    )
    transaction.on_commit(lambda: wake(existing))
    return existing, True


@transaction.atomic
def retry_job(*, actor: User, public_id: UUID) -> Job:
    """Try the failed units of a job again. Raises Stale if it has none."""
    job = get_job(actor, public_id)
    job = Job.objects.select_for_update().get(pk=job.pk)
    if not actor.holds(kind_of(job).permission):
        raise NotAllowed()
    if job.state != JobState.FAILED:
        raise Stale("job_not_failed", "该任务没有失败的单元，无需重试。")
    job.units.filter(state=UnitState.FAILED).update(state=UnitState.PENDING, attempts=0, error="")
    job.state, job.finished_at, job.error = JobState.QUEUED, None, ""
    job.save(update_fields=["state", "finished_at", "error"])
    record(actor, Entry("retry_job", "job", str(job.public_id), {"at": timezone.now().isoformat()}))
    transaction.on_commit(lambda: wake(job))
    return job
