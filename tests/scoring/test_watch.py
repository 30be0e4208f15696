"""Hints for reviewers: read from the sheets handed in, shown to those who review them and to nobody else."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from indicators.rules import CellInput
from scoring.selectors.watch import read_hints
from scoring.watch.hints import Pattern
from tests.scoring.acts import CODES, hand_in

COPIED = (
    "全县召开科技创新大会，印发若干措施，设立科技创新券，支持中小企业开展研发，与高校共建研究院。"
)


@pytest.fixture
def copied(people, collection, scheme):
    """霸州 and 长安, of two cities, and 井陉, of 长安's, tell the same of one line; 辛集 tells nothing."""
    for code in CODES[:3]:
        hand_in(people, collection, code, {"i04": CellInput("30", note=COPIED)})
    hand_in(people, collection, CODES[3])
    return collection


def copies(user, collection):
    (watched,) = [row for row in read_hints(user, collection) if row.test is Pattern.COPYING]
    return [(shown.submission.region.code, shown.other) for shown in watched.hints]


def test_the_province_sees_all_and_a_city_its_own_counties(people, copied):
    assert len(copies(people.checker, copied)) == 6
    own = copies(people.reviewer, copied)
    assert own == [("131081", "其他市的一个县")] * 2
    named = copies(people.shijiazhuang_reviewer, copied)
    assert {code for code, _ in named} == {"130102", "130121"}
    assert "其他市的一个县" in {other for _, other in named}
    assert any("井陉" in other for _, other in named)


def test_too_few_counties_are_said_to_be_too_few(people, copied):
    watched = {row.test: row for row in read_hints(people.manager, copied)}
    assert not watched[Pattern.BUNCHING].hints
    assert watched[Pattern.BUNCHING].outcome.short
    assert not watched[Pattern.CUTS].hints
    assert watched[Pattern.DIGITS].rate.share < Decimal("0.02")


def test_queries_do_not_grow_with_the_sheets(people, copied, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        read_hints(people.manager, copied)


def test_pages_ask_and_lead_to_the_cell(client, people, copied):
    client.force_login(people.reviewer)
    overview = client.get(reverse("scoring:watch")).content.decode()
    page = reverse("scoring:watch_hints", args=[copied.public_id])
    assert page in overview
    text = client.get(page).content.decode()
    assert "请核对是否照抄" in text
    assert "误报率" in text
    sheet = copied.submissions.get(region__code="131081")
    cell = reverse("indicators:cell_panel", args=[sheet.public_id, "04"])
    assert cell in text
    assert client.get(cell).status_code == 200
    assert "长安" not in text


@pytest.mark.parametrize("role", ["lead", "filler", "expert", "publisher"])
def test_counties_and_others_never_see_a_hint(client, people, copied, role):
    client.force_login(getattr(people, role))
    assert client.get(reverse("scoring:watch")).status_code == 403
    assert client.get(reverse("scoring:watch_hints", args=[copied.public_id])).status_code == 403


def test_an_unknown_collection_is_not_found(client, people, copied):
    client.force_login(people.manager)
    assert client.get(reverse("scoring:watch_hints", args=[uuid4()])).status_code == 404
