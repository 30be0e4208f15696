"""Reads that pages of other apps build on: whose turn, last year's unit, what changed on a line."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from county_portal.accounts.roles import Level
from county_portal.accounts.selectors import lineages
from county_portal.common import clock
from indicators.models import Submission
from indicators.rules import CellInput
from indicators.selectors import (
    get_collection,
    last_year_figures,
    list_awaiting,
    list_collections,
    list_versions,
    read_sheet,
)
from tests.factories.places import make_region
from tests.factories.sheets import approve, draw_up, fill, move, open_for_all, submission_of, submit


@pytest.mark.parametrize(
    "who, states",
    [
        ("filler", ["draft"]),
        ("lead", ["draft"]),
        ("provider", []),
        ("reviewer", []),
        ("shijiazhuang_reviewer", ["submitted"]),
        ("manager", ["province_review"]),
        ("checker", []),
    ],
)
def test_what_waits_for_whom(collection, people, who, states):
    submit(people.changan_lead, submission_of(collection, "130102"))
    approve(people.xinji_lead, people.xinji_reviewer, submission_of(collection, "130181"))

    assert [row.state for row in list_awaiting(getattr(people, who))] == states


def test_a_collection_is_seen_by_counties_once_it_is_open(people, version):
    made = draw_up(people.manager, version)

    assert list(list_collections(people.manager)) == [made]
    assert get_collection(people.manager, made.public_id) == made
    assert not list_collections(people.lead).exists()
    assert not list_collections(people.auditor).exists()
    assert list(list_versions()) == [version]


def test_a_unit_continues_its_own_code_and_its_only_predecessor(province):
    langfang = province.cities["langfang"]
    city = province.counties["bazhou"]
    county = make_region(
        "霸县",
        "131081",
        Level.COUNTY,
        reviewer=langfang,
        since=date(1990, 1, 1),
        until=date(2016, 7, 1),
    )
    old = make_region(
        "旧霸县",
        "131020",
        Level.COUNTY,
        reviewer=langfang,
        since=date(1980, 1, 1),
        until=date(1990, 1, 1),
    )
    old.successor = county
    old.save()

    assert lineages([city])[city.pk] == [city.pk, county.pk, old.pk]


def test_a_merger_of_two_continues_neither(province):
    langfang = province.cities["langfang"]
    city = province.counties["bazhou"]
    for code in ("131021", "131022"):
        part = make_region(code, code, Level.COUNTY, reviewer=langfang, until=date(2020, 1, 1))
        part.successor = city
        part.save()

    assert lineages([city])[city.pk] == [city.pk]


@pytest.fixture
def years(people, version):
    """Last year's submission of 霸州 and this year's."""
    with clock.playing(clock.now() - timedelta(days=365)):
        before = submission_of(open_for_all(people.manager, version), "131081")
        submit(people.lead, before)
    return before, submission_of(open_for_all(people.manager, version), "131081")


def test_last_year_counts_once_the_city_has_reviewed_it(years, people):
    before, now = years
    assert last_year_figures(now) == {}

    move(people.reviewer, before, "approve")

    assert last_year_figures(now)["04"].number == 50


def test_a_line_knows_its_change(years, people):
    before, now = years
    move(people.reviewer, before, "approve")
    fill(
        people.lead,
        now,
        {"04": CellInput("75"), "08": CellInput("2"), "02": CellInput("", "1", "50")},
    )

    rows = {row.spec.code: row for row in read_sheet(Submission.objects.get(pk=now.pk)).rows}

    assert (rows["04"].change, rows["04"].change_percent) == (25, 50)
    # Nothing last year has no percentage; nothing this year has no change.
    assert (rows["08"].change, rows["08"].change_percent) == (2, None)
    assert (rows["01"].change, rows["01"].change_percent) == (None, None)
    assert (rows["02"].computed, rows["04"].computed) == (Decimal(2), None)
