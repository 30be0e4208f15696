"""The review page: everything in one place, what each decision leads to, and what came back."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications import evaluations
from applications.actions.answering import answer_request
from applications.enums import ApplicationState as State
from applications.models import PlanText, Request, TableFigure
from applications.rules.changes import growth
from applications.selectors.requests import last_return
from applications.selectors.review import read_review
from county_portal.common import clock
from tests.applications.test_returns import answer_all, give_back
from tests.factories.people import signed_in
from tests.factories.pilots import apply_to, bring_to


@pytest.fixture
def submitted(call, province):
    return apply_to(call, province.bureaus["bazhou"], State.SUBMITTED)


@pytest.fixture
def at_city(call, province):
    return apply_to(call, province.bureaus["bazhou"], State.CITY_REVIEW)


@pytest.fixture
def again(people, at_city):
    """Returned for one row and one section, changed there and elsewhere, handed in again."""
    returned = give_back(people.reviewer, at_city)
    answer_all(people.filler, returned)
    row = returned.rows.get(order=7)
    TableFigure.objects.filter(row=row, year=returned.round.year + 2).update(number=Decimal("14.5"))
    PlanText.objects.filter(application=returned, section="safeguards").update(text="另有保障。")
    return bring_to(returned, State.SUBMITTED)


def page_of(application, name="review"):
    return reverse(f"applications:{name}", args=[application.public_id])


def shown(person, application, query=""):
    return signed_in(person).get(page_of(application) + query).content.decode()


@pytest.mark.parametrize(
    "last, number, percent",
    [
        ("10", "12", "20.00"),
        ("3", "4", "33.33"),
        ("-4", "-2", "50.00"),
        ("8", "8", "0.00"),
        ("0", "5", None),
        (None, "5", None),
        ("5", None, None),
    ],
)
def test_growth_against_last_year(last, number, percent):
    last, number, percent = (each and Decimal(each) for each in (last, number, percent))

    assert growth(last, number) == percent


def test_all_materials_are_on_one_page(people, submitted):
    words = shown(people.reviewer, submitted)

    assert "政字〔" in words
    assert "县政纪〔" in words
    assert "建立培育库" in words
    assert "发展基础的内容。" in words
    assert "指定5项，自选10项" in words
    assert len(re.findall(r'<strong class="review-mark"', words)) == 15
    assert "+10.0%" in words


def test_latest_class_is_asked_of_who_knows_it(people, submitted, monkeypatch):
    known = evaluations.Evaluated("A", 3, 2024)
    monkeypatch.setattr(evaluations, "_source", [lambda regions, on: {regions[0].pk: known}])

    assert "2024年度，第3名" in shown(people.reviewer, submitted)


def test_decisions_say_what_follows_and_who_hears(people, submitted):
    words = shown(people.reviewer, submitted)

    assert "受理后霸州市" in words or "不能再撤回" in words
    assert "将通知：廊坊市霸州市科学技术局" in words
    assert 'id="give-back"' not in words


@pytest.mark.parametrize("who", ["signer", "manager", "checker", "publisher"])
def test_others_read_and_decide_nothing(people, at_city, who):
    words = shown(getattr(people, who), at_city)

    assert "指标体系表" in words
    assert "give-back-form" not in words
    assert 'id="decide"' not in words


def test_accepting_and_approving(people, submitted):
    client = signed_in(people.reviewer)

    answer = client.post(page_of(submitted, "accept"), {"revision": submitted.revision})
    assert answer["Location"] == page_of(submitted)
    client.post(page_of(submitted, "approve"), {"revision": submitted.revision})

    submitted.refresh_from_db()
    assert submitted.state == State.REVIEWED


@pytest.mark.parametrize("revision", ["99", "", "一", "-1", "²"])
def test_another_revision_than_was_seen_is_refused(people, submitted, revision):
    answer = signed_in(people.reviewer).post(page_of(submitted, "accept"), {"revision": revision})

    assert answer.status_code == 409
    assert "有变化" in answer.content.decode()
    submitted.refresh_from_db()
    assert submitted.state == State.SUBMITTED


def test_step_taken_twice_is_stale(people, submitted):
    client = signed_in(people.reviewer)
    client.post(page_of(submitted, "accept"), {"revision": submitted.revision})

    answer = client.post(page_of(submitted, "accept"), {"revision": submitted.revision})

    assert answer.status_code == 409
    assert "环节已经变化" in answer.content.decode()


def returning(application, **changed):
    due_on = clock.today().replace(year=clock.today().year + 1)
    return {
        "revision": application.revision,
        "comment": "请改正。",
        "due_on": due_on.isoformat(),
        "row-7": "请核对第7行。",
        **changed,
    }


def test_returning_through_the_page(people, at_city):
    client = signed_in(people.reviewer)
    data = returning(at_city, **{"section-goals": "补充依据。"})

    answer = client.post(page_of(at_city, "give_back"), data)

    assert answer["Location"] == page_of(at_city)
    asked = Request.objects.order_by("pk").values_list("section", "row", "wanted")
    assert list(asked) == [("goals", None, "补充依据。"), ("table", 7, "请核对第7行。")]


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"comment": " 　"}, "退回意见"),
        ({"due_on": ""}, "请选择日期"),
        ({"due_on": "2020-01-01"}, "须晚于今天"),
        ({"due_on": "2026-02-30"}, "日期无效"),
        ({"row-7": " "}, "至少选择一处"),
        ({"row-7": "长" * 501}, "第7行"),
    ],
)
def test_unfit_return_is_said_on_the_page(people, at_city, changed, words):
    answer = signed_in(people.reviewer).post(
        page_of(at_city, "give_back"), returning(at_city, **changed)
    )

    assert answer.status_code == 422
    assert words in answer.content.decode()
    at_city.refresh_from_db()
    assert at_city.state == State.CITY_REVIEW


def test_what_came_back_is_read_by_what_is_new(people, again):
    review = read_review(people.reviewer, again)

    assert [(each.row, [change.now for change in each.changes]) for each in review.answered] == [
        (7, ["14.5"]),
        (None, []),
    ]
    assert [(each.section, each.was, each.now) for each in review.unasked] == [
        ("safeguards", "保障措施的内容。", "另有保障。")
    ]
    words = shown(people.reviewer, again)
    assert "已按统计年鉴更正。" in words
    assert "14.5" in words
    assert "建立培育库" not in words
    assert "建立培育库" in shown(people.reviewer, again, "?all=1")


def test_returned_one_shows_what_was_asked_while_the_county_works(people, at_city):
    returned = give_back(people.reviewer, at_city)
    first = last_return(returned).requests[0]
    answer_request(actor=people.filler, request_id=first.public_id, answer="已更正。")

    words = shown(people.reviewer, returned)

    assert "已答复1/2项" in words
    assert "县级答复：已更正。" in words
    assert "request-answer" not in words


def test_own_county_is_guided_on_the_same_page(people, call, province):
    draft = apply_to(call, province.bureaus["bazhou"], State.DRAFT)

    words = shown(people.reviewer, draft)

    assert words.count("写指导意见") == 10
    assert 'id="decide"' not in words


def test_doors(people, submitted):
    url = page_of(submitted)

    assert signed_in(people.filler).get(url).status_code == 403
    assert signed_in(people.shijiazhuang_reviewer).get(url).status_code == 404
    for name in ("accept", "approve", "give_back", "leave_out", "reconsider"):
        door = page_of(submitted, name)
        assert signed_in(people.signer).post(door).status_code == 403, name
        assert signed_in(people.shijiazhuang_reviewer).post(door).status_code == 404, name


def test_page_asks_a_bounded_number_of_queries(people, again):
    client = signed_in(people.reviewer)
    client.get(page_of(again))

    with CaptureQueriesContext(connection) as asked:
        client.get(page_of(again) + "?all=1")

    assert len(asked) <= 55
