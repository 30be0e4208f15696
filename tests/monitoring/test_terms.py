"""What the page of a warning says of every level's days, and what a county's own list says."""

import re
from datetime import date

import pytest
from django.urls import reverse

from monitoring.actions.answering import Answer, answer_warning, close_warning
from monitoring.actions.escalating import escalate_warnings
from monitoring.actions.watching import watch
from monitoring.selectors.warnings import list_steps, list_warnings, stamp_of
from monitoring.views.words import warning_terms
from tests.factories.people import signed_in
from tests.monitoring.conftest import YEAR, on

CITY_DAYS = 10


@pytest.fixture
def raised(people, behind):
    with on(4, 8):
        watch(behind)
    return list_warnings(people.filler).get(indicator__code="04")


def said(warning):
    warning.refresh_from_db()
    terms = warning_terms(warning, list_steps(warning), CITY_DAYS)
    return [(term.level, term.words, term.is_now) for term in terms]


def test_each_level_has_its_days_before_they_come(raised):
    assert said(raised) == [
        ("县级", "说明原因和措施，至4月18日", True),
        ("市级", "县级逾期的，4月19日起督办，至4月29日", False),
        ("省级", "市级仍逾期的，4月30日起督办", False),
    ]


def test_a_promise_moves_them(raised, people):
    with on(4, 9):
        words = Answer("认定批次顺延。", "逐户辅导。", date(YEAR, 4, 30), stamp_of(raised))
        answer_warning(actor=people.filler, warning_id=raised.public_id, answer=words)
    assert [words for _, words, _ in said(raised)] == [
        "按承诺整改，至4月30日",
        "县级逾期的，5月1日起督办，至5月11日",
        "市级仍逾期的，5月12日起督办",
    ]


def test_what_went_on_says_when(raised, people):
    with on(4, 19):
        escalate_warnings()
    assert said(raised) == [
        ("县级", "逾期，4月19日转市级；仍可补充说明", False),
        ("市级", "督办，至4月29日", True),
        ("省级", "市级逾期的，4月30日起督办", False),
    ]
    with on(4, 30):
        escalate_warnings()
    assert said(raised)[1:] == [
        ("市级", "逾期，4月30日转省级", False),
        ("省级", "督办，直至解除", True),
    ]
    page = signed_in(people.lead).get(reverse("monitoring:warning", args=[raised.public_id]))
    assert re.search(r'class="is-now"><dt>省级</dt><dd>督办，直至解除', page.content.decode())


def test_a_settled_one_has_none(raised, people):
    with on(4, 9):
        close_warning(
            actor=people.reviewer,
            warning_id=raised.public_id,
            words="已核实。",
            seen=stamp_of(raised),
        )
    assert said(raised) == []


def test_a_county_is_not_told_its_own_name_in_every_row(raised, people):
    url = reverse("monitoring:warnings")
    own = signed_in(people.filler).get(url).content.decode()
    citys = signed_in(people.reviewer).get(url).content.decode()
    heads = re.compile(r'<th scope="row">\s*<a [^>]*>([^<]*)')
    assert heads.findall(own) == ["高新技术企业数量"]
    assert heads.findall(citys) == ["廊坊市霸州市"]
