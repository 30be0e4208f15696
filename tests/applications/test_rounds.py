"""Rounds as offices see them."""

from http import HTTPStatus

import pytest
from django.urls import reverse

from applications.enums import ApplicationState
from tests.factories.people import signed_in
from tests.factories.pilots import apply_to, draw_up_round

ROUNDS, HOME = reverse("applications:rounds"), reverse("applications:home")


def url_of(call, name="round"):
    return reverse(f"applications:{name}", args=[call.public_id])


def test_list_of_rounds_hides_what_is_drawn_up(people, call):
    drawn = draw_up_round(people.manager, title="下一批次")

    assert drawn.title in signed_in(people.manager).get(ROUNDS).content.decode()
    for person in (people.filler, people.reviewer, people.checker):
        page = signed_in(person).get(ROUNDS).content.decode()
        assert call.title in page
        assert drawn.title not in page
        assert signed_in(person).get(url_of(drawn)).status_code == HTTPStatus.NOT_FOUND


def test_round_says_which_absolute_years_are_meant(people, call):
    page = signed_in(people.filler).get(url_of(call)).content.decode()

    for word, year in (("上年", -1), ("今年", 0), ("明年", 1), ("后年", 2)):
        assert f"{word}＝{call.year + year}年" in page


def test_progress_by_office(people, province, call):
    apply_to(call, province.bureaus["bazhou"], ApplicationState.REVIEWED)
    apply_to(call, province.bureaus["changan"], ApplicationState.DRAFT)
    apply_to(call, province.bureaus["jingxing"], ApplicationState.SUBMITTED)

    context = signed_in(people.manager).get(url_of(call)).context

    lines = {
        line.name: (line.places, line.begun, dict(line.counts)) for line in context["progress"]
    }
    assert lines["石家庄市科技局"] == (3, 2, {"drafting": 1, "city": 1})
    assert lines["廊坊市科技局"] == (3, 1, {"reviewed": 1})
    assert (context["whole"].begun, context["whole"].places) == (3, 9)


def test_a_city_sees_its_own_line_alone(people, province, call):
    apply_to(call, province.bureaus["bazhou"], ApplicationState.DRAFT)
    apply_to(call, province.bureaus["changan"], ApplicationState.DRAFT)

    context = signed_in(people.reviewer).get(url_of(call)).context

    assert [(line.name, line.begun) for line in context["progress"]] == [("廊坊市科技局", 1)]


def test_round_takes_the_same_queries_however_many_apply(
    people, province, call, django_assert_max_num_queries
):
    browser = signed_in(people.manager)
    apply_to(call, province.bureaus["bazhou"], ApplicationState.DRAFT)
    browser.get(url_of(call))
    with django_assert_max_num_queries(8) as counted:
        browser.get(url_of(call))
    for key in ("changan", "jingxing", "xinji"):
        apply_to(call, province.bureaus[key], ApplicationState.SUBMITTED)

    with django_assert_max_num_queries(len(counted)):
        browser.get(url_of(call))


@pytest.mark.parametrize("role", ["expert", "provider", "auditor", "system_admin"])
def test_rounds_are_for_those_who_see_pilots(people, call, role):
    for url in (ROUNDS, HOME, url_of(call)):
        assert signed_in(getattr(people, role)).get(url).status_code == HTTPStatus.FORBIDDEN
