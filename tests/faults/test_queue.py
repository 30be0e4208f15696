"""Without the message queue people go on working; when it is back, what waited is done."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.e2e.stack import LiveStack
from tests.factories.sheets import ANSWERS
from tests.faults.conftest import Province, Queue
from tests.faults.dataset import REASON
from tests.faults.jobs import await_done, state_of
from tests.faults.visitor import Visitor

pytestmark = pytest.mark.fault

PATIENCE = 5.0
COUNTY = "130181"


@pytest.fixture
def no_queue(stack: LiveStack, province: Province, queue: Queue) -> Iterator[Queue]:
    """The queue is away, with everything it held; it is back when the test ends."""
    queue.stop()
    yield queue
    if not queue.supervisor.children:
        queue.start()


def whole_sheet() -> dict[str, str]:
    """All lines of the form as a browser sends them."""
    fields: dict[str, str] = {}
    for code, typed in ANSWERS.items():
        fields |= {f"v-{code}": typed.text, f"m-{code}": str(typed.mode), f"t-{code}": typed.note}
        fields |= {f"n-{code}": typed.numerator, f"d-{code}": typed.denominator}
    return fields


def give_reasons(filler: Visitor, sheet: str, token: str) -> None:
    """Why the figures that the rules warn of stand."""
    for rule in ("share_below_one", "rate_without_parts"):
        fields = {"indicator": "03", "rule": rule, "reason": "统计局只提供比率。"}
        filler.post(f"{sheet}/findings/explain/", token, **fields)


def test_counties_fill_and_submit_while_the_queue_is_away(
    stack: LiveStack,
    province: Province,
    no_queue: Queue,
    visitor: Callable[[str], Visitor],
    rows: Callable[..., list[Any]],
):
    sheet = f"/indicators/submissions/{province.current[COUNTY]}"
    filler, lead = visitor(f"{COUNTY}-fill"), visitor(f"{COUNTY}-lead")

    form = filler.get(f"{sheet}/fill/")
    saved = filler.post(
        f"{sheet}/fill/", form.token, revision=form.field("revision"), **whole_sheet()
    )
    give_reasons(filler, sheet, form.token)
    page = lead.get(f"{sheet}/submit/")
    submitted = lead.post(
        f"{sheet}/submit/",
        page.token,
        revision=page.field("revision"),
        approval_confirmed="on",
    )

    assert [saved.status, submitted.status] == [302, 302], (saved.text, submitted.text)
    assert max(saved.seconds, submitted.seconds) < PATIENCE
    assert submitted.location == f"{sheet}/"
    assert "待市级受理" in lead.get(f"{sheet}/").text
    stored = rows(
        """SELECT submission.state, count(value.id) FROM indicators_submission submission
           JOIN indicators_value value ON value.submission_id = submission.id
           WHERE submission.public_id = %s GROUP BY submission.state""",
        province.current[COUNTY],
    )
    assert stored == [("submitted", len(ANSWERS))]


def test_readiness_says_degraded_and_stays_200(stack: LiveStack, no_queue: Queue):
    answer = Visitor(stack.url).get("/readyz")

    assert answer.status == 200
    assert '"state": "degraded"' in answer.text
    assert '"redis": "degraded"' in answer.text


def test_a_run_started_without_the_queue_is_done_when_it_is_back(
    stack: LiveStack,
    province: Province,
    no_queue: Queue,
    manager: Visitor,
    rows: Callable[..., list[Any]],
):
    started = manager.submit(
        f"/scoring/runs/start/{province.graded}/",
        scheme_version=province.scheme,
        exception_reason=REASON,
    )
    run = started.location.split("/")[3]
    job, expected = rows(
        """SELECT job.public_id::text, job.expected FROM scoring_gradingrun run
           JOIN jobs_job job ON job.id = run.job_id WHERE run.public_id = %s""",
        run,
    )[0]
    while_away = state_of(manager, job)

    no_queue.start()
    ended = await_done(manager, job)

    assert started.seconds < PATIENCE
    assert while_away["state"] == "queued"
    assert (ended["state"], ended["done"]) == ("done", expected), ended
    (digest,) = rows("SELECT digest FROM scoring_gradingrun WHERE public_id = %s", province.run)
    assert ended["digest"] == digest[0]
    assert stack.ready()["state"] == "ok"
