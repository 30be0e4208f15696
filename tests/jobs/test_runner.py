from datetime import timedelta

import pytest
from django.utils import timezone

from county_portal.accounts.models import User
from county_portal.accounts.roles import Role
from county_portal.audit.models import Event
from county_portal.jobs import runner
from county_portal.jobs.enums import JobState, UnitState
from county_portal.jobs.models import Job, JobUnit
from tests.jobs.kinds import ABANDONED, traces

pytestmark = pytest.mark.django_db


def worked(job):
    runner.work(job.pk)
    job.refresh_from_db()
    return job


def test_a_job_runs_to_its_end(start):
    job = worked(start("quick", range(5)))

    assert (job.state, job.error, len(job.digest)) == (JobState.DONE, "", 64)
    assert job.started_at <= job.finished_at
    assert (job.progress.done, job.progress.failed, job.progress.pending) == (5, 0, 0)
    assert [unit.result["square"] for unit in job.units.order_by("ordinal")] == [0, 1, 4, 9, 16]
    assert set(job.units.values_list("attempts", flat=True)) == {1}
    assert traces(job) == ["0", "1", "2", "3", "4"]
    event = Event.objects.get(act="finish_job")
    assert (event.actor_login, event.detail["digest"]) == ("system", job.digest)


def test_working_again_changes_nothing(start):
    job = worked(start("quick", range(3)))
    before = Job.objects.values().get()

    worked(job)

    assert Job.objects.values().get() == before
    assert traces(job) == ["0", "1", "2"]


def test_work_without_units_ends_at_once(start):
    assert worked(start("quick", [])).state == JobState.DONE


def test_a_unit_that_breaks_is_tried_three_times_and_its_reason_kept(start):
    job = worked(start("moody", ["fine", "break", "fine-2"]))

    unit = job.units.get(key="break")
    assert (unit.state, unit.attempts, unit.error) == (
        UnitState.FAILED,
        3,
        "程序错误：ZeroDivisionError",
    )
    assert (job.state, job.error) == (
        JobState.FAILED,
        "1个单元未完成，首个为“break”：程序错误：ZeroDivisionError",
    )
    assert traces(job) == ["fine", "fine-2"]  # what broke left nothing
    assert [job.pk] == ABANDONED


def test_a_unit_that_succeeds_at_last_is_done(start):
    job = worked(start("moody", ["flaky"]))

    unit = job.units.get()
    assert (job.state, unit.state, unit.attempts, unit.error) == ("done", "done", 3, "")
    assert traces(job) == ["flaky"]


def test_a_refusal_is_final_at_once(start):
    job = worked(start("moody", ["refuse", "fine"]))

    unit = job.units.get(key="refuse")
    assert (unit.state, unit.attempts) == (UnitState.FAILED, 1)
    assert unit.error == "霸州市没有已核定的数据，请先完成接收。"
    assert "霸州市没有已核定的数据" in job.error
    assert traces(job) == ["fine"]


def test_a_violated_constraint_is_the_units_fault_not_the_databases(start):
    job = worked(start("moody", ["clash"]))

    assert (job.state, job.units.get().error) == ("failed", "程序错误：IntegrityError")


def test_work_that_kills_its_worker_is_given_up_after_three_times(start):
    """Each claim is committed before the work; here the work never came back three times."""
    job = start("quick", [1, 2])
    long_ago = timezone.now() - timedelta(minutes=1)
    job.units.filter(key="1").update(attempts=3, claimed_at=long_ago)

    worked(job)

    assert job.state == JobState.FAILED
    assert job.units.get(key="1").error == "连续3次处理中断。"
    assert traces(job) == ["2"]


def test_finishing_that_kills_its_worker_is_given_up_after_three_times(start):
    job = start("quick", [1])
    Job.objects.update(closings=3, closing_at=timezone.now() - timedelta(minutes=1))

    worked(job)

    assert (job.state, job.error) == (JobState.FAILED, "连续3次汇总结果时中断。")
    assert [job.pk] == ABANDONED


@pytest.mark.parametrize(
    "mood, reason", [("refuse", "名单已公布，不能再改。"), ("break", "程序错误：ValueError")]
)
def test_a_fault_in_finishing_closes_the_job_with_its_reason(start, mood, reason):
    job = worked(start("quick", [1], finish=mood))

    assert (job.state, job.error, job.digest) == (JobState.FAILED, reason, "")
    assert [job.pk] == ABANDONED


def test_a_fault_in_cleaning_up_does_not_keep_the_job_open(start):
    job = worked(start("moody", ["refuse"], abandon="break"))

    assert job.state == JobState.FAILED


@pytest.mark.parametrize("change", [{"role": Role.AUDITOR}, {"is_active": False}])
def test_the_requester_must_still_be_permitted(start, change):
    job = start("quick", [1])
    User.objects.filter(pk=job.requested_by_id).update(**change)

    worked(job)

    assert (job.state, job.error) == (
        JobState.FAILED,
        "发起人已不具备办理此项任务的权限，任务停止。",
    )
    assert (traces(job), ABANDONED) == ([], [job.pk])
    assert set(job.units.values_list("state", flat=True)) == {UnitState.PENDING}


def test_a_unit_just_claimed_is_not_claimed_by_another(start):
    """Between claim and lock lie milliseconds; two workers must not use up its attempts in them."""
    job = start("quick", [1, 2])

    claimed = [runner._claim(job), runner._claim(job), runner._claim(job)]

    assert [unit and unit.key for unit in claimed] == ["1", "2", None]


def test_a_claim_whose_worker_died_is_free_after_seconds(start):
    job = start("quick", [1])
    runner._claim(job)
    assert runner._claim(job) is None

    job.units.update(claimed_at=timezone.now() - runner.CLAIM_HOLDS * 2)

    unit = runner._claim(job)
    assert unit.attempts == 2


def test_an_overtaken_claim_does_nothing(start):
    """The first worker slept through its claim; the second has claimed since."""
    job = start("quick", [1])
    first = runner._claim(job)
    job.units.update(claimed_at=None)
    second = runner._claim(job)

    runner._do(job, first)
    assert traces(job) == []
    runner._do(job, second)
    assert traces(job) == ["1"]
    runner._do(job, second)
    assert traces(job) == ["1"]


AGO = timedelta(seconds=60)


@pytest.mark.parametrize(
    "job_values, unit_values, is_quiet",
    [
        ({}, {}, True),
        ({"state": "running"}, {}, True),
        ({"created_at": timedelta()}, {}, False),
        ({"state": "running"}, {"claimed_at": timedelta()}, False),
        ({"state": "running"}, {"finished_at": timedelta()}, False),
        ({"state": "running"}, {"claimed_at": AGO, "finished_at": AGO}, True),
        ({"state": "done", "finished_at": AGO}, {}, False),
        ({"state": "failed", "finished_at": AGO}, {}, False),
    ],
)
def test_quiet_jobs_are_found(start, job_values, unit_values, is_quiet):
    job, now = start("quick", [1, 2]), timezone.now()

    def dated(values):
        return {name: v if isinstance(v, str) else now - v for name, v in values.items()}

    Job.objects.update(**dated({"created_at": AGO, **job_values}))
    if unit_values:
        JobUnit.objects.filter(key="1").update(**dated(unit_values))

    assert list(runner.list_quiet_jobs()) == ([job] if is_quiet else [])
