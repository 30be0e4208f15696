"""Two at once: one effect, and nobody's words are lost."""

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest

from tests.e2e.stack import LiveStack
from tests.faults.conftest import Province
from tests.faults.dataset import REASON
from tests.faults.jobs import await_done
from tests.faults.test_queue import give_reasons, whole_sheet
from tests.faults.visitor import Answer, Visitor

pytestmark = pytest.mark.fault

SUBMITTING, SHARED = "130183", "130184"


def at_once(acts: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """Do all of them at the same moment."""
    line = threading.Barrier(len(acts))

    def act(one: Callable[[], Answer]) -> Answer:
        line.wait()
        return one()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


@contextmanager
def sleeping_worker(stack: LiveStack) -> Iterator[None]:
    """Keep the worker from ending the first run before the second click has arrived."""
    pid = stack.pid_of("worker")
    os.killpg(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(pid, signal.SIGCONT)


def test_two_clicks_on_start_make_one_run(
    stack: LiveStack,
    province: Province,
    visitor: Callable[[str], Visitor],
    manager: Visitor,
    rows: Callable[..., list[Any]],
):
    path = f"/scoring/runs/start/{province.graded}/"
    fields = {"scheme_version": province.scheme, "exception_reason": REASON}
    sessions = [manager, visitor("prov-manager")]
    tokens = [session.get(path).token for session in sessions]
    count = "SELECT count(*) FROM scoring_gradingrun"
    before = rows(count)[0][0]

    with sleeping_worker(stack):
        answers = at_once(
            [
                partial(session.post, path, token, **fields)
                for session, token in zip(sessions, tokens, strict=True)
            ]
        )
        made = rows(count)[0][0] - before

    assert made == 1
    assert [answer.status for answer in answers] == [302, 302]
    assert answers[0].location == answers[1].location
    told = [session.get(answers[0].location).text for session in sessions]
    assert sum("没有重复开始" in page for page in told) == 1
    (job,) = rows(
        """SELECT job.public_id::text FROM scoring_gradingrun run
           JOIN jobs_job job ON job.id = run.job_id WHERE run.public_id = %s""",
        answers[0].location.split("/")[3],
    )[0]
    assert await_done(manager, job)["state"] == "done"


def test_a_form_sent_twice_at_once_is_one_step(
    province: Province, visitor: Callable[[str], Visitor], rows: Callable[..., list[Any]]
):
    submission = province.current[SUBMITTING]
    sheet = f"/indicators/submissions/{submission}"
    lead = visitor(f"{SUBMITTING}-lead")
    filler = visitor(f"{SUBMITTING}-fill")
    form = filler.get(f"{sheet}/fill/")
    filler.post(f"{sheet}/fill/", form.token, revision=form.field("revision"), **whole_sheet())
    give_reasons(filler, sheet, form.token)
    page = lead.get(f"{sheet}/submit/")
    revision = page.field("revision")

    answers = at_once(
        [
            lambda: lead.post(
                f"{sheet}/submit/", page.token, revision=revision, approval_confirmed="on"
            )
        ]
        * 2
    )

    assert [answer.status for answer in answers] == [302, 302], [one.text for one in answers]
    assert [answer.location for answer in answers] == [f"{sheet}/"] * 2
    steps = rows(
        """SELECT step.action FROM indicators_reviewstep step
           JOIN indicators_submission submission ON submission.id = step.submission_id
           WHERE submission.public_id = %s""",
        submission,
    )
    assert steps == [("submit",)]
    recorded = rows("SELECT act FROM audit_event WHERE object_id = %s ORDER BY serial", submission)
    assert [act for (act,) in recorded] == [
        "record_approval",
        "save_values",
        "explain_findings",
        "explain_findings",
        "submit_submission",
    ]


def test_of_two_who_save_one_form_the_second_sees_both(
    province: Province, visitor: Callable[[str], Visitor], rows: Callable[..., list[Any]]
):
    path = f"/indicators/submissions/{province.current[SHARED]}/fill/"
    filler, colleague = visitor(f"{SHARED}-fill"), visitor(f"{SHARED}-fill")
    hers, his = filler.get(path), colleague.get(path)

    first = filler.post(path, hers.token, **line(hers, "41"))
    second = colleague.post(path, his.token, **line(his, "52"))
    kept = stored(rows, province)
    third = colleague.post(path, second.token, **line(second, "52"))

    assert first.status == 302
    assert (second.status, second.error_code) == (409, "edited_meanwhile")
    assert "实际数 41" in second.text
    assert "实际数 52" in second.text
    assert second.field("v-04") == "52"
    assert kept == "41"
    assert third.status == 302
    assert stored(rows, province) == "52"


def line(form: Answer, figure: str) -> dict[str, str]:
    """One line as typed on a form, with what the form remembers."""
    names = ("revision", "b-04")
    return {
        **{name: form.field(name) for name in names},
        "v-04": figure,
        "m-04": "actual",
        "t-04": "",
    }


def stored(rows: Callable[..., list[Any]], province: Province) -> str:
    """The figure of that line as the database has it."""
    found = rows(
        """SELECT value.text FROM indicators_value value
           JOIN indicators_indicator indicator ON indicator.id = value.indicator_id
           JOIN indicators_submission submission ON submission.id = value.submission_id
           WHERE submission.public_id = %s AND indicator.code = '04'""",
        province.current[SHARED],
    )
    return str(found[0][0])
