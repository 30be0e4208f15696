"""Pushing figures: the same rules as on the pages, once for each key, all or nothing."""

from datetime import date, timedelta

import pytest
import time_machine

from county_portal.audit.models import Event
from county_portal.common import clock
from indicators.actions.monthly import open_call
from indicators.models import MonthlyFigure, Value
from indicators.selectors.sheets import stored_values
from opendata.actions.pushing import trim_pushes
from opendata.models import PushedRequest
from tests.common.committed import in_threads
from tests.factories.sheets import fresh, submit
from tests.opendata.asking import ask, told

pytestmark = pytest.mark.django_db

KEY = "push-0000-0001"


@pytest.fixture
def push(submission, clerk):
    """Push lines of the sheet."""

    def send(*figures, key=KEY, token=clerk, body=None):
        path = f"/api/v1/sheets/{submission.public_id}/figures"
        content = {"figures": list(figures)} if body is None else body
        return ask(path, token=token, method="POST", body=content, key=key)

    return send


@pytest.fixture
def line(submission, clerk):
    """A line of the sheet as it is read."""

    def read(code="01"):
        sheet = ask(f"/api/v1/sheets/{submission.public_id}", token=clerk).json()
        return next(row for row in sheet["lines"] if row["code"] == code)

    return read


def written(submission):
    return len(stored_values(submission))


def test_a_pushed_figure_is_a_filled_one(submission, people, push, line):
    answer = push({"code": "01", "value": "１,234.5"})

    assert answer.status_code == 200, answer.content.decode()
    assert answer.json()["items"] == [{"code": "01", "outcome": "saved"}]
    assert answer["Idempotency-Replayed"] == "false"
    value = Value.objects.get(submission=submission, indicator__code="01")
    assert (value.number, value.updated_by) == (pytest.approx(1234.5), people.filler)
    assert line()["value"] == "１,234.5"
    acts = list(Event.objects.order_by("serial").values_list("act", flat=True))[-2:]
    assert acts == ["save_values", "push"]


def test_the_same_again_writes_nothing(submission, push):
    first = push({"code": "01", "value": "5"})
    events = Event.objects.count()
    again = push({"code": "01", "value": "5"})

    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true"
    assert Event.objects.count() == events
    assert fresh(submission).revision == first.json()["revision"]


def test_another_content_under_the_same_key(submission, push):
    push({"code": "01", "value": "5"})

    assert told(push({"code": "01", "value": "6"}), 409)["code"] == "key_reused"
    assert Value.objects.get(submission=submission).number == 5


def test_a_refused_push_leaves_its_key_free(push, submission):
    told(push({"code": "01", "value": "五"}), 422)

    assert not PushedRequest.objects.exists()
    assert push({"code": "01", "value": "5"}).status_code == 200


def test_all_or_nothing_with_each_fault_in_its_place(submission, push):
    problem = told(
        push(
            {"code": "01", "value": "5"},
            {"code": "02", "numerator": "1"},
            {"code": "zz", "value": "1"},
            {"code": "01", "value": "6"},
        ),
        422,
    )

    assert [(error["field"], error["code"]) for error in problem["errors"]] == [
        ("figures.1.denominator", "rate_part_missing"),
        ("figures.2.code", "indicator_unknown"),
        ("figures.3.code", "line_twice"),
    ]
    assert written(submission) == 0


def test_never_over_anybodys_writing(submission, push, line):
    push({"code": "01", "value": "5"})

    blind = told(
        push({"code": "01", "value": "6"}, {"code": "03", "value": "1"}, key="other-key-1"), 409
    )
    assert [error["field"] for error in blind["errors"]] == ["figures.0.base"]
    assert written(submission) == 1
    base = line()["base"]
    assert push({"code": "01", "value": "6", "base": base}, key="other-key-2").status_code == 200
    assert push({"code": "01", "value": "6"}, key="other-key-3").json()["items"] == [
        {"code": "01", "outcome": "same"}
    ]


def test_blank_is_not_zero(submission, push, line):
    push({"code": "01", "value": "0"})
    assert Value.objects.get(submission=submission).number == 0

    push({"code": "01", "value": "", "base": line()["base"]}, key="blank-it-1")
    assert Value.objects.get(submission=submission).number is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "figures"), ({"figures": []}, "figures"), ({"figures": [{"code": ""}]}, "figures.0.code"),
        ({"figures": [{"code": "01", "value": 5}]}, "figures.0.value"),
        ({"figures": [{"code": "01", "valeu": "5"}]}, "figures.0.valeu"),
        ({"figures": [{"code": "01", "mode": "guess"}]}, "figures.0.mode"),
        ({"figures": [{"code": "01", "\ud800": "5"}]}, "figures.0"),
        ({"figures": [{"code": "01", "value": "\ud800"}]}, "figures.0.value"),
    ],
)  # fmt: skip
def test_what_the_shape_does_not_allow(submission, push, body, field):
    problem = told(push(body=body), 422)

    assert [error["field"] for error in problem["errors"]] == [field]
    assert written(submission) == 0


@pytest.mark.parametrize("key", ["", "short", "有空 格的键值", "x" * 81])
def test_a_key_is_wanted(submission, push, key):
    problem = told(push({"code": "01", "value": "5"}, key=key.encode().decode("latin-1")), 422)

    assert problem["errors"][0]["field"] == "Idempotency-Key"
    assert written(submission) == 0


def test_a_sheet_handed_in_is_closed(people, submission, push):
    submit(people.lead, submission)

    answer = push({"code": "01", "value": "5", "base": "x"})
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"


def test_foreign_sheets_are_not_found(people, submission, token_of, push):
    foreign = token_of(people.changan_lead)

    assert told(ask(f"/api/v1/sheets/{submission.public_id}", token=foreign), 404)
    assert told(push({"code": "01", "value": "5"}, token=foreign), 403)["code"] == "scope_missing"


def test_a_department_writes_only_its_lines(people, submission, token_of, push):
    """Nothing was given to it yet."""
    text = token_of(people.provider)

    assert ask("/api/v1/sheets", token=text).json()["rows"] == []
    told(push({"code": "01", "value": "5"}, token=text), 404)


@pytest.fixture
def months(people, version, clerk, province):
    """A call with its county's year as read, in May, and a way to push."""
    version.indicators.filter(code="01").update(monthly="flow")
    with time_machine.travel(date(2026, 5, 20), tick=False):
        call = open_call(actor=people.manager, version=version, year=2026, due_day=10)
        path = f"/api/v1/monthly/{call.public_id}"

        def send(*rows, key=KEY, seen=None):
            seen = ask(path, token=clerk).json()["seen"] if seen is None else seen
            body = {"seen": seen, "months": list(rows)}
            return ask(f"{path}/figures", token=clerk, method="POST", body=body, key=key)

        yield send


def month(number, figure, **more):
    return {"code": "01", "month": number, "number": figure, **more}


def test_months_are_reported_once(months, people):
    body = [month(1, "10"), month(2, "25.5")]
    first = months(*body, seen=None)

    assert first.status_code == 200, first.content.decode()
    assert first.json()["written"] == 2
    assert MonthlyFigure.objects.filter(reported_by=people.filler).count() == 2
    assert (
        told(months(month(3, "30"), key="k2-000000", seen="old"), 409)["code"] == "edited_meanwhile"
    )


def test_a_sum_since_january_that_falls_wants_a_word(months):
    months(month(1, "10"))
    problem = told(months(month(2, "5"), key="k2-000000"), 422)

    assert [(error["field"], error["code"]) for error in problem["errors"]] == [
        ("months.0.note", "flow_fell")
    ]
    assert MonthlyFigure.objects.count() == 1
    assert months(month(2, "5", note="核减"), key="k3-000000").status_code == 200


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        (month(1, "十"), "months.0.number", "number_invalid"),
        (month(5, "1"), "months.0.month", "month_not_over"),
        (month(13, "1"), "months.0.month", "less_than_equal"),
        ({"code": "zz", "month": 1, "number": "1"}, "months.0.code", "indicator_unknown"),
    ],
)
def test_months_that_are_not_taken(months, row, field, code):
    problem = told(months(row), 422)

    assert [(error["field"], error["code"]) for error in problem["errors"]] == [(field, code)]
    assert not MonthlyFigure.objects.exists()


def test_two_at_once_write_once(committed_db, submission, push):
    """They wait at the unique key; one writes, all are told the same."""
    answers = in_threads(3, lambda _: push({"code": "01", "value": "5"}))

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert sorted(answer["Idempotency-Replayed"] for answer in answers) == ["false", "true", "true"]
    assert Event.objects.filter(act="push").count() == 1
    assert fresh(submission).revision == 1


def test_keys_are_forgotten_after_their_time_and_what_was_written_stays(submission, push, settings):
    settings.PUSHED_REQUEST_DAYS = 30
    push({"code": "01", "value": "5"})

    assert trim_pushes() == 0
    with clock.playing(clock.now() + timedelta(days=31)):
        assert trim_pushes() == 1

    assert Value.objects.get(submission=submission).number == 5
