"""Pages of results as of a day: what held then, and refusals of days that cannot be."""

from datetime import date, timedelta
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from county_portal.common import clock
from county_portal.common.errors import Invalid
from scoring.rules import read_past_day
from scoring.selectors.as_of import list_held_on, run_held_on
from tests.factories.people import signed_in
from tests.scoring.acts import grade, publish, score

REASON = "霸州市数据抄录有误，经复核更正。"


def test_days_are_read():
    today = date(2026, 5, 1)

    assert read_past_day("", today) is None
    assert read_past_day(" 2024-05-01 ", today) == date(2024, 5, 1)
    assert read_past_day("2026-05-01", today) == today


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-05-02", "day_in_future"),
        ("昨天", "day_malformed"),
        ("2024-02-30", "day_malformed"),
        ("<script>", "day_malformed"),
        ("0", "day_malformed"),
    ],
)
def test_days_that_cannot_be_are_refused(text, code):
    with pytest.raises(Invalid, match=code):
        read_past_day(text, date(2026, 5, 1))


@pytest.fixture
def corrected(people, published, scheme):
    """A second version, from a second run, three days later."""
    with clock.playing(clock.now() + timedelta(days=3)):
        score(people.expert, published.collection, "4.5")
        run = grade(people, published.collection, scheme)
        return publish(people, run, number=2, reason=REASON)


def at(name, *args, day=None):
    return reverse(f"scoring:{name}", args=args) + (f"?as_of={day}" if day else "")


def test_each_day_has_its_version_and_its_run(published, corrected):
    first = clock.today()

    assert list_held_on(published.collection, first - timedelta(days=1)) is None
    assert list_held_on(published.collection, first) == published
    assert list_held_on(published.collection, first + timedelta(days=2)) == published
    assert list_held_on(published.collection, first + timedelta(days=3)) == corrected
    assert run_held_on(published.collection, first) == published.run
    assert run_held_on(published.collection, first + timedelta(days=3)) == corrected.run
    assert run_held_on(published.collection, first - timedelta(days=1)) is None


def test_public_page_shows_the_version_of_the_day_with_a_way_back(published, corrected):
    first = clock.today()
    anybody = Client()
    url = at("public_list", corrected.public_id, day=first)
    with clock.playing(clock.now() + timedelta(days=9)):
        page = anybody.get(url)
        later = anybody.get(at("public_list", published.public_id, day=first + timedelta(days=5)))
        before = anybody.get(at("public_list", published.public_id, day=first - timedelta(days=1)))
        future = anybody.get(at("public_list", published.public_id, day="2999-01-01"))
        nonsense = anybody.get(at("public_lists", day="昨天"))
        index = anybody.get(at("public_lists", day=first))

    assert page.context["list"] == published
    text = page.content.decode()
    assert "查看今天的结果" in text
    assert "更正" in page.context["as_of"].text
    assert at("public_list", corrected.public_id) in text
    assert later.context["list"] == corrected
    assert before.status_code == HTTPStatus.NOT_FOUND
    assert "尚未公布" in before.content.decode()
    assert future.status_code == nonsense.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    ((_, rows),) = index.context["years"]
    assert [(row, replaced) for row, replaced, _ in rows] == [(published, None)]


def test_office_pages_go_to_the_run_and_the_list_of_the_day(people, published, corrected):
    first = clock.today()
    manager, region = signed_in(people.manager), published.rows.get(order=1).region.public_id
    with clock.playing(clock.now() + timedelta(days=9)):
        run = manager.get(at("run", corrected.run.public_id, day=first))
        result = manager.get(at("result", corrected.run.public_id, region, day=first))
        listed = manager.get(at("list", corrected.public_id, day=first))
        county = signed_in(people.lead).get(
            at(
                "own_result",
                corrected.public_id,
                published.rows.get(code="131081").region.public_id,
                day=first,
            )
        )

    assert run.context["run"] == result.context["run"] == published.run
    assert listed.context["list"] == published
    assert county.context["published"] == published
    assert run.context["as_of"].day == first
