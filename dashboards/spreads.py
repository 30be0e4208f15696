"""How one indicator is spread over the province, the classes and a city. No queries.

Whoever may not see every county gets medians of the others, and none of fewer than three: the least, the most and
the quarters are single counties' figures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from county_portal.common.numbers import plain, readable
from dashboards.charts import BoxLine, Chart, Option, bars_chart, boxes_chart
from dashboards.enums import Of
from dashboards.tables import Table, TableColumn, TableRow
from reports.selectors.statistics import median_of_peers
from scoring.engine.types import ByPeerRule, Indicator, PiecewiseRule
from scoring.spread import bins, quarters

if TYPE_CHECKING:
    from dashboards.selectors.boards import Standing, YearBoard
    from dashboards.selectors.reach import Reach


@dataclass(frozen=True, slots=True)
class SpreadOrder:
    """What is spread: an indicator's points or figures by region, with the county marked."""

    indicator: Indicator
    of: str
    values: Mapping[int, Decimal]
    marked: "Standing | None"
    city: str  # code of the city shown beside the province

    @property
    def unit(self) -> str:
        """Of the values."""
        return "分" if self.of == Of.POINTS else self.indicator.unit

    @property
    def name(self) -> str:
        """The indicator and what of it."""
        what = f"数值，{self.unit}" if self.of == Of.FIGURE and self.unit else Of(self.of).label
        return f"{self.indicator.code} {self.indicator.name}（{what}）"


def knots_of(indicator: Indicator, code: str) -> list[Decimal]:
    """Where a piecewise rule bends, for the county with this code; none for other rules."""
    rule = indicator.rule
    if isinstance(rule, ByPeerRule):
        rule = rule.for_county(code)
    if not isinstance(rule, PiecewiseRule):
        return []
    ends = {band.end for band in rule.bands if band.end is not None}
    return sorted({*(band.start for band in rule.bands), *ends})


def boxes_of(board: "YearBoard", reach: "Reach", order: SpreadOrder, lines: Sequence[str]) -> Chart:
    """Boxes of the groups that may be seen whole; of the others the median alone, in the table."""
    rows, boxes = [], []
    for name, regions in _groups(board, reach, order.city):
        found = [order.values[pk] for pk in regions if pk in order.values]
        if not found:
            continue
        if all(reach.sees(pk) for pk in regions):
            each = quarters(found)
            assert each is not None  # noqa: S101 -- there are some
            numbers = (each.least, each.first, each.middle, each.third, each.most)
            boxes.append(BoxLine(name, numbers))
            rows.append(TableRow([name, each.count, *map(readable, numbers), each.mean]))
        else:
            median = median_of_peers(found)
            rows.append(TableRow([name, len(found), None, None, median, None, None, None]))
    own = _own(order)
    if own:
        shown = readable(own[1])
        rows.append(TableRow([own[0], 1, None, None, shown, None, None, None], is_marked=True))
    columns = [
        *(TableColumn("范围", width=24), TableColumn("县数", "count", 8)),
        *(
            TableColumn(word, "figure", 12)
            for word in ("最低", "下四分位", "中位数", "上四分位", "最高")
        ),
        TableColumn("平均", "figure", 12),
    ]
    code = order.marked.code if order.marked else ""
    knots = knots_of(order.indicator, code) if order.of == Of.FIGURE else []
    title = f"{board.data_year}年度{order.name}分布"
    option = boxes_chart(boxes, order.unit, knots, own) if boxes else _beside(rows, order.unit)
    words = "、".join(plain(knot) for knot in knots)
    note = (
        "线为最低至最高，框为中间一半，竖线为中位数。"
        if boxes
        else "不足3个县（市、区）的，中位数不显示。"
    )
    if words:
        note += f"虚线为评分方案的分段点：{words}{order.unit}。"
    return Chart("boxes", title, note, option, Table(title, columns, rows, lines))


def _beside(rows: Sequence[TableRow], unit: str) -> Option:
    """A county beside the medians it may know; it comes last."""
    middles = [row.cells[4] for row in rows]
    values = [value if isinstance(value, Decimal) else None for value in middles]
    return bars_chart([str(row.cells[0]) for row in rows], values, unit, len(rows) - 1, "中位数")


def _groups(board: "YearBoard", reach: "Reach", city: str) -> list[tuple[str, list[int]]]:
    rows = board.standings.values()
    groups = [("全省", [row.region for row in rows])]
    groups += [
        (f"{name}类", [row.region for row in rows if row.class_name == name])
        for name in board.classes
    ]
    if city:
        inside = [
            row.region
            for row in rows
            if row.region in reach.places and reach.places[row.region].city_code == city
        ]
        groups.append((dict(reach.cities).get(city, ""), inside))
    return [(name, regions) for name, regions in groups if regions]


def _own(order: SpreadOrder) -> tuple[str, Decimal] | None:
    if order.marked is None or order.marked.region not in order.values:
        return None
    return order.marked.name, order.values[order.marked.region]


def histogram_of(board: "YearBoard", order: SpreadOrder, lines: Sequence[str]) -> Chart | None:
    """How many counties in each stretch of the scale; None without any value."""
    values = list(order.values.values())
    full = order.indicator.weight if order.of == Of.POINTS else max(values, default=Decimal(0))
    if not values or full <= 0:
        return None
    found = bins(values, full)
    own = _own(order)
    marked = None
    if own:
        marked = next((n for n, b in enumerate(found) if b.start <= own[1] < b.end), len(found) - 1)
    labels = [f"{plain(each.start)}—{plain(each.end)}" for each in found]
    rows = [
        TableRow([label, each.count], is_marked=n == marked)
        for n, (label, each) in enumerate(zip(labels, found, strict=True))
    ]
    columns = [
        TableColumn(f"{Of(order.of).label}（{order.unit}）", width=24),
        TableColumn("县数", "count"),
    ]
    title = f"{board.data_year}年度{order.name}各段县数"
    option = bars_chart(labels, [each.count for each in found], "个", marked, order.unit)
    note = "各段含下限、不含上限，最后一段含上限。" + (f"橙色为{own[0]}所在段。" if own else "")
    return Chart("histogram", title, note, option, Table(title, columns, rows, lines))
