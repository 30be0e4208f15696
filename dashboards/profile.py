"""One county's profile: its headings against its class, and its way over the years. No queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from dashboards.charts import BRAND, GREY, ORANGE, Chart, Line, lines_chart, radar_chart
from dashboards.tables import Table, TableColumn, TableRow
from dashboards.units import mean_of, median_where, standing_in
from scoring.enums import Movement

if TYPE_CHECKING:
    from dashboards.selectors.boards import Points, Standing, YearBoard

_TENTH, _HUNDRED = Decimal("0.1"), Decimal(100)


@dataclass(frozen=True, slots=True)
class Subject:
    """The county: its line through the register, as it was on the year's list, and the year before."""

    board: "YearBoard"
    standing: "Standing"
    points: "Points"
    earlier: "YearBoard | None"
    before: "Standing | None"
    earlier_points: "Points"
    city: Sequence[int]  # regions of its city, itself among them


def radar_of(subject: Subject, lines: Sequence[str]) -> Chart:
    """Shares of full marks by heading: the county, the median of its class, itself a year before."""
    board, own = subject.board, subject.standing
    sums = _sums(board, subject.points)
    earlier = _sums(subject.earlier, subject.earlier_points) if subject.earlier else {}
    rows, shares = [], []
    for name, weight in board.groups:
        values = {pk: each[name] for pk, each in sums.items()}
        median = median_where(board, values, lambda row: row.class_name == own.class_name)
        before = earlier.get(subject.before.region, {}).get(name) if subject.before else None
        mine = values.get(own.region, Decimal(0))
        shares.append([_share(each, weight) for each in (mine, median, before)])
        rows.append(TableRow([name, weight, mine, median, mean_of(board, values), before]))
    columns = [
        *(TableColumn("一级指标", width=22), TableColumn("满分", "count", 8)),
        *(TableColumn("本县得分", "points", 10), TableColumn("同类中位数", "points", 12)),
        *(TableColumn("全省平均", "points", 10), TableColumn("本县上年", "points", 10)),
    ]
    names = (own.name, f"{own.class_name}类中位数", f"{own.name}上年")
    colours, dashed = (BRAND, ORANGE, GREY), (False, False, True)
    drawn = [
        Line(name, [share[n] for share in shares], colours[n], dashed[n])
        for n, name in enumerate(names)
        if any(share[n] is not None for share in shares)
    ]
    title = f"{own.name}{board.data_year}年度各一级指标得分占满分比重"
    option = radar_chart([name for name, _ in board.groups], drawn)
    note = "图为得分占满分的百分比，表为得分；同类不足3个县（市、区）的，中位数不显示。"
    return Chart("radar", title, note, option, Table(title, columns, rows, lines))


def _sums(board: "YearBoard", points: "Points") -> dict[int, dict[str, Decimal]]:
    codes = {row.code: row.group for row in board.scheme.indicators}
    found: dict[int, dict[str, Decimal]] = {}
    for region, lines in points.items():
        sums = {name: Decimal(0) for name, _ in board.groups}
        for code, score in lines.items():
            sums[codes[code]] += score
        found[region] = sums
    return found


def _share(points: Decimal | None, weight: Decimal) -> Decimal | None:
    if points is None or not weight:
        return None
    return (points / weight * _HUNDRED).quantize(_TENTH, ROUND_HALF_UP)


def years_of(boards: "Sequence[YearBoard]", line: Sequence[int], lines: Sequence[str]) -> Chart:
    """Totals year by year beside the median of the class it was in, with the newest limits of the classes."""
    rows, own, medians = [], [], []
    for board in boards:
        standing = standing_in(board, line)
        totals = {pk: row.total for pk, row in board.standings.items()}
        median = _class_median(board, totals, standing.class_name) if standing else None
        own.append(standing.total if standing else None)
        medians.append(median)
        rows.append(_year(board, standing, median, mean_of(board, totals)))
    labels = [f"{board.data_year}年度" for board in boards]
    limits = [(f"{g.name}类", g.at_least) for g in boards[-1].scheme.classes if g.at_least > 0]
    parts = [Line("本县总分", own, BRAND), Line("同类中位数", medians, ORANGE, is_dashed=True)]
    option = lines_chart(labels, parts, "分", limits)
    columns = [
        *(TableColumn("数据年度", width=12), TableColumn("名称", width=24)),
        *(TableColumn("总分", "points", 10), TableColumn("位次", "count", 8)),
        *(TableColumn("分档", "class", 8), TableColumn("升降", "movement", 12)),
        *(TableColumn("同类中位数", "points", 12), TableColumn("全省平均", "points", 10)),
    ]
    title = "历年总分和分档"
    note = "虚线为最近一年的分档线；没有参评的年度留空。"
    return Chart("years", title, note, option, Table(title, columns, rows, lines))


def _class_median(board: "YearBoard", totals: Mapping[int, Decimal], name: str) -> Decimal | None:
    return median_where(board, totals, lambda row: row.class_name == name)


def _year(
    board: "YearBoard", row: "Standing | None", median: Decimal | None, mean: Decimal | None
) -> TableRow:
    year = f"{board.data_year}年度"
    if row is None:
        return TableRow([year, "未参评", None, None, "", "", None, mean])
    label = Movement(row.movement).label
    return TableRow([year, row.name, row.total, row.rank, row.class_name, label, median, mean])


def indicators_of(subject: Subject, lines: Sequence[str]) -> Table:
    """Points line by line beside class, city and province."""
    board, own = subject.board, subject.standing
    mine = subject.points.get(own.region, {})
    before = subject.earlier_points.get(subject.before.region, {}) if subject.before else {}
    city = set(subject.city)
    rows = []
    for row in board.scheme.indicators:
        values = _column(subject.points, row.code)
        rows.append(
            TableRow(
                [
                    *(f"{row.code} {row.name}", row.group, row.weight, mine.get(row.code)),
                    median_where(board, values, lambda each: each.class_name == own.class_name),
                    median_where(board, values, lambda each: each.region in city),
                    *(mean_of(board, values), before.get(row.code)),
                ]
            )
        )
    columns = [
        *(TableColumn("指标", width=34), TableColumn("一级指标", width=18)),
        *(TableColumn("满分", "count", 8), TableColumn("本县得分", "points", 10)),
        *(TableColumn("同类中位数", "points", 12), TableColumn("本市中位数", "points", 12)),
        *(TableColumn("全省平均", "points", 10), TableColumn("本县上年", "points", 10)),
    ]
    return Table(f"{own.name}{board.data_year}年度各指标得分", columns, rows, lines)


def _column(points: "Points", code: str) -> Mapping[int, Decimal]:
    return {region: lines[code] for region, lines in points.items() if code in lines}
