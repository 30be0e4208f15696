"""Monthly progress against expectations, of many counties and of one. No queries."""

from collections import Counter
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from county_portal.common.numbers import readable
from dashboards.charts import BRAND, GREEN, GREY, ORANGE, Chart, Line, lines_chart, stacked_bars
from dashboards.tables import Table, TableColumn, TableRow

if TYPE_CHECKING:
    from dashboards.selectors.months import Months

PACES = ("快", "持平", "慢", "未报")
_COLOURS = {"快": GREEN, "持平": BRAND, "慢": ORANGE, "未报": "#c9d1da", "无目标": GREY}
_TENTH, _HUNDRED = Decimal("0.1"), Decimal(100)


def paces_chart(
    rows: "Sequence[Months]", months: Sequence[int], title: str, lines: Sequence[str]
) -> Chart:
    """How many counties were ahead, level, behind and silent, month by month."""
    counts = [Counter(row.word(month) or "无目标" for row in rows) for month in months]
    words = [*PACES, *(["无目标"] if any(each["无目标"] for each in counts) else [])]
    labels = [f"{month}月" for month in months]
    parts = [Line(word, [each[word] for each in counts], _COLOURS[word]) for word in words]
    table = Table(
        title,
        [TableColumn("月份"), *(TableColumn(word, "count") for word in words)],
        [
            TableRow([label, *(each[word] for word in words)])
            for label, each in zip(labels, counts, strict=True)
        ],
        lines,
    )
    note = "快、慢、持平与时序进度（按年度目标匀速推进）相比；越低越好的指标已按方向换算。"
    return Chart("paces", title, note, stacked_bars(labels, parts, "个"), table)


def path_chart(row: "Months", unit: str, title: str, lines: Sequence[str]) -> Chart:
    """One county's figures beside the straight path."""
    months = range(1, 13)
    expected = [row.expected(month) for month in months]
    reached = [row.numbers.get(month) for month in months]
    labels = [f"{month}月" for month in months]
    drawn = [
        Line("完成", reached, BRAND),
        Line("时序进度", expected, ORANGE, is_dashed=True),
    ]
    rows = [
        TableRow([label, number, _readable(path), _readable(row.lead(month)), row.word(month)])
        for label, number, path, month in zip(labels, reached, expected, months, strict=True)
    ]
    columns = [
        *(TableColumn("月份"), TableColumn("完成", "figure"), TableColumn("时序进度", "figure")),
        *(TableColumn("比时序进度", "figure"), TableColumn("进度")),
    ]
    note = (
        "虚线为按年度目标匀速推进的时序进度。" if row.course else "还没有年度目标，没有时序进度。"
    )
    option = lines_chart(labels, drawn, unit)
    return Chart("path", title, note, option, Table(title, columns, rows, lines))


def _readable(number: Decimal | None) -> Decimal | None:
    return None if number is None else readable(number)


def months_table(
    rows: "Sequence[Months]", pace: str, title: str, lines: Sequence[str], urls: dict[int, str]
) -> Table:
    """Each county's last reported month; narrowed to those of one pace where asked."""
    columns = [
        *(TableColumn("县（市、区）", width=26), TableColumn("区划代码", width=12)),
        *(TableColumn("设区市", width=16), TableColumn("年度目标", "figure", 12)),
        *(TableColumn("最近月份", width=10), TableColumn("完成", "figure", 12)),
        *(TableColumn("时序进度", "figure", 12), TableColumn("比时序进度", "figure", 12)),
        *(TableColumn("完成目标%", "figure", 12), TableColumn("进度", width=8)),
    ]
    found = [_line(row, urls) for row in rows]
    kept = [row for row in found if not pace or row.cells[-1] == pace]
    return Table(title, columns, kept, lines)


def _line(row: "Months", urls: dict[int, str]) -> TableRow:
    region, month = row.place.region, row.latest
    head = [region.name, region.code, row.place.city, row.target]
    if month is None:
        return TableRow([*head, "", None, None, None, None, "未报"], urls.get(region.pk, ""))
    number = row.numbers[month]
    share = None
    if row.target:
        share = (number / row.target * _HUNDRED).quantize(_TENTH, ROUND_HALF_UP)
    tail = [number, _readable(row.expected(month)), _readable(row.lead(month)), share]
    return TableRow([*head, f"{month}月", *tail, row.word(month)], urls.get(region.pk, ""))
