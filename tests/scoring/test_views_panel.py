"""Experts' pages: own scores only, all or nothing, what was typed stays."""

from decimal import Decimal
from http import HTTPStatus

import pytest
from django.urls import reverse

from scoring.models import PanelScore
from tests.factories.people import make_person, signed_in
from tests.scoring.acts import hand_in, score


@pytest.fixture
def client(people):
    return signed_in(people.expert)


def address(collection, code="17"):
    return reverse("scoring:panel_sheet", args=[collection.public_id, code])


def fields(collection, **typed):
    """A form as the browser sends it: blank but for the counties named, c131081="4"."""
    ids = dict(collection.submissions.values_list("region__code", "public_id"))
    return {f"score-{key}": typed.get(f"c{code}", "") for code, key in ids.items()}


def test_panel_lists_what_is_open(client, people, reviewed, scheme):
    score(people.expert, reviewed, codes=["131081"])

    page = client.get(reverse("scoring:panel"))

    (task,) = page.context["tasks"]
    assert (task.given, task.open) == (1, 3)
    assert address(reviewed) in page.content.decode()


def test_panel_without_anything_says_so(client, db):
    assert "没有需要评分的事项" in client.get(reverse("scoring:panel")).content.decode()


@pytest.mark.parametrize("method, status", [("get", 403), ("post", 403)])
def test_only_experts_come_in(people, reviewed, scheme, method, status):
    for person in (people.manager, people.lead, people.system_admin):
        browser = signed_in(person)
        assert getattr(browser, method)(address(reviewed)).status_code == status
    assert not PanelScore.objects.exists()


def test_unknown_indicator_or_collection_is_not_found(client, reviewed, scheme, submission):
    assert client.get(address(reviewed, "01")).status_code == HTTPStatus.NOT_FOUND
    wrong = reverse("scoring:panel_sheet", args=[submission.public_id, "17"])
    assert client.get(wrong).status_code == HTTPStatus.NOT_FOUND


def test_panel_answers_no_other_method(client, reviewed, scheme):
    assert client.put(address(reviewed)).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert client.post(reverse("scoring:panel")).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_sheet_saves_what_is_given_and_leaves_blanks_open(client, people, reviewed, scheme):
    page = client.post(
        address(reviewed), fields(reviewed, c131081="４．２５", c130102="0"), follow=True
    )

    assert "已保存，本次变动2个县（市、区）的评分。" in page.content.decode()
    assert dict(PanelScore.objects.values_list("submission__region__code", "score")) == {
        "131081": Decimal("4.25"),
        "130102": Decimal("0.00"),
    }


def test_sheet_takes_a_cleared_score_back(client, people, reviewed, scheme):
    score(people.expert, reviewed, codes=["131081"])

    client.post(address(reviewed), fields(reviewed))

    assert not PanelScore.objects.exists()


@pytest.mark.parametrize(
    "typed, sentence",
    [
        ("5.5", "评分5.5超出0至5分，请更正。"),
        ("-1", "评分-1超出0至5分，请更正。"),
        ("3.333", "评分3.333多于2位小数，请更正。"),
        (
            "优",
            "“评分”填写的“优”不是数字，请只填写数字，单位不用填写；请填写0至5分，最多两位小数。",
        ),
    ],
)
def test_sheet_with_one_error_saves_nothing_and_keeps_what_was_typed(
    client, reviewed, scheme, typed, sentence
):
    page = client.post(address(reviewed), fields(reviewed, c131081="4", c130102=typed))

    words = page.content.decode()
    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert f"石家庄市长安区：{sentence}" in words
    assert f'value="{typed}"' in words
    assert 'value="4"' in words
    assert not PanelScore.objects.exists()


def test_sheet_never_shows_another_experts_scores(client, people, province, reviewed, scheme):
    other = make_person("hebei.expert2", people.expert.role, province.office)
    score(other, reviewed, "3.14")
    assert "3.14" in signed_in(other).get(address(reviewed)).content.decode()

    assert "3.14" not in client.get(address(reviewed)).content.decode()


def test_sheet_leaves_unreviewed_counties_out(client, people, collection, scheme):
    hand_in(people, collection, "131081")

    page = client.get(address(collection))

    assert [sheet.submission.region.code for sheet, _ in page.context["form"].rows] == ["131081"]


def test_sheet_takes_the_same_queries_for_one_county_and_for_four(
    client, people, collection, scheme, django_assert_num_queries
):
    hand_in(people, collection, "131081")
    client.get(address(collection))
    with django_assert_num_queries(10):
        client.get(address(collection))
    for code in ("130102", "130121", "130181"):
        hand_in(people, collection, code)

    with django_assert_num_queries(10):
        client.get(address(collection))
