"""Starting long work and waking workers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from county_portal.accounts.models import User
from county_portal.audit.actions import Entry, record
from county_portal.common.errors import NotAllowed, Stale
from county_portal.jobs.enums import UNFINISHED, JobState, UnitState
from county_portal.jobs.models import Job, JobUnit
from county_portal.jobs.registry import kind_of
from county_portal.jobs.selectors import get_job
from county_portal.jobs.wakeup import wake


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
        raise NotAllowed
    job, is_new = _insert_or_find(job)
    if not is_new:
        return job, False
    JobUnit.objects.bulk_create(
        JobUnit(job=job, ordinal=ordinal, key=key) for ordinal, key in enumerate(order.unit_keys)
    )
    detail = {"kind": order.kind, "subject": order.subject}
    record(actor, Entry("start_job", "job", str(job.public_id), detail))
    transaction.on_commit(partial(wake, job))
    return job, True


def _insert_or_find(job: Job) -> tuple[Job, bool]:
    """Let the unique constraint decide who was first; the other waits here for the first one's commit."""
    while True:
        Job.objects.bulk_create([job], ignore_conflicts=True)
        found = Job.objects.filter(kind=job.kind, subject=job.subject, state__in=UNFINISHED).first()
        if found is not None:
            return found, found.public_id == job.public_id
        # The one in the way has been finished between the two statements: there is room now.


@transaction.atomic
def retry_job(*, actor: User, public_id: UUID) -> Job:
    """Try the failed units of a job again.

    Raises Stale if it has not failed, or if its subject is being worked on anew.
    """
    job = get_job(actor, public_id, lock=True)
    if not actor.holds(kind_of(job).permission):
        raise NotAllowed
    if job.state != JobState.FAILED:
        raise Stale("job_not_failed", "该任务没有失败的单元，无需重试。")
    job.units.filter(state=UnitState.FAILED).update(
        state=UnitState.PENDING, attempts=0, error="", claimed_at=None, finished_at=None
    )
    _requeue(job)
    record(actor, Entry("retry_job", "job", str(job.public_id), {}))
    transaction.on_commit(partial(wake, job))
    return job


def _requeue(job: Job) -> None:
    job.state, job.finished_at, job.error = JobState.QUEUED, None, ""
    job.closings, job.closing_at = 0, None
    try:
        with transaction.atomic():
            job.save(update_fields=["state", "finished_at", "error", "closings", "closing_at"])
    except IntegrityError as error:
        raise Stale(
            "job_already_running", "同一事项已有新的任务在进行，请查看新任务的进度。"
        ) from error
