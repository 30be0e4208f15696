"""Doing the work: claim a unit, do it, commit its result and its state together, until none is left."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from county_portal.audit.actions import Entry, record
from county_portal.common.errors import Refused
from county_portal.common.outages import is_database_away
from county_portal.jobs.enums import UNFINISHED, JobState, UnitState
from county_portal.jobs.models import Job, JobUnit
from county_portal.jobs.registry import kind_of

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
# Between a claim and the lock under which the unit is done lie milliseconds; in them nobody else may claim
# it, or two workers would use up its attempts without doing it.
CLAIM_HOLDS = timedelta(seconds=3)
# Longer than a unit takes to start; a wake-up too many finds the units locked and goes home.
QUIET = timedelta(seconds=8)


def work(job_id: int) -> None:
    """Work on a job until no unit is free, then finish it if this was the last."""
    job = Job.objects.select_related("requested_by").get(pk=job_id)
    if not job.is_unfinished:
        return
    if not job.requested_by.holds(kind_of(job).permission):
        _stop(job.pk, "发起人已不具备办理此项任务的权限，任务停止。")
        return
    while unit := _claim(job):
        _do(job, unit)
    _finish(job.pk)


@transaction.atomic
def _claim(job: Job) -> JobUnit | None:
    """Count the attempt and commit it before the work, so that work which kills its worker is noticed."""
    is_free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=Now() - CLAIM_HOLDS)
    unit = (
        job.units.select_for_update(skip_locked=True, of=("self",))
        .filter(is_free, state=UnitState.PENDING)
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
    # The database's clock: those of several machines disagree.
    job.units.filter(pk=unit.pk).update(attempts=unit.attempts, claimed_at=Now())
    Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(
        state=JobState.RUNNING, started_at=timezone.now()
    )
    return unit


def _do(job: Job, claimed: JobUnit) -> None:
    """One unit in one transaction; its row stays locked meanwhile, so nobody else does it too."""
    try:
        with transaction.atomic():
            # Waits: PostgreSQL lets a claim that just came too late hold the row until it ends. The unit alone:
            # were its job locked too, one worker at a time could work on it.
            unit = (
                JobUnit.objects.select_for_update(of=("self",))
                .filter(pk=claimed.pk, state=UnitState.PENDING, attempts=claimed.attempts)
                .first()
            )
            if unit is None:
                return
            unit.result = dict(kind_of(job).run_unit(job, unit))
            unit.state, unit.finished_at, unit.error = UnitState.DONE, timezone.now(), ""
            unit.save(update_fields=["result", "state", "finished_at", "error"])
    except Exception as error:  # one unit's fault must not stop the others; it is kept on the row
        if is_database_away(error):  # the ledger says what remains, the sweeper comes back for it
            raise
        log.exception("unit failed", extra={"job": str(job.public_id), "unit": claimed.key})
        _note_failure(claimed, error)


@transaction.atomic
def _note_failure(claimed: JobUnit, error: Exception) -> None:
    """Keep the reason; a refusal is final, anything else is tried again up to the limit."""
    unit = JobUnit.objects.select_for_update().get(pk=claimed.pk)
    unit.error = _reason(error)
    # Free to be claimed again at once.
    unit.claimed_at = None
    if isinstance(error, Refused) or unit.attempts >= MAX_ATTEMPTS:
        unit.state, unit.finished_at = UnitState.FAILED, timezone.now()
    unit.save(update_fields=["error", "claimed_at", "state", "finished_at"])


def _reason(error: Exception) -> str:
    """What a reader is told; the traceback is in the log."""
    return error.sentence if isinstance(error, Refused) else f"程序错误：{type(error).__name__}"


def _finish(job_id: int) -> None:
    """Close the job if every unit is settled."""
    if JobUnit.objects.filter(job_id=job_id, state=UnitState.PENDING).exists():
        return
    try:
        if _may_close(job_id):
            _settle(job_id)
    except Exception as error:  # what was not noted here would be tried by the sweeper for ever
        if is_database_away(error):
            raise
        log.exception("job could not be finished", extra={"job": job_id})
        _stop(job_id, _reason(error))


@transaction.atomic
def _may_close(job_id: int) -> bool:
    """Count the attempt and commit it before the work, as for a unit; beyond the limit give the job up.

    Whoever finds the job locked goes home: the one who holds it decides, and will see no less than we do.
    """
    job = _lock(job_id, wait=False)
    if job is None or not job.is_unfinished or _is_just_claimed(job):
        return False
    if job.closings >= MAX_ATTEMPTS:
        _give_up(job, f"连续{MAX_ATTEMPTS}次汇总结果时中断。")
        return False
    Job.objects.filter(pk=job.pk).update(closings=F("closings") + 1, closing_at=Now())
    return True


def _is_just_claimed(job: Job) -> bool:
    return Job.objects.filter(pk=job.pk, closing_at__gte=Now() - CLAIM_HOLDS).exists()


@transaction.atomic
def _settle(job_id: int) -> None:
    """Finish or give up; the lock makes exactly one worker do it."""
    job = _lock(job_id, wait=True)
    if job is None or not job.is_unfinished:
        return
    failed = job.units.filter(state=UnitState.FAILED).order_by("ordinal").first()
    if failed:
        count = job.progress.failed
        _give_up(job, f"{count}个单元未完成，首个为“{failed.key}”：{failed.error}")
        return
    outcome = kind_of(job).finish(job)
    job.digest, job.result_file = outcome.digest, outcome.file
    job.save(update_fields=["digest", "result_file"])
    _close(job, JobState.DONE, "")


@transaction.atomic
def _stop(job_id: int, reason: str) -> None:
    """Give the whole job up."""
    job = _lock(job_id, wait=True)
    if job is not None and job.is_unfinished:
        _give_up(job, reason)


def _give_up(job: Job, reason: str) -> None:
    """Let the kind clean up, and close; a fault in the cleaning up must not keep the job open for ever."""
    try:
        with transaction.atomic():
            kind_of(job).abandon(job)
    except Exception as error:
        if is_database_away(error):
            raise
        log.exception("job could not be abandoned cleanly", extra={"job": str(job.public_id)})
    _close(job, JobState.FAILED, reason)


def _lock(job_id: int, *, wait: bool) -> Job | None:
    """The job, locked; without waiting None while another holds it. Rows that refer to it do not hinder."""
    jobs = Job.objects.select_for_update(skip_locked=not wait, no_key=True, of=("self",))
    return jobs.filter(pk=job_id).first()


def _close(job: Job, state: JobState, error: str) -> None:
    job.state, job.error, job.finished_at = state, error, timezone.now()
    job.save(update_fields=["state", "error", "finished_at"])
    detail = {"state": state, "digest": job.digest, "error": error}
    record(None, Entry("finish_job", "job", str(job.public_id), detail))


def list_quiet_jobs() -> QuerySet[Job]:
    """Unfinished jobs in which nothing moved lately: their wake-up or their worker was lost."""
    limit = Now() - QUIET
    return (
        Job.objects.filter(state__in=UNFINISHED)
        .annotate(moved_at=Coalesce(Max("units__finished_at"), "created_at"))
        .annotate(claimed_at=Coalesce(Max("units__claimed_at"), "created_at"))
        .filter(moved_at__lt=limit, claimed_at__lt=limit)
    )
