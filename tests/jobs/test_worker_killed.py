"""A real Celery worker killed in the middle: nothing lost, nothing twice."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from county_portal.audit.models import Event
from county_portal.celery import app
from county_portal.jobs.enums import UNFINISHED
from county_portal.jobs.tasks import sweep
from tests.jobs.kinds import traces

UNITS = 24
SECONDS = 0.25
LIMIT = 60


def environment():
    """The worker's: the test database, the same broker."""
    parts = connection.settings_dict
    url = f"postgres://{parts['USER']}:{parts['PASSWORD']}@{quote(parts['HOST'], safe='')}/{parts['NAME']}"
    return {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "county_portal.settings.test",
    }


@contextmanager
def worker(log):
    """A worker with two hands, in a process group of its own; killed with all its hands at the end."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "tests.jobs.worker",
        "worker",
        "--concurrency",
        "2",
    ]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, "--loglevel", "INFO", "--without-gossip", "--without-mingle"],
            env=environment(),
            cwd=settings.BASE_DIR,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_until(condition, log, seconds=LIMIT):
    """Sweeping now and then, as the scheduler does."""
    deadline, swept = time.monotonic() + seconds, 0.0
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"not within {seconds} s; the worker said:\n{log.read_text()[-3000:]}")
        if time.monotonic() - swept > 5:
            sweep()
            swept = time.monotonic()
        time.sleep(0.05)


@pytest.mark.fault
def test_a_killed_worker_loses_and_repeats_nothing(committed_db, start, tmp_path):
    app.control.purge()
    log = tmp_path / "worker.log"
    job = start("slow", range(UNITS), seconds=SECONDS)
    started = time.monotonic()

    with worker(log):
        wait_until(lambda: job.progress.done >= 4, log)
    job.refresh_from_db()
    assert job.state in UNFINISHED
    assert 0 < job.progress.done < UNITS
    # what was being done when the kill came has left nothing behind
    wait_until(lambda: len(traces(job)) == job.progress.done, log, seconds=5)

    def is_over():
        job.refresh_from_db()
        return not job.is_unfinished

    with worker(log):
        wait_until(is_over, log)

    assert time.monotonic() - started < LIMIT
    assert (job.state, job.progress.done, job.progress.failed) == ("done", UNITS, 0)
    assert traces(job) == sorted(map(str, range(UNITS)))
    assert Event.objects.filter(act="finish_job").count() == 1
    assert max(job.units.values_list("attempts", flat=True)) == 2  # those the kill interrupted
    app.control.purge()
