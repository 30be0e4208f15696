"""The candidates over the rows of the table: ranked, ordered, shown, and taken along to a meeting."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from applications.enums import ApplicationState
from applications.models import TableFigure, TableRow
from applications.rules.comparison import compare, median_of
from applications.selectors.comparison import GROWTH, read_comparison
from applications.selectors.selection import list_candidates
from county_portal.accounts.roles import Role
from tests.factories.people import signed_in
from tests.factories.pilots import (
    begin,
    bring_to,
    have_letter,
    person_of,
    recommended,
    write_everything,
)


@pytest.fixture
def manager(people):
    return signed_in(people.manager)


@pytest.fixture
def two(call, province):
    """霸州, and 长安 that promises more 高新技术企业 and, where less is better, a little more of the other, too."""
    bazhou, changan = (
        begin(person_of(Role.COUNTY_FILLER, province.bureaus[key]), call)
        for key in ("bazhou", "changan")
    )
    for application in (bazhou, changan):
        write_everything(application, application.begun_by)
    last = TableFigure.objects.filter(row__application=changan, year=call.target_years[-1])
    for order, number in ((11, "14"), (27, "9.95")):
        last.filter(row__indicator__order=order).update(number=number)
    own = {"own_name": "都市农业示范点", "own_unit": "个", "own_definition": "市级以上认定。"}
    row = TableRow.objects.create(application=bazhou, order=31, **own)
    years = [call.last_year, *call.target_years]
    TableFigure.objects.bulk_create(TableFigure(row=row, year=year, number=3) for year in years)
    rows = [bring_to(each, ApplicationState.REVIEWED) for each in (bazhou, changan)]
    for each in rows:
        have_letter(each)
    return rows


def url(call, name="selection_figures"):
    return reverse(f"applications:{name}", args=[call.public_id])


@pytest.mark.parametrize(
    "numbers, lower, places",
    [
        ((10, 30, 20), False, [3, 1, 2]),
        ((10, 30, 20), True, [1, 3, 2]),
        ((10, 30, 30), False, [3, 1, 1]),
        ((10, None, 30), False, [2, None, 1]),
        ((None, 30), False, [None, None]),
    ],
    ids=["higher", "lower", "shared", "blank", "alone"],
)
def test_places_in_a_row(numbers, lower, places):
    given = [None if each is None else Decimal(each) for each in numbers]

    assert [each.place for each in compare(given, lower_is_better=lower)] == places


def test_median_of_what_is_filled():
    assert median_of([Decimal(1), None, Decimal(4)]) == Decimal("2.5")
    assert median_of([None]) is None


def test_rows_are_compared_by_their_direction(call, two):
    found = read_comparison(call, list_candidates(call), "third")

    # By region code: 长安 before 霸州.
    places = {
        line.indicator.order: [cell.compared.place for cell in line.cells] for line in found.lines
    }
    assert (places[11], places[27]) == ([1, 2], [2, 1])
    assert [line.indicator.order for line in found.worded] == [29, 30]
    assert len(found.lines) + len(found.worded) == 30
    assert {line.indicator.order for line in found.lines if line.starred == 2} >= {1, 11, 27}


def test_ordered_by_a_row_best_first(manager, call, two):
    def names(**query):
        found = manager.get(url(call), {"show": "third", **query}).context["comparison"]
        return [each.application.region.name for each in found.candidates]

    assert names(by="11") == ["长安区", "霸州市"]
    assert names(by="27") == ["霸州市", "长安区"]
    assert names(by="27", city="") == names(by="27")
    assert names(by="29") == names(by="nonsense") == names() == ["长安区", "霸州市"]


def test_growth_to_the_last_target(call, two):
    line = next(
        each
        for each in read_comparison(call, list_candidates(call), GROWTH).lines
        if each.indicator.order == 11
    )

    assert [cell.compared.number for cell in line.cells] == [Decimal("40.00"), Decimal("30.00")]


def test_the_page(manager, call, two, people):
    page = manager.get(url(call), {"show": "first"}).content.decode()

    assert f"今年目标（{call.year}年）" in page
    assert "万元GDP综合能耗" in page.replace(" ", "")
    assert "县委、县政府印发实施意见和配套措施。" in page
    assert "都市农业示范点（个）" in page
    assert signed_in(people.expert).get(url(call)).status_code == 403


def test_an_empty_round_says_so(manager, call):
    assert "还没有推荐到省的申报" in manager.get(url(call)).content.decode()


def test_the_number_of_queries_does_not_grow(manager, call, province):
    counts = []
    for key in ("bazhou", "changan", "xinji"):
        recommended(call, province.bureaus[key])
        manager.get(url(call))  # what is kept from one page to the next is there
        with CaptureQueriesContext(connection) as queries:
            manager.get(url(call))
        counts.append(len(queries))

    assert len(set(counts)) == 1, counts
    assert counts[0] <= 24


def test_the_workbook_of_the_meeting(manager, call, two):
    answer = manager.get(url(call, "selection_export"), {"by": "27", "show": "third"})

    book = load_workbook(BytesIO(answer.content))
    assert book.sheetnames == [
        "候选比较",
        f"{call.last_year}年上年数值",
        f"{call.year}年今年目标",
        f"{call.year + 1}年明年目标",
        f"{call.year + 2}年后年目标",
        "后年目标比上年增长（％）",
        "定性和自提指标",
        "区域布局",
    ]
    sheet = list(book[f"{call.year + 2}年后年目标"].iter_rows(min_row=3, values_only=True))
    assert sheet[0][3:6] == ("廊坊市霸州市", "石家庄市长安区", "中位数")
    line = next(row for row in sheet if row[0] == 27)
    assert line[3:6] == (9.94, 9.95, 9.945)
    words = [row[1:] for row in book["定性和自提指标"].iter_rows(min_row=3, values_only=True)]
    assert ("都市农业示范点（个）", None, 3, 3, 3, 3) in words
