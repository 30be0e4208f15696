"""Celery entry points: ids only. The queue is a hint; the ledger decides."""

from celery import shared_task

from county_portal.jobs import runner, wakeup


@shared_task(name=wakeup.WORK)
def work(job_id: int) -> None:
    """Work on a job."""
    runner.work(job_id)


@shared_task(name="jobs.sweep")
def sweep() -> None:
    """Wake workers for jobs in which nothing moves."""
    for job in runner.list_quiet_jobs():
        wakeup.wake(job)
