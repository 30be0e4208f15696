"""The unattended year waits for the worker, but not for ever."""

import pytest
from django.core.management import CommandError

from county_portal.demo import waiting
from county_portal.jobs.actions import Order, start_job
from county_portal.jobs.enums import JobState, UnitState
from county_portal.jobs.models import Job
from scoring.enums import GRADE_JOB


@pytest.fixture
def job(people) -> Job:
    """Work that nobody does."""
    job, _ = start_job(actor=people.manager, order=Order(GRADE_JOB, "评价", "run:0", ["grade"]))
    return job


class TestWaiting:
    def test_without_a_worker_it_says_so(self, job, monkeypatch):
        monkeypatch.setattr(waiting, "STUCK_SECONDS", 0.0)
        with pytest.raises(CommandError, match="Celery worker"):
            waiting.wait_until_done(job)

    def test_a_failed_job_gives_its_reason(self, job):
        job.units.update(state=UnitState.FAILED, error="缺少数值")
        Job.objects.filter(pk=job.pk).update(
            state=JobState.FAILED, error="1个单元未完成", finished_at=job.created_at
        )
        with pytest.raises(CommandError, match=r"缺少数值"):
            waiting.wait_until_done(job)

    def test_a_finished_job_is_returned(self, job):
        Job.objects.filter(pk=job.pk).update(state=JobState.DONE, finished_at=job.created_at)
        waiting.wait_until_done(job)
        assert waiting.wait_for(job).state == JobState.DONE
