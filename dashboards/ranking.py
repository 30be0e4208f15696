"""Places and movements of one year with each county's way there. No queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from dashboards.enums import Order
from dashboards.tables import Table, TableColumn, TableRow
from dashboards.units import standing_in
from scoring.enums import Movement

if TYPE_CHECKING:
    from dashboards.selectors.boards import Standing, YearBoard
    from dashboards.selectors.reach import Place, Reach

_WIDE, _TALL, _EDGE = 88, 22, 3


@dataclass(frozen=True, slots=True)
class Spark:
    """A small curve of places, best on top; gaps where a county was not graded."""

    stretches: Sequence[str]
    dots: Sequence[tuple[int, int]]
    words: str


@dataclass(frozen=True, slots=True)
class Ranked:
    """One county of one year beside the year before, where it was graded then."""

    place: "Place"
    standing: "Standing"
    points: Decimal | None
    places: int | None
    spark: Spark


@dataclass(frozen=True, slots=True)
class RankingFilter:
    """What a ranking is narrowed to and ordered by; blanks narrow nothing."""

    city: str = ""
    class_name: str = ""
    order: str = ""


def rank_counties(
    boards: "Sequence[YearBoard]",
    board: "YearBoard",
    reach: "Reach",
    lines: Mapping[int, Sequence[int]],
    wanted: RankingFilter,
) -> list[Ranked]:
    """The counties within reach that are asked for, in the order asked for."""
    earlier = next((each for each in boards if each.data_year == board.data_year - 1), None)
    rows = []
    for standing in board.standings.values():
        place = reach.places.get(standing.region)
        if place is None or not reach.sees(standing.region):
            continue
        if wanted.city and place.city_code != wanted.city:
            continue
        if wanted.class_name and standing.class_name != wanted.class_name:
            continue
        line = lines.get(standing.region, [standing.region])
        before = standing_in(earlier, line) if earlier else None
        rows.append(
            Ranked(
                place,
                standing,
                standing.total - before.total if before else None,
                before.rank - standing.rank if before else None,
                draw_spark(boards, line),
            )
        )
    return sorted(rows, key=lambda row: _key(row, wanted.order))


def _key(row: Ranked, order: str) -> tuple[bool, Decimal, str]:
    """What cannot be compared stands behind."""
    keys = {
        Order.GAIN: None if row.points is None else -row.points,
        Order.LOSS: row.points,
        Order.CLIMB: None if row.places is None else Decimal(-row.places),
        Order.COUNTY: Decimal(0),
    }
    key = keys.get(Order(order), Decimal(row.standing.rank))
    return (key is None, key or Decimal(0), row.standing.code)


def draw_spark(boards: "Sequence[YearBoard]", line: Sequence[int]) -> Spark:
    """One point for each year."""
    found = [(board, standing_in(board, line)) for board in boards]
    stretches: list[list[tuple[int, int]]] = [[]]
    for n, (board, standing) in enumerate(found):
        if standing is None:
            stretches.append([])
            continue
        most = max(len(board.standings) - 1, 1)
        x = _EDGE + _WIDE * n // max(len(found) - 1, 1)
        stretches[-1].append((x, _EDGE + _TALL * (standing.rank - 1) // most))
    words = "；".join(
        f"{board.data_year}年度{f'第{standing.rank}位' if standing else '未参评'}"
        for board, standing in found
    )
    drawn = [" ".join(f"{x},{y}" for x, y in each) for each in stretches if len(each) > 1]
    return Spark(drawn, [dot for each in stretches for dot in each], words)


def ranking_table(
    rows: Sequence[Ranked], title: str, lines: Sequence[str], urls: Mapping[int, str]
) -> Table:
    """The counties line by line."""
    columns = [
        *(TableColumn("县（市、区）", width=26), TableColumn("区划代码", width=12)),
        *(TableColumn("设区市", width=16), TableColumn("位次", "count", 8)),
        *(TableColumn("名次升降", "places", 10), TableColumn("总分", "points", 10)),
        *(TableColumn("比上年增减", "signed", 12), TableColumn("分档", "class", 8)),
        *(TableColumn("上年分档", "class", 10), TableColumn("升降", "movement", 12)),
        TableColumn("历年位次", "spark"),
    ]
    return Table(title, columns, [_line(row, urls) for row in rows], lines)


def _line(row: Ranked, urls: Mapping[int, str]) -> TableRow:
    each = row.standing
    cells = (
        *(each.name, each.code, row.place.city, each.rank, row.places, each.total, row.points),
        *(each.class_name, each.previous_class, Movement(each.movement).label, row.spark),
    )
    return TableRow(cells, urls.get(each.region, ""))
