"""Waiting for the worker: the ledger's rows say how far it is."""

import time

from django.core.management.base import CommandError

from county_portal.jobs.models import Job

LOOK_EVERY_SECONDS = 0.1
STUCK_SECONDS = 90.0


def wait_for(job: Job) -> Job:
    """The job once it is finished, done or failed.

    Raises CommandError when nothing moves in it for long: then there is no worker.
    """
    seen, moved_at = -1, time.monotonic()
    while True:
        job = Job.objects.select_related("result_file").get(pk=job.pk)
        if not job.is_unfinished:
            return job
        settled = job.progress.done + job.progress.failed
        if settled != seen:
            seen, moved_at = settled, time.monotonic()
        elif time.monotonic() - moved_at > STUCK_SECONDS:
            raise CommandError(
                f"后台任务“{job.title}”{STUCK_SECONDS:.0f}秒没有进展（已完成{seen}/{job.expected}）。"
                "请确认Celery worker正在运行，并查看其日志。"
            )
        time.sleep(LOOK_EVERY_SECONDS)


def wait_until_done(job: Job) -> None:
    """Wait, and raise CommandError with the ledger's reason if the job failed."""
    finished = wait_for(job)
    if finished.error or any(finished.units.filter(state="failed")):
        reasons = [finished.error, *finished.units.values_list("error", flat=True)]
        reason = "；".join(sorted({reason for reason in reasons if reason}))
        raise CommandError(f"后台任务“{finished.title}”未完成：{reason}")
