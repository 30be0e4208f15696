"""Celery entry points: ids only. The queue is a hint; the ledger decides."""

import logging

from celery import shared_task

from county_portal.jobs.models import Job

log = logging.getLogger(__name__)

# As many messages as a worker has hands; more would only find the units taken.
HANDS = 2


@shared_task(name="jobs.work")
def work(job_id: int) -> None:
    """Work on a job."""
    from county_portal.jobs import runner  # noqa: PLC0415 -- leaf: runner imports models that import apps

    runner.work(job_id)


@shared_task(name="jobs.sweep")
def sweep() -> None:
    """Wake workers for jobs in which nothing moves."""
    from county_portal.jobs import runner  # noqa: PLC0415 -- leaf

    for job in runner.list_quiet_jobs():
        wake(job)


def wake(job: Job) -> None:
    """Tell workers that there is work. A broker that is down is noted, not raised: the sweeper comes back."""
    for _ in range(min(HANDS, job.expected)):
        try:
            work.apply_async(args=[job.pk], retry=False)
        except Exception:  # noqa: BLE001 -- kombu raises many kinds; an acknowledged write must not fail for it
            log.warning("broker unreachable; the sweeper will wake job %s", job.pk)
            return
