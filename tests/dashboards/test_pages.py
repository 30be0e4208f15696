"""Places, ways between classes, profiles, spreads, months and the file of all years."""

import io
from decimal import Decimal
from http import HTTPStatus
from uuid import uuid4

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from county_portal.accounts.models import Region
from county_portal.common import clock
from dashboards.selectors import boards
from indicators.actions.monthly import open_call
from indicators.models import MonthlyFigure, MonthlyTarget
from indicators.selectors import catalogue
from tests.dashboards.test_board import rows_of, text_of
from tests.factories.people import signed_in
from tests.reports.acts import graded_year

PAGES = ("board", "ranking", "moves", "spread", "counties", "months")
FILES = (
    *("board_csv", "ranking_csv", "moves_csv", "spread_csv", "months_csv", "history_csv"),
    *("board_xlsx", "ranking_xlsx", "moves_xlsx", "spread_xlsx", "months_xlsx", "history_xlsx"),
)
LIMIT = 10


def at(name, *args, query=""):
    return reverse(f"dashboards:{name}", args=args) + query


def region(code):
    return Region.objects.get(code=code, valid_to__isnull=True)


def costs(browser, url, *, is_cold=False):
    """Queries of a page; a first look fills the session, and what is kept unless it is to be cold."""
    assert browser.get(url).status_code == HTTPStatus.OK
    if is_cold:
        boards._boards.clear()
        boards._points.clear()
    with CaptureQueriesContext(connection) as caught:
        answer = browser.get(url)
        assert text_of(answer) if answer.streaming else answer.content
    return len(caught)


# Who comes in


def test_others_stay_outside_every_page_and_file(people):
    for person in (people.expert, people.provider, people.system_admin):
        browser = signed_in(person)
        for name in (*PAGES, *FILES):
            assert browser.get(at(name)).status_code == HTTPStatus.FORBIDDEN, name
        assert browser.get(at("county", uuid4())).status_code == HTTPStatus.FORBIDDEN


def test_without_lists_and_months_every_page_says_so(people):
    browser = signed_in(people.manager)
    for name in PAGES:
        page = browser.get(at(name))
        assert page.status_code == HTTPStatus.OK
        if name != "counties":
            assert "empty-title" in text_of(page), name
    for name in FILES:
        wanted = HTTPStatus.OK if name.startswith("history") else HTTPStatus.CONFLICT
        assert browser.get(at(name)).status_code == wanted, name


# Places and movements


def test_ranking_is_of_one_s_own_counties(people, second):
    for who, codes in (
        ("manager", ["131081", "130102", "130121", "130181"]),
        ("shijiazhuang_reviewer", ["130102", "130121"]),
        ("lead", ["131081"]),
    ):
        rows = rows_of(signed_in(getattr(people, who)).get(at("ranking_csv", query="?city=")))
        assert [row["区划代码"] for row in rows] == codes


def test_ranking_says_what_moved(people, first, second):
    (row,) = rows_of(signed_in(people.lead).get(at("ranking_csv")))
    before = first.run.results.get(region__code="131081")
    after = second.run.results.get(region__code="131081")

    assert row["总分"] == f"{after.total:f}"
    assert row["比上年增减"] == f"{after.total - before.total:f}"
    assert (row["位次"], row["名次升降"]) == (str(after.rank), str(before.rank - after.rank))
    assert (row["分档"], row["上年分档"], row["升降"]) == ("B", "C", "跃升")


def test_first_year_has_nothing_to_compare_with(people, first):
    rows = rows_of(signed_in(people.manager).get(at("ranking_csv")))

    assert {row["比上年增减"] for row in rows} == {""}
    assert "历年位次" not in rows[0]


def test_order_is_asked_in_the_address(people, second):
    browser = signed_in(people.manager)
    codes = [
        row["区划代码"] for row in rows_of(browser.get(at("ranking_csv", query="?order=county")))
    ]
    gains = [
        row["比上年增减"] for row in rows_of(browser.get(at("ranking_csv", query="?order=gain")))
    ]

    assert codes == sorted(codes)
    assert [Decimal(each) for each in gains] == sorted(map(Decimal, gains), reverse=True)


# Ways between classes


def test_ways_sum_to_all_counties(people, second):
    page = signed_in(people.manager).get(at("moves"))
    table = page.context["asked"].chart.table
    links = page.context["asked"].chart.option["series"][0]["links"]

    assert list(table.rows)[-1].cells[-1] == 4
    assert sum(link["value"] for link in links) == 4
    assert {(link["source"][-2:], link["target"][-2:], link["value"]) for link in links} == {
        ("C类", "B类", 1),
        ("C类", "C类", 3),
    }


def test_ways_need_two_years(people, first):
    assert "还不到两个年度" in text_of(signed_in(people.manager).get(at("moves")))


# Profiles


def test_profile_is_of_one_s_own_only(people, second):
    for who, mine, strange in (
        ("lead", "131081", "130102"),
        ("shijiazhuang_reviewer", "130102", "131081"),
    ):
        browser = signed_in(getattr(people, who))
        for name in ("county", "county_csv", "county_xlsx"):
            assert browser.get(at(name, region(mine).public_id)).status_code == HTTPStatus.OK
            answer = browser.get(at(name, region(strange).public_id))
            assert answer.status_code == HTTPStatus.NOT_FOUND
    assert signed_in(people.manager).get(at("county", uuid4())).status_code == HTTPStatus.NOT_FOUND


def test_county_comes_to_its_own_profile(people, second):
    answer = signed_in(people.lead).get(at("counties"))

    assert answer["Location"] == at("county", region("131081").public_id)


def test_radar_holds_the_run_s_points_and_no_median_of_fewer_than_three(people, second):
    page = signed_in(people.lead).get(at("county", region("131081").public_id))
    rows = list(page.context["asked"].radar.table.rows)
    total = second.run.results.get(region__code="131081").total

    assert sum(row.cells[2] for row in rows) == total
    assert {row.cells[3] for row in rows} == {None}  # alone in its class
    browser = signed_in(people.shijiazhuang_reviewer)
    others = browser.get(at("county", region("130102").public_id)).context["asked"].radar.table.rows
    assert None not in {row.cells[3] for row in others}


def test_county_that_was_not_graded_has_its_years_all_the_same(people, version, scheme, first):
    from tests.factories.places import make_region

    parent, office = region("131081").parent, region("131081").reviewing_office
    new = make_region(
        "积石山保安族东乡族撒拉族自治县", "131099", "county", parent=parent, reviewer=office
    )
    page = signed_in(people.manager).get(at("county", new.public_id))

    assert page.status_code == HTTPStatus.OK
    assert "没有参加评价" in text_of(page)
    file = signed_in(people.manager).get(at("county_csv", new.public_id))
    assert file.status_code == HTTPStatus.CONFLICT


# Spreads


def test_quarters_are_for_who_may_see_every_county(people, second):
    for who, sees in (("manager", True), ("lead", False), ("shijiazhuang_reviewer", False)):
        browser = signed_in(getattr(people, who))
        rows = {
            row["范围"]: row
            for row in rows_of(browser.get(at("spread_csv", query="?indicator=04")))
        }
        page = browser.get(at("spread", query="?indicator=04"))
        assert bool(rows["全省"]["最低"]) is sees
        assert (page.context["asked"].histogram is not None) is sees
        # 霸州 alone in its class: its own head knows the figure, its neighbours do not learn it.
        assert bool(rows["B类"]["中位数"]) is (who != "shijiazhuang_reviewer")


def test_spread_of_figures_is_of_what_was_graded(people, second):
    browser = signed_in(people.manager)
    page = browser.get(at("spread", query="?indicator=04&of=figure&county=131081"))
    boxes = page.context["asked"].boxes
    marked = next(row for row in boxes.table.rows if row.is_marked)

    assert marked.cells[0] == "霸州市"
    assert marked.cells[4] == Decimal(97)
    assert boxes.option["series"][0]["markLine"]["data"]  # the knots of the rule


# Months


@pytest.fixture
def months(people, version):
    """霸州 ahead of its path in January, behind in February; nobody else has reported."""
    year = clock.today().year
    call = open_call(actor=people.manager, version=version, year=year, due_day=10)
    indicator = version.indicators.filter(monthly="flow").first()
    county = region("131081")
    own = {"call": call, "region": county, "indicator": indicator}
    at_once = clock.now()
    MonthlyTarget.objects.create(
        **own, baseline=Decimal(100), number=Decimal(1200), set_by=people.filler, set_at=at_once
    )
    for month, number in ((1, 150), (2, 160)):
        MonthlyFigure.objects.create(
            **own, month=month, number=number, reported_by=people.filler, reported_at=at_once
        )
    return indicator


def test_months_stand_beside_the_straight_path(people, months):
    query = f"?indicator={months.code}"
    browser = signed_in(people.lead)
    (row,) = rows_of(browser.get(at("months_csv", query=query)))
    chart = browser.get(at("months", query=query)).context["asked"].chart
    january, february = list(chart.table.rows)[:2]

    assert (row["最近月份"], Decimal(row["完成"]), Decimal(row["时序进度"])) == ("2月", 160, 200)
    assert (Decimal(row["比时序进度"]), row["进度"]) == (-40, "慢")
    assert (january.cells[1], january.cells[2], january.cells[4]) == (150, 100, "快")
    assert (february.cells[3], february.cells[4]) == (-40, "慢")


def test_months_are_of_one_s_own_counties(people, months):
    query = f"?indicator={months.code}"
    for who, codes in (
        ("manager", {"131081", "130102", "130121", "130181"}),
        ("shijiazhuang_reviewer", {"130102", "130121"}),
        ("lead", {"131081"}),
    ):
        rows = rows_of(signed_in(getattr(people, who)).get(at("months_csv", query=query)))
        assert {row["区划代码"] for row in rows} == codes
    silent = rows_of(signed_in(people.manager).get(at("months_csv", query=f"{query}&pace=未报")))
    assert {row["区划代码"] for row in silent} == {"130102", "130121", "130181"}


# All years


def test_history_holds_every_year_and_point_within_reach(people, first, second):
    rows = rows_of(signed_in(people.manager).get(at("history_csv")))
    lines = second.run.results.get(region__code="131081").lines.all()
    newest = next(row for row in reversed(rows) if row["区划代码"] == "131081")

    assert len(rows) == 8
    assert [row["数据年度"] for row in rows] == sorted(row["数据年度"] for row in rows)
    for line in lines:
        column = next(name for name in newest if name.startswith(f"{line.indicator_code} "))
        assert Decimal(newest[column]) == line.score
    own = rows_of(signed_in(people.lead).get(at("history_csv")))
    assert {row["区划代码"] for row in own} == {"131081"}
    book = openpyxl.load_workbook(
        io.BytesIO(signed_in(people.manager).get(at("history_xlsx")).content)
    ).active
    assert sum(row[1].value in {"131081", "130102"} for row in book.iter_rows()) == 4


def test_file_of_all_years_is_streamed_from_one_statement(people, version, scheme, first):
    """As many queries for two years as for one, and the first lines before the last are read."""
    browser = signed_in(people.manager)
    one = costs(browser, at("history_csv"))
    graded_year(people, version, scheme, strong=("131081",), number=2)
    two = costs(browser, at("history_csv"))
    answer = browser.get(at("history_csv"))

    assert answer.streaming
    assert "content-length" not in answer.headers
    assert two == one < LIMIT


def first_cost(person, url):
    """Queries of the first page after signing in, in a process that knows of no list, figure or version."""
    boards._boards.clear()
    boards._points.clear()
    catalogue._kept.clear()
    browser = signed_in(person)
    with CaptureQueriesContext(connection) as caught:
        assert browser.get(url).status_code == HTTPStatus.OK
    return len(caught)


@pytest.mark.parametrize("who", ["manager", "lead"])
def test_the_very_first_page_costs_less_than_ten_queries_too(people, second, months, who):
    person = getattr(people, who)
    urls = [at(name) for name in PAGES if name != "counties"]
    urls.append(at("county", region("131081").public_id))
    found = {url: first_cost(person, url) for url in urls}

    assert {url: count for url, count in found.items() if count >= LIMIT} == {}


@pytest.mark.parametrize("who", ["manager", "shijiazhuang_reviewer", "lead"])
def test_every_page_costs_less_than_ten_queries_even_when_nothing_is_kept(
    people, second, months, who
):
    browser = signed_in(getattr(people, who))
    mine = {"lead": "131081"}.get(who, "130102")
    urls = [at(name) for name in PAGES if name != "counties"]
    urls += [
        at("board", query="?show=pilot"),
        at("board", query="?show=indicator&indicator=04"),
        at("spread", query="?of=figure&indicator=04"),
        at("county", region(mine).public_id),
    ]
    found = {url: costs(browser, url, is_cold=True) for url in urls}

    assert {url: count for url, count in found.items() if count >= LIMIT} == {}


def test_the_board_and_the_ways_count_the_same_rises_and_falls(people, second):
    """跃升 and 退档 of the first page are the counties whose class is better and worse on the page of ways."""
    browser = signed_in(people.manager)
    board = browser.get(at("board", query="?show=movement")).context
    ways = rows_of(browser.get(at("moves_csv")))
    classes = "ABC"
    steps = [
        classes.index(row["前一年度"]) - classes.index(row["后一年度"])
        for row in ways
        if row["前一年度"] in classes and row["后一年度"] in classes
    ]

    assert steps
    assert (board["rises"], board["falls"]) == (
        sum(step > 0 for step in steps),
        sum(step < 0 for step in steps),
    )
