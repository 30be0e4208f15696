"""Expected, handed in, confirmed, decided: each scored by the run's scheme, with the reasons for what differs."""

from decimal import Decimal
from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.actions.returns import Wanted
from indicators.enums import FillMode, ReturnReason, SubmissionAction
from indicators.rules import CellInput
from scoring.selectors.statuses import DifferenceFilter, list_differences, read_statuses
from scoring.statuses import Status
from tests.factories.people import signed_in
from tests.factories.sheets import fill, give_back, hand_in_again, move, submission_of
from tests.scoring.acts import grade, hand_in, score


@pytest.fixture
def argued(people, collection, scheme):
    """霸州's line 04 was returned and put right; 长安 handed one line in as a forecast."""
    submission = submission_of(collection, "131081")
    wanted = (Wanted("04", ReturnReason.UNIT, "多一位数。"),)
    give_back(people.lead, people.reviewer, submission, "比上年高出太多，请核对。", wanted)
    fill(people.lead, submission, {"04": CellInput("20")})
    hand_in_again(people.lead, submission)
    move(people.reviewer, submission, SubmissionAction.APPROVE)
    forecast = {"i05": CellInput("9", mode=FillMode.FORECAST)}
    hand_in(people, collection, "130102", forecast)
    hand_in(people, collection, "130121")
    hand_in(people, collection, "130181")
    score(people.expert, collection)
    return grade(people, collection, scheme)


def line_of(county, code):
    return next(line for line in county.lines if line.code == code)


def test_each_status_has_its_figure_its_points_and_the_reasons(argued):
    counties = {county.region.code: county for county in read_statuses(argued)}

    line = line_of(counties["131081"], "04")
    assert line.differs
    assert line.cells[Status.SELF] != line.cells[Status.CITY]
    assert line.cells[Status.CITY] == line.cells[Status.DECIDED]
    assert line.cells[Status.DECIDED].value.startswith("20")
    words = " ".join(text for label, text in line.reasons if label == "退回")
    assert "单位或数量级有误，多一位数。" in words
    assert Status.FORECAST not in line.cells
    forecast = line_of(counties["130102"], "05")
    assert forecast.cells[Status.FORECAST].value.startswith("9")
    assert Status.FORECAST in counties["130102"].totals
    assert Status.FORECAST not in counties["131081"].totals


def test_decided_is_what_the_run_stored_and_every_total_is_the_sum_of_its_lines(argued):
    stored = dict(argued.results.values_list("region__code", "total"))

    for county in read_statuses(argued):
        assert county.totals[Status.DECIDED][0] == stored[county.region.code]
        for status in (Status.SELF, Status.CITY, Status.DECIDED):
            total = sum((line.cells[status].score for line in county.lines), Decimal(0))
            assert county.totals[status][0] == total


def test_differences_are_narrowed_and_read_in_a_constant_number_of_queries(argued):
    with CaptureQueriesContext(connection) as for_all:
        found = list_differences(argued, DifferenceFilter())
    with CaptureQueriesContext(connection) as for_one:
        read_statuses(argued, argued.results.get(region__code="131081").region)

    assert {(row.region.code, row.line.code) for row in found} == {("131081", "04")}
    assert list_differences(argued, DifferenceFilter(indicator="05")) == []
    assert list_differences(argued, DifferenceFilter(is_unexplained=True)) == []
    assert list_differences(argued, DifferenceFilter(city="130100")) == []
    assert len(for_all) <= 12
    assert len(for_one) <= len(for_all) + 1


def test_pages(people, argued):
    manager = signed_in(people.manager)
    region = argued.results.get(region__code="131081").region.public_id
    table = reverse("scoring:differences", args=[argued.public_id])
    county = reverse("scoring:statuses", args=[argued.public_id, region])

    assert "多一位数。" in manager.get(table).content.decode()
    assert "多一位数。" in manager.get(county).content.decode()
    assert "没有差异" in manager.get(f"{table}?indicator=05").content.decode()
    assert manager.get(f"{table}?city=nonsense&indicator=99").status_code == HTTPStatus.OK
    for person in (people.lead, people.expert, people.reviewer):
        browser = signed_in(person)
        assert browser.get(table).status_code == HTTPStatus.FORBIDDEN
        assert browser.get(county).status_code == HTTPStatus.FORBIDDEN
