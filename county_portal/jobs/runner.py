"""Doing the work: claim a unit, do it, commit its result and its state together, until none is left."""

import logging
from datetime import timedelta

from django.db import DatabaseError, transaction
from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from county_portal.audit.actions import Entry, record
from county_portal.common.errors import Refused
from county_portal.jobs.enums import UNFINISHED, JobState, UnitState
from county_portal.jobs.models import Job, JobUnit
from county_portal.jobs.registry import kind_of

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
# Longer than a unit takes to start; a wake-up too many finds the units locked and goes home.
QUIET = timedelta(seconds=8)


def work(job_id: int) -> None:
    """Work on a job until no unit is free, then finish it if this was the last."""
    job = Job.objects.select_related("requested_by").get(pk=job_id)
    if not job.is_unfinished:
        return
    if not job.requested_by.holds(kind_of(job).permission):
        _close(job, JobState.FAILED, "发起人已不具备办理此项任务的权限，任务停止。")
        return
    while unit := _claim(job):
        _do(job, unit)
    _finish(job.pk)


@transaction.atomic
def _claim(job: Job) -> JobUnit | None:
    """Count the attempt and commit it before the work, so that work which kills its worker is noticed."""
    unit = (
        job.units.select_for_update(skip_locked=True)
        .filter(state=UnitState.PENDING)
        .order_by("ordinal")
        .first()
    )
    if unit is None:
        return None
    if unit.attempts >= MAX_ATTEMPTS:
        unit.state, unit.finished_at = UnitState.FAILED, timezone.now()
        unit.error = unit.error or f"连续{MAX_ATTEMPTS}次处理中断。"
        unit.save(update_fields=["state", "finished_at", "error"])
        return unit
    unit.attempts += 1
    unit.claimed_at = timezone.now()
    unit.save(update_fields=["attempts", "claimed_at"])
    Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(
        state=JobState.RUNNING, started_at=timezone.now()
    )
    return unit


def _do(job: Job, claimed: JobUnit) -> None:
    """One unit in one transaction; its row stays locked meanwhile, so nobody else does it too."""
    try:
        with transaction.atomic():
            unit = (
                JobUnit.objects.select_for_update(skip_locked=True)
                .filter(pk=claimed.pk, state=UnitState.PENDING, attempts=claimed.attempts)
                .first()
            )
            if unit is None:
                return
            unit.result = dict(kind_of(job).run_unit(job, unit))
            unit.state, unit.finished_at, unit.error = UnitState.DONE, timezone.now(), ""
            unit.save(update_fields=["result", "state", "finished_at", "error"])
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 -- one unit's fault must not stop the others; it is kept on the row
        log.exception("unit failed", extra={"job": str(job.public_id), "unit": claimed.key})
        _note_failure(claimed, error)


@transaction.atomic
def _note_failure(claimed: JobUnit, error: Exception) -> None:
    """Keep the reason; a refusal is final, anything else is tried again up to the limit."""
    unit = JobUnit.objects.select_for_update().get(pk=claimed.pk)
    is_refusal = isinstance(error, Refused)
    unit.error = error.sentence if isinstance(error, Refused) else f"程序错误：{type(error).__name__}"
    if is_refusal or unit.attempts >= MAX_ATTEMPTS:
        unit.state, unit.finished_at = UnitState.FAILED, timezone.now()
    unit.save(update_fields=["error", "state", "finished_at"])


@transaction.atomic
def _finish(job_id: int) -> None:
    """Close the job if every unit is settled; the lock makes exactly one worker do it."""
    job = Job.objects.select_for_update().get(pk=job_id)
    if not job.is_unfinished or job.units.filter(state=UnitState.PENDING).exists():
        return
    failed = job.units.filter(state=UnitState.FAILED).order_by("ordinal").first()
    if failed:
        count = job.progress.failed
        kind_of(job).abandon(job)
        _close(job, JobState.FAILED, f"{count}个单元未完成，首个为“{failed.key}”：{failed.error}")
        return
    outcome = kind_of(job).finish(job)
    job.digest, job.result_file = outcome.digest, outcome.file
    job.save(update_fields=["digest", "result_file"])
    _close(job, JobState.DONE, "")


@transaction.atomic
def _close(job: Job, state: JobState, error: str) -> None:
    job.state, job.error, job.finished_at = state, error, timezone.now()
    job.save(update_fields=["state", "error", "finished_at"])
    record(
        None,
        Entry("finish_job", "job", str(job.public_id), {"state": state, "digest": job.digest, "error": error}),
    )


def list_quiet_jobs() -> QuerySet[Job]:
    """Unfinished jobs in which nothing moved lately: their wake-up or their worker was lost."""
    limit = timezone.now() - QUIET
    return (
        Job.objects.filter(state__in=UNFINISHED)
        .annotate(moved_at=Coalesce(Max("units__finished_at"), "created_at"))
        .annotate(claimed_at=Coalesce(Max("units__claimed_at"), "created_at"))
        .filter(Q(moved_at__lt=limit) & Q(claimed_at__lt=limit))
    )
