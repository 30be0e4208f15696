"""Waking workers through the queue, which is only a hint: the sweeper wakes them too."""

import logging

from celery import current_app

from county_portal.jobs.models import Job

log = logging.getLogger(__name__)

# As many messages as a worker has hands; more would only find the units taken.
HANDS = 2
WORK = "jobs.work"


def wake(job: Job) -> None:
    """Tell workers that there is work.

    A broker that is down is noted, not raised: the write it follows is committed, the sweeper comes back.
    """
    for _ in range(max(1, min(HANDS, job.expected))):
        try:
            # By name: the handlers stand above this module.
            current_app.send_task(WORK, args=(job.pk,), retry=False)
        except Exception:  # noqa: BLE001 -- kombu raises many kinds
            log.warning("broker unreachable; the sweeper will wake job %s", job.pk)
            return
