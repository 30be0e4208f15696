"""Every county of every published year with all its points, read as it is written: nothing is held together."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, JSONObject

from county_portal.common.province import words
from dashboards.selectors.boards import YearBoard
from dashboards.selectors.reach import Reach
from dashboards.tables import Table, TableColumn, TableRow
from scoring.enums import Movement
from scoring.models import ListRow, Result, ResultLine

_CHUNK = 500


def history_table(boards: Sequence[YearBoard], reach: Reach) -> Table:
    """Years from the oldest, counties in each list's order; columns for every indicator of any year."""
    names: dict[str, str] = {}
    for board in boards:
        names |= {row.code: row.name for row in board.scheme.indicators}
    codes = sorted(names)
    columns = [
        *(TableColumn("数据年度", width=10), TableColumn("区划代码", width=12)),
        *(TableColumn(words().city, width=16), TableColumn("县（市、区）", width=26)),
        *(TableColumn("分档", "class", 8), TableColumn("上年分档", "class", 10)),
        *(TableColumn("升降", "movement", 12), TableColumn("位次", "count", 8)),
        TableColumn("总分", "points", 10),
        *(TableColumn(f"{code} {names[code]}", "points", 14) for code in codes),
    ]
    years = {board.list_id: board.data_year for board in boards}
    span = f"{boards[0].data_year}—{boards[-1].data_year}年度" if boards else ""
    lines = (f"来源：历年{words().evaluation}名单（现行版）", "内部资料，未经公布不得对外提供。")
    rows = _rows(_query(boards, reach), years, codes)
    return Table(f"{span}各县（市、区）评价结果", columns, rows, lines)


def _query(boards: Sequence[YearBoard], reach: Reach) -> QuerySet[ListRow]:
    """One statement; the rows are fetched by a cursor of the database's own."""
    same = {"run": OuterRef("published_list__run"), "region": OuterRef("region")}
    line = JSONObject(code="indicator_code", score=Cast("score", TextField()))
    points = (
        ResultLine.objects.filter(**{f"result__{key}": value for key, value in same.items()})
        .order_by()
        .values("result")
        .annotate(found=JSONBAgg(line))
        .values("found")
    )
    rows = ListRow.objects.filter(published_list__public_id__in=[board.list_id for board in boards])
    return (
        rows.filter(region__in=reach.regions)
        .annotate(
            total=Subquery(Result.objects.filter(**same).values("total")[:1]),
            points=Subquery(points),
        )
        .order_by("published_list__collection__data_year", "order")
    )


def _rows(
    query: QuerySet[ListRow], years: dict[Any, int], codes: Sequence[str]
) -> Iterator[TableRow]:
    names = (
        *("published_list__public_id", "code", "city", "name", "class_name", "previous_class"),
        *("movement", "rank", "total", "points"),
    )
    for each in query.values_list(*names).iterator(chunk_size=_CHUNK):
        points = {line["code"]: Decimal(line["score"]) for line in each[-1] or ()}
        yield TableRow(
            [
                *(f"{years[each[0]]}", *each[1:6], Movement(each[6]).label, each[7], each[8]),
                *(points.get(code) for code in codes),
            ]
        )
