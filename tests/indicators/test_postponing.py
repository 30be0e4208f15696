"""A collection is changed or dropped while drawn up, and postponed for everybody once it is open."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.urls import reverse

from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.common.text import chinese_date
from county_portal.notices.models import Notice
from indicators.actions.collecting import close_collection
from indicators.actions.openings import extend_deadline
from indicators.models import Collection, CollectionPostponement
from indicators.selectors import may_fill, why_not_fillable
from tests.factories.people import signed_in
from tests.factories.sheets import draw_up, fresh, give_back

REASON = "汛期受灾，按冀科区函〔2026〕9号延期。"


def url_of(collection, name="collection"):
    return reverse(f"indicators:{name}", args=[collection.public_id])


def postpone(person, collection, *, county=10, city=10, reason=REASON):
    data = {
        "county_due_on": (collection.county_due_on + timedelta(days=county)).isoformat(),
        "city_due_on": (collection.city_due_on + timedelta(days=city)).isoformat(),
        "reason": reason,
    }
    return signed_in(person).post(url_of(collection, "collection_postpone"), data)


def overdue(collection):
    today = clock.today()
    Collection.objects.filter(pk=collection.pk).update(
        opens_on=today - timedelta(days=30), county_due_on=today - timedelta(days=1)
    )
    collection.refresh_from_db()
    return collection


def test_every_county_fills_again(collection, people, submission):
    overdue(collection)
    county, city = collection.county_due_on, collection.city_due_on
    assert why_not_fillable(fresh(submission)).code == "deadline_passed"
    page = signed_in(people.manager).get(url_of(collection))
    assert url_of(collection, "collection_postpone") in page.content.decode()

    assert postpone(people.manager, collection).status_code == HTTPStatus.FOUND

    later = timedelta(days=10)
    collection.refresh_from_db()
    assert (collection.county_due_on, collection.city_due_on) == (county + later, city + later)
    assert may_fill(people.filler, fresh(submission))
    words = (
        f"县级截止由{chinese_date(county)}延至{chinese_date(county + later)}，"
        f"市级截止由{chinese_date(city)}延至{chinese_date(city + later)}。{REASON}"
    )
    assert words in signed_in(people.manager).get(url_of(collection)).content.decode()
    assert Event.objects.filter(act="postpone_collection").get().detail["reason"] == REASON
    notices = Notice.objects.filter(kind="postpone_collection")
    told = set(notices.values_list("recipient__login", flat=True))
    assert {"bazhou.filler", "bazhou.lead", "langfang.reviewer"} <= told
    assert REASON in notices.first().body


def test_days_of_ones_own_are_left_alone(collection, people, submission):
    until = collection.county_due_on + timedelta(days=40)
    extend_deadline(
        actor=people.manager, submission_id=submission.public_id, until=until, reason="受灾。"
    )

    postpone(people.manager, collection)

    assert fresh(submission).due_on == until


def test_what_was_returned_keeps_the_day_of_its_return(collection, people, submission):
    returned = give_back(people.lead, people.reviewer, submission)
    before = fresh(returned).due_on

    postpone(people.manager, collection, county=60, city=60)

    assert fresh(returned).due_on == before


@pytest.mark.parametrize(
    "changed, sentence",
    [
        ({"county": -1}, "只能延后"),
        ({"county": 0, "city": 0}, "请至少延后一个"),
        ({"county": 60, "city": 0}, "请一并延后"),
        ({"reason": "　"}, "请填写延期原因"),
    ],
    ids=["earlier", "same", "past the city's", "no reason"],
)
def test_days_that_give_no_time_are_refused(collection, people, changed, sentence):
    before = (collection.county_due_on, collection.city_due_on)

    answer = postpone(people.manager, collection, **changed)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert sentence in answer.content.decode()
    collection.refresh_from_db()
    assert (collection.county_due_on, collection.city_due_on) == before
    assert not CollectionPostponement.objects.exists()


def test_what_is_closed_is_opened_again_first(collection, people):
    close_collection(actor=people.manager, collection_id=collection.public_id)

    answer = postpone(people.manager, collection)

    assert (answer.status_code, answer.context["error_code"]) == (
        HTTPStatus.CONFLICT,
        "collection_not_open",
    )


@pytest.mark.parametrize("role", ["filler", "lead", "reviewer", "publisher", "expert"])
def test_days_are_the_managers(collection, people, role):
    browser = signed_in(getattr(people, role))

    for name in ("collection_postpone", "collection_edit", "collection_discard"):
        assert browser.post(url_of(collection, name)).status_code == HTTPStatus.FORBIDDEN


@pytest.fixture
def drawn(people, version):
    return draw_up(people.manager, version)


def entered(collection, **changed):
    names = ("title", "data_year", "evaluation_year", "notes")
    days = ("opens_on", "county_due_on", "city_due_on")
    return {
        **{name: getattr(collection, name) for name in names},
        **{name: getattr(collection, name).isoformat() for name in days},
        "version": str(collection.version.public_id),
        **changed,
    }


def test_what_is_drawn_up_is_changed(drawn, people):
    browser = signed_in(people.manager)
    form = browser.get(url_of(drawn, "collection_edit")).context["form"]
    assert form["title"].value() == drawn.title
    assert form["version"].value() == drawn.version.public_id
    day = drawn.city_due_on + timedelta(days=5)

    data = entered(drawn, title="改过的名称", city_due_on=day.isoformat())
    assert browser.post(url_of(drawn, "collection_edit"), data).status_code == HTTPStatus.FOUND

    before = drawn.city_due_on
    drawn.refresh_from_db()
    assert (drawn.title, drawn.city_due_on, drawn.state) == ("改过的名称", day, "draft")
    detail = Event.objects.filter(act="change_collection").get().detail
    assert (detail["before"]["city_due_on"], detail["after"]["city_due_on"]) == (
        before.isoformat(),
        day.isoformat(),
    )


def test_a_year_stays_one_collections(drawn, people, version):
    other = draw_up(people.manager, version, years_ago=2)
    data = entered(drawn, data_year=other.data_year)

    answer = signed_in(people.manager).post(url_of(drawn, "collection_edit"), data)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "已经建立" in answer.content.decode()


def test_what_was_only_drawn_up_is_dropped(drawn, people):
    browser = signed_in(people.manager)
    assert url_of(drawn, "collection_discard") in browser.get(url_of(drawn)).content.decode()
    assert "删除后不能恢复" in browser.get(url_of(drawn, "collection_discard")).content.decode()

    assert browser.post(url_of(drawn, "collection_discard")).status_code == HTTPStatus.FOUND

    assert not Collection.objects.filter(pk=drawn.pk).exists()
    assert Event.objects.filter(act="discard_collection").get().detail["title"] == drawn.title


@pytest.mark.parametrize("name", ["collection_edit", "collection_discard"])
def test_what_is_open_is_neither_changed_nor_dropped(collection, people, name):
    browser = signed_in(people.manager)
    assert url_of(collection, name) not in browser.get(url_of(collection)).content.decode()

    answer = browser.post(url_of(collection, name), entered(collection, title="另一名称"))

    assert (answer.status_code, answer.context["error_code"]) == (
        HTTPStatus.CONFLICT,
        "collection_already_open",
    )
    before = collection.title
    collection.refresh_from_db()
    assert collection.title == before
