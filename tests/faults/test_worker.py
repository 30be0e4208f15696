"""A worker that is killed in the middle of its work: another finishes it, nothing is done twice."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import pytest

from tests.e2e.stack import LiveStack, wait_until
from tests.faults.conftest import GRADED_COUNTIES, Province
from tests.faults.dataset import REASON
from tests.faults.jobs import await_done, state_of
from tests.faults.visitor import Visitor

pytestmark = pytest.mark.fault

KILLED_AFTER = 2


def kill_worker(stack: LiveStack) -> int:
    """End the worker and all its hands at once, as an out-of-memory killer would; returns its pid."""
    pid = stack.pid_of("worker")
    os.killpg(pid, signal.SIGKILL)
    return pid


def test_killed_in_a_batch_of_cards_every_county_gets_exactly_one(
    stack: LiveStack, province: Province, manager: Visitor, rows: Callable[..., list[Any]]
):
    year = manager.get(f"/reports/{province.published}/")
    job = manager.post(f"/reports/{province.published}/batch/", year.token).location.split("/")[2]
    wait_until(
        lambda: state_of(manager, job)["done"] >= KILLED_AFTER, 60, "the batch did not begin"
    )

    killed = kill_worker(stack)
    at_the_kill = state_of(manager, job)
    stack.await_restart("worker", killed)
    ended = await_done(manager, job)

    assert at_the_kill["done"] < GRADED_COUNTIES, "the kill came too late to prove anything"
    assert at_the_kill["state"] == "running"
    assert (ended["state"], ended["done"], ended["failed"]) == ("done", GRADED_COUNTIES, 0), ended
    made = rows(
        """SELECT region.code, file.sha256 FROM reports_cardfile card
           JOIN accounts_region region ON region.id = card.region_id
           JOIN files_storedfile file ON file.id = card.file_id
           JOIN scoring_publishedlist list ON list.id = card.published_list_id
           WHERE list.public_id = %s ORDER BY region.code""",
        province.published,
    )
    assert [code for code, _ in made] == province.counties
    assert dict(made) == rendered_undisturbed(stack, province)
    assert len(times_recorded(rows, "finish_job", job)) == 1


def rendered_undisturbed(stack: LiveStack, province: Province) -> dict[str, str]:
    """The digests of the same cards, rendered again in one process that nobody kills."""
    script = f"from tests.faults import dataset; dataset.rendered_cards('{province.published}')"
    answer = stack.manage("shell", "-v", "0", "-c", script)
    digests = json.loads(answer.splitlines()[-1])
    assert isinstance(digests, dict)
    return digests


def times_recorded(rows: Callable[..., list[Any]], act: str, object_id: str) -> list[Any]:
    """The entries of the audit record about an act on an object."""
    return rows("SELECT serial FROM audit_event WHERE act = %s AND object_id = %s", act, object_id)


def test_killed_in_a_grading_run_it_is_graded_once_with_the_same_digest(
    stack: LiveStack, province: Province, manager: Visitor, rows: Callable[..., list[Any]]
):
    # Another reason than the first run's: what is graded from the same to the bit would keep nothing of its own.
    with submissions_held(stack, province):  # the worker waits for them in the middle of its unit
        run, job = started_run(manager, province, rows)
        wait_until(lambda: waits_for_a_lock(rows), 30, "the grading did not begin")
        killed = kill_worker(stack)
    stack.await_restart("worker", killed)
    ended = await_done(manager, job)
    # Undisturbed, and from the same: it finds the killed run's digest, which is therefore its own.
    again, second_job = started_run(manager, province, rows)
    undisturbed = await_done(manager, second_job)

    assert (ended["state"], undisturbed["state"]) == ("done", "done"), (ended, undisturbed)
    assert undisturbed["digest"] == ended["digest"] != ""
    assert rows(
        """SELECT earlier.public_id::text, earlier.state, run.state FROM scoring_gradingrun run
           JOIN scoring_gradingrun earlier ON earlier.id = run.same_as_id WHERE run.public_id = %s""",
        again,
    ) == [(run, "complete", "unchanged")]
    results = rows(
        """SELECT count(*), count(DISTINCT result.region_id) FROM scoring_result result
           JOIN scoring_gradingrun run ON run.id = result.run_id WHERE run.public_id = %s""",
        run,
    )
    assert results == [(GRADED_COUNTIES, GRADED_COUNTIES)]
    assert len(times_recorded(rows, "complete_run", run)) == 1


def started_run(
    manager: Visitor, province: Province, rows: Callable[..., list[Any]]
) -> tuple[str, str]:
    """A run of the graded year and its job, by public id."""
    answer = manager.submit(
        f"/scoring/runs/start/{province.graded}/",
        scheme_version=province.scheme,
        exception_reason=f"{REASON}经厅务会同意。",
    )
    run = answer.location.split("/")[3]
    (job,) = rows(
        """SELECT job.public_id::text FROM scoring_gradingrun run
           JOIN jobs_job job ON job.id = run.job_id WHERE run.public_id = %s""",
        run,
    )[0]
    return run, job


@contextmanager
def submissions_held(stack: LiveStack, province: Province) -> Iterator[None]:
    """Keep the rows that grading must lock, until the block ends."""
    connection = psycopg2.connect(stack.environment["DATABASE_URL"])
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT submission.id FROM indicators_submission submission
                   JOIN indicators_collection collection ON collection.id = submission.collection_id
                   WHERE collection.public_id = %s FOR UPDATE OF submission""",
                [province.graded],
            )
            yield
    finally:
        connection.close()


def waits_for_a_lock(rows: Callable[..., list[Any]]) -> bool:
    """Whether any of the portal's connections waits for somebody else's row."""
    waiting = rows("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    return bool(waiting[0][0])
