import socket
import time
from datetime import timedelta

import pytest
from celery import Celery
from django.db import IntegrityError, transaction
from django.utils import timezone

from county_portal.accounts.roles import Role
from county_portal.audit.models import Event
from county_portal.celery import app
from county_portal.common.errors import NotAllowed, Stale
from county_portal.jobs import runner
from county_portal.jobs.actions import Order, retry_job, start_job
from county_portal.jobs.models import Job, JobUnit
from county_portal.jobs.selectors import latest_job, list_jobs
from county_portal.jobs.tasks import sweep
from tests.accounts.people import make_user
from tests.common.committed import in_threads
from tests.jobs.kinds import traces

ORDER = Order("test.quick", "试验任务", "2024", ["1", "2", "3"])


@pytest.fixture
def manager():
    return make_user(Role.PROVINCE_MANAGER)


@pytest.mark.django_db
def test_starting_twice_makes_one_job(manager):
    first, is_new = start_job(actor=manager, order=ORDER)
    second, is_new_again = start_job(actor=make_user(Role.PROVINCE_MANAGER), order=ORDER)

    assert (first.pk, is_new, is_new_again) == (second.pk, True, False)
    assert JobUnit.objects.count() == 3
    assert Event.objects.filter(act="start_job").count() == 1


@pytest.mark.django_db
def test_another_subject_is_another_job(manager):
    start_job(actor=manager, order=ORDER)

    _, is_new = start_job(actor=manager, order=Order("test.quick", "试验任务", "2025", ["1"]))

    assert is_new


@pytest.mark.django_db
def test_a_finished_job_makes_room(manager):
    first, _ = start_job(actor=manager, order=ORDER)
    runner.work(first.pk)

    second, is_new = start_job(actor=manager, order=ORDER)

    assert (is_new, second.pk != first.pk) == (True, True)
    assert latest_job("test.quick", "2024") == second


@pytest.mark.parametrize("role", [role for role in Role if role != Role.PROVINCE_MANAGER])
@pytest.mark.django_db
def test_only_the_permitted_start_and_retry(manager, role):
    job, _ = start_job(actor=manager, order=Order("test.moody", "试验", "1", ["refuse"]))
    runner.work(job.pk)
    actor = make_user(role)

    with pytest.raises(NotAllowed):
        start_job(actor=actor, order=ORDER)
    with pytest.raises(Exception, match=r"No Job matches|not_allowed"):
        retry_job(actor=actor, public_id=job.public_id)

    job.refresh_from_db()
    assert (Job.objects.count(), job.state) == (1, "failed")


@pytest.mark.django_db
def test_whoever_lost_the_permission_still_sees_but_does_not_retry(manager):
    job, _ = start_job(actor=manager, order=Order("test.moody", "试验", "1", ["refuse"]))
    runner.work(job.pk)
    manager.role = Role.AUDITOR
    manager.save()

    assert list(list_jobs(manager)) == [job]
    with pytest.raises(NotAllowed):
        retry_job(actor=manager, public_id=job.public_id)


@pytest.mark.django_db
def test_a_retry_does_what_failed_and_only_that(manager):
    job, _ = start_job(actor=manager, order=Order("test.moody", "试验", "1", ["fine", "break"]))
    runner.work(job.pk)

    retried = retry_job(actor=manager, public_id=job.public_id)

    unit = job.units.get(key="break")
    assert (retried.state, retried.error, retried.finished_at) == ("queued", "", None)
    assert (unit.state, unit.attempts, unit.error, unit.claimed_at) == ("pending", 0, "", None)
    job.units.filter(key="break").update(key="fine-2")
    runner.work(job.pk)
    job.refresh_from_db()
    assert (job.state, traces(job)) == ("done", ["fine", "fine-2"])
    assert [event.act for event in Event.objects.all()] == [
        *("start_job", "finish_job", "retry_job", "finish_job"),
    ]


@pytest.mark.django_db
def test_what_has_not_failed_is_not_retried(manager):
    job, _ = start_job(actor=manager, order=ORDER)

    with pytest.raises(Stale, match="job_not_failed"):
        retry_job(actor=manager, public_id=job.public_id)


@pytest.mark.django_db
def test_a_retry_gives_way_to_a_newer_job(manager):
    order = Order("test.moody", "试验", "1", ["refuse"])
    old, _ = start_job(actor=manager, order=order)
    runner.work(old.pk)
    start_job(actor=manager, order=order)

    with pytest.raises(Stale, match="job_already_running"), transaction.atomic():
        retry_job(actor=manager, public_id=old.public_id)

    old.refresh_from_db()
    assert (old.state, old.units.get().state) == ("failed", "failed")


@pytest.mark.parametrize(
    "values, constraint",
    [
        ({"state": "done"}, "job_finished_has_time"),
        ({"finished_at": timezone.now()}, "job_finished_has_time"),
    ],
)
@pytest.mark.django_db
def test_the_database_ties_state_and_time(manager, values, constraint):
    start_job(actor=manager, order=ORDER)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Job.objects.update(**values)


@pytest.mark.django_db
def test_a_unit_exists_once(manager):
    with pytest.raises(IntegrityError, match="job_unit_key_unique"), transaction.atomic():
        start_job(actor=manager, order=Order("test.quick", "试验", "1", ["1", "1"]))


# --- several at once ------------------------------------------------------------------------------


def test_many_starting_at_once_make_one_job(committed_db):
    people = [make_user(Role.PROVINCE_MANAGER) for _ in range(8)]

    made = in_threads(8, lambda number: start_job(actor=people[number], order=ORDER))

    assert len({job.pk for job, _ in made}) == 1
    assert sum(is_new for _, is_new in made) == 1
    assert JobUnit.objects.count() == 3


def test_many_workers_do_each_unit_once(committed_db, start):
    """Eight workers for forty units: each done once, none tried twice, one end."""
    job = start("slow", range(40), seconds=0.005)

    in_threads(8, lambda number: runner.work(job.pk))

    job.refresh_from_db()
    assert (job.state, job.progress.done) == ("done", 40)
    assert traces(job) == sorted(map(str, range(40)))
    assert set(job.units.values_list("attempts", flat=True)) == {1}
    assert Event.objects.filter(act="finish_job").count() == 1


def test_many_workers_for_one_unit_do_it_once(committed_db, start):
    for subject in range(10):
        job = start("slow", [1], subject=str(subject), seconds=0.01)

        in_threads(6, lambda number, pk=job.pk: runner.work(pk))

        job.refresh_from_db()
        assert (job.state, traces(job), job.units.get().attempts) == ("done", ["1"], 1)


# --- the broker -----------------------------------------------------------------------------------


@pytest.fixture
def broker(committed_db):
    """Put another broker in place of the real one."""

    def use(url):
        dead = Celery("dead", broker=url, set_as_current=True)
        dead.conf.update(
            broker_connection_timeout=app.conf.broker_connection_timeout,
            broker_transport_options=app.conf.broker_transport_options,
        )

    yield use
    app.set_current()


def test_a_start_wakes_workers_after_its_commit(committed_db, manager):
    app.control.purge()

    with transaction.atomic():
        start_job(actor=manager, order=ORDER)
        assert waiting() == 0
    assert waiting() == 2

    app.control.purge()


def waiting():
    with app.connection_for_read() as connection:
        return connection.default_channel.client.llen("celery")


@pytest.mark.parametrize("url", ["redis+socket:///nowhere/valkey.sock", "redis://127.0.0.1:1/0"])
def test_without_a_broker_the_job_is_written_all_the_same(broker, manager, url, start):
    broker(url)
    started = time.monotonic()

    job, is_new = start_job(actor=manager, order=ORDER)
    sweep()

    assert (is_new, Job.objects.get().pk) == (True, job.pk)
    assert time.monotonic() - started < 3
    runner.work(job.pk)
    assert Job.objects.get().state == "done"


@pytest.mark.fault
def test_a_frozen_broker_does_not_hold_a_request_for_long(broker, manager):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        broker(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        started = time.monotonic()

        _, is_new = start_job(actor=manager, order=ORDER)

        assert is_new
        assert time.monotonic() - started < 12


@pytest.mark.django_db
def test_the_sweeper_wakes_quiet_jobs(start):
    job = start("quick", [1, 2, 3])
    Job.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    app.control.purge()

    sweep()

    assert waiting() == 2
    assert app.control.purge() == 2
    assert job.pk
