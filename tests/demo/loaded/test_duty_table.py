"""霸州市's responsibility table of 2020 against the annex of its plan (S3), and this year's with targets."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse

from county_portal.accounts.models import Region, User
from county_portal.common import clock
from indicators.selectors.duties import duty_version
from reports.duty_table import ColumnKind
from reports.selectors.duty_table import read_duty_table
from tests.factories.people import signed_in
from tests.indicators.browsing import questions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

ROOT = Path(__file__).resolve().parents[3]
YEARS = {2018: "2018", 2019: "2019", 2020: "2020目标"}
# The annex scored these from unrounded figures (62.5家, about 0.319 %, 50 of 16625) and prints rounded ones.
PRINTED_OTHERWISE = {
    ("高新技术企业数量", 2020),
    ("规上工业企业R&D经费支出占主营业务收入的比重", 2019),
    ("千家工商注册企业中高新技术企业数量", 2019),
}


@pytest.fixture
def bazhou():
    return Region.objects.get(code="131081", valid_to=None)


def source():
    (path,) = ROOT.rglob("bazhou_scoring_table.json")
    return json.loads(path.read_text(encoding="utf-8"))["indicators"]


def test_the_scores_are_those_the_annex_prints(bazhou):
    table = read_duty_table(bazhou, duty_version(), 2020)
    assert [column.total for column in table.columns] == [
        *map(Decimal, ("52.64", "61.33", "73.97"))
    ]
    printed = {row["name"].partition("（")[0]: row for row in source()}
    compared = 0
    for row in table.rows:
        name = row.entry.name.partition("（")[0]
        for column, cell in zip(table.columns, row.cells, strict=True):
            words = printed[name]["cells"][YEARS[column.year]]["printed_score"]
            if (name, column.year) in PRINTED_OTHERWISE:
                assert abs(cell.score - Decimal(words)) <= Decimal("0.02"), name
            else:
                assert cell.score == Decimal(words), (name, column.year)
            compared += 1
    assert compared == 51


def test_this_years_targets_are_scored_and_the_rest_carried(bazhou):
    year = clock.today().year
    table = read_duty_table(bazhou, duty_version(), year)

    assert table.columns[-1].kind == ColumnKind.TARGET
    assert table.columns[-2].kind == ColumnKind.FORECAST
    cells = table.columns[-1].cells
    assert any(cell.value and cell.score is not None for cell in cells.values())
    assert any(cell.is_carried for cell in cells.values())


def test_the_page_and_its_workbook(bazhou):
    filler = User.objects.get(login="131081-fill")
    browser = signed_in(filler)
    page = browser.get(reverse("reports:duty_table", args=[bazhou.public_id]), {"year": 2020})

    assert "霸州市科技创新能力监测评价指标测算责任分工表" in page.content.decode()
    assert "73.97" in page.content.decode()
    book = browser.get(reverse("reports:duty_workbook", args=[bazhou.public_id]), {"year": 2020})
    assert b"".join(book.streaming_content).startswith(b"PK")
    assert questions(filler, reverse("reports:duty_table", args=[bazhou.public_id])) <= 45
