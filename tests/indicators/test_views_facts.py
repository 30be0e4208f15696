"""The register of facts as a county, its reviewing office and the province see it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.rules import CellInput
from indicators.selectors.facts import differing
from tests.factories.people import signed_in
from tests.factories.sheets import fill, fill_whole, submit
from tests.indicators.browsing import code, text, url

FIRMS = "high-tech-enterprises"


@pytest.fixture
def filler(people):
    return signed_in(people.filler)


@pytest.fixture
def differing_sheet(submission, people):
    fill_whole(people.filler, submission, i05=CellInput("", "49", "16625"))
    return submission


def test_the_county_comes_to_its_own_register(filler, submission, people):
    assert filler.get(reverse("indicators:facts")).url == url("ledger", submission)
    reviewer = signed_in(people.reviewer)
    assert reviewer.get(reverse("indicators:facts")).url == reverse("indicators:submissions")


def test_an_empty_register_says_what_comes(filler, submission):
    assert "台账还是空的" in text(filler.get(url("ledger", submission)))


@pytest.mark.parametrize(
    "who, status",
    [
        ("filler", 200),
        ("reviewer", 200),
        ("manager", 200),
        ("changan_lead", 404),
        ("shijiazhuang_reviewer", 404),
        ("system_admin", 403),
    ],
)
def test_who_sees_it(differing_sheet, people, who, status):
    page = signed_in(getattr(people, who)).get(url("ledger", differing_sheet))

    assert page.status_code == status
    if status == 200:
        assert "不一致的数据（1项）" in text(page)
        assert ("统一数据" in text(page)) is (who == "filler")


def test_two_figures_are_brought_into_line(differing_sheet, filler):
    data = {"meaning": FIRMS, "number": "49.000000"}
    page = filler.post(url("facts_reconcile", differing_sheet), data, follow=True)

    assert "已统一数据，改动1项指标" in text(page)
    assert differing(differing_sheet) == []


def test_two_figures_are_explained(differing_sheet, filler):
    blank = filler.post(url("facts_explain", differing_sheet), {"meaning": FIRMS, "reason": ""})
    assert blank.status_code == 422

    data = {"meaning": FIRMS, "reason": "统计时点不同。"}
    page = filler.post(url("facts_explain", differing_sheet), data, follow=True)
    assert "原因：统计时点不同。" in text(page)

    filler.post(url("facts_reconcile", differing_sheet), {"meaning": FIRMS, "number": "50"})
    again = filler.post(url("facts_explain", differing_sheet), data)
    assert (again.status_code, code(again)) == (409, "facts_agree")


def test_an_unknown_fact_or_no_number_is_refused(differing_sheet, filler):
    for data in ({"meaning": FIRMS, "number": "x"}, {"meaning": FIRMS}, {"number": "1"}):
        assert filler.post(url("facts_reconcile", differing_sheet), data).status_code == 422
    unknown = {"meaning": "unknown", "number": "1"}
    assert filler.post(url("facts_reconcile", differing_sheet), unknown).status_code == 422


def test_what_is_known_is_taken_over(submission, people, filler):
    fill(people.filler, submission, {"04": CellInput("50"), "07": CellInput("", "341", "16625")})
    assert "可以沿用的数据（3处）" in text(filler.get(url("ledger", submission)))

    page = filler.post(url("facts_adopt", submission), follow=True)

    assert "已沿用已有数据，填入2项指标" in text(page)


def test_nothing_changes_once_it_is_handed_in(submission, people, filler):
    submit(people.lead, submission)

    page = filler.post(url("facts_adopt", submission))

    assert (page.status_code, code(page)) == (409, "not_editable")


def test_a_fuller_register_asks_no_more_questions(submission, people, filler):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            filler.get(url("ledger", submission))
        return len(queries)

    fill(people.filler, submission, {"04": CellInput("51")})
    few = asked()
    fill_whole(people.filler, submission, i05=CellInput("", "49", "16625"))

    assert asked() <= few
