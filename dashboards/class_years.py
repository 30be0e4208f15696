"""How many counties stood in each class, year by year, as chart and table."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dashboards.charts import Chart, Line, stacked_bars
from dashboards.palette import class_colour
from dashboards.tables import Table, TableColumn, TableRow

if TYPE_CHECKING:
    from dashboards.selectors.boards import YearBoard
    from dashboards.selectors.reach import Reach


def class_years(boards: "Sequence[YearBoard]", reach: "Reach", city: str) -> Chart:
    """Every class any year's scheme knew; of one city where one is given."""
    names = list(dict.fromkeys(name for board in reversed(boards) for name in board.classes))
    counts = [_counts(board, reach, city) for board in boards]
    labels = [f"{board.data_year}年度" for board in boards]
    newest = boards[-1].classes
    parts = [
        Line(f"{name}类", [each[name] for each in counts], class_colour(name, newest))
        for name in names
    ]
    rows = [
        TableRow([label, *(each[name] for name in names), sum(each.values())])
        for label, each in zip(labels, counts, strict=True)
    ]
    columns = [
        TableColumn("数据年度", width=14),
        *(TableColumn(f"{name}类", "count", 10) for name in names),
        TableColumn("合计", "count", 10),
    ]
    title = "各年度各类县（市、区）个数"
    where = dict(reach.cities).get(city, "全省")
    table = Table(f"{title}（{where}）", columns, rows)
    return Chart("class-years", title, where, stacked_bars(labels, parts, "个"), table)


def _counts(board: "YearBoard", reach: "Reach", city: str) -> Counter[str]:
    return Counter(
        row.class_name
        for row in board.standings.values()
        if not city or (row.region in reach.places and reach.places[row.region].city_code == city)
    )
