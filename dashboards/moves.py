"""Which class came from which between two years, as matrix, flows and names. No queries."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboards.charts import Chart, Flow, sankey_chart
from dashboards.tables import Table, TableColumn, TableRow
from dashboards.units import standing_in

if TYPE_CHECKING:
    from dashboards.selectors.boards import YearBoard
    from dashboards.selectors.reach import Reach

CAME, WENT = "新参评", "未再参评"


@dataclass(frozen=True, slots=True)
class Way:
    """One county from a class, or from not being graded, to another; named as it is called last."""

    region: int
    code: str
    name: str
    city: str
    city_code: str
    source: str
    target: str


def ways_between(
    before: "YearBoard", after: "YearBoard", reach: "Reach", lines: Mapping[int, Sequence[int]]
) -> list[Way]:
    """Every county of either list; one that continues another is the same county."""
    found, continued = [], set()
    for row in after.standings.values():
        earlier = standing_in(before, lines.get(row.region, [row.region]))
        if earlier:
            continued.add(earlier.region)
        place = reach.places.get(row.region)
        if place:
            source = earlier.class_name if earlier else CAME
            way = (row.name, place.city, place.city_code, source, row.class_name)
            found.append(Way(row.region, row.code, *way))
    for row in before.standings.values():
        place = reach.places.get(row.region)
        if place and row.region not in continued:
            way = (row.name, place.city, place.city_code, row.class_name, WENT)
            found.append(Way(row.region, row.code, *way))
    return sorted(found, key=lambda way: (reach.places[way.region].city_order, way.code))


def moves_chart(
    ways: Sequence[Way], before: "YearBoard", after: "YearBoard", lines: Sequence[str]
) -> Chart:
    """The flows with their matrix."""
    counts = Counter((way.source, way.target) for way in ways)
    sources = [*before.classes, *([CAME] if any(way.source == CAME for way in ways) else [])]
    targets = [*after.classes, *([WENT] if any(way.target == WENT for way in ways) else [])]
    first, last = f"{before.data_year}年度", f"{after.data_year}年度"
    flows = [
        Flow(source, target, counts[source, target])
        for source in sources
        for target in targets
        if counts[source, target]
    ]
    rows = [
        TableRow(
            [
                _word(source, before.classes),
                *(counts[source, target] for target in targets),
                sum(counts[source, target] for target in targets),
            ]
        )
        for source in sources
    ]
    sums = [sum(counts[source, target] for source in sources) for target in targets]
    rows.append(TableRow(["合计", *sums, len(ways)]))
    columns = [
        TableColumn(f"{first}＼{last}", width=20),
        *(TableColumn(_word(target, after.classes), "count", 12) for target in targets),
        TableColumn("合计", "count", 10),
    ]
    title = f"{first}到{last}分档去向"
    option = sankey_chart(flows, (first, last), before.classes, after.classes)
    note = "左为前一年度，右为后一年度；带的粗细为县（市、区）个数，颜色为后一年度分档。"
    return Chart("moves", title, note, option, Table(title, columns, rows, lines))


def _word(key: str, classes: Sequence[str]) -> str:
    return f"{key}类" if key in classes else key


def ways_table(
    ways: Sequence[Way], title: str, lines: Sequence[str], urls: Mapping[int, str]
) -> Table:
    """Every county line by line."""
    columns = [
        *(TableColumn("县（市、区）", width=26), TableColumn("区划代码", width=12)),
        *(TableColumn("设区市", width=16), TableColumn("前一年度", "class", 12)),
        TableColumn("后一年度", "class", 12),
    ]
    rows = [
        TableRow([way.name, way.code, way.city, way.source, way.target], urls.get(way.region, ""))
        for way in ways
    ]
    return Table(title, columns, rows, lines)
