"""The counties of one year as tiles: which sign and colour each has, and the same as a table. No queries."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from county_portal.accounts.roles import Level
from county_portal.common.components import Tile, TileGroup, TileKey
from dashboards.enums import CLOSED_SHOWS, Show
from dashboards.palette import FIFTHS, class_shade
from dashboards.tables import Table, TableColumn, TableRow
from scoring.enums import Movement

if TYPE_CHECKING:
    from dashboards.selectors.boards import Points, Standing, YearBoard
    from dashboards.selectors.reach import Place, Reach

_TENTH = Decimal("0.1")
MOVEMENTS: Mapping[str, tuple[str, str]] = {
    Movement.RISE: ("↑", "success"),
    Movement.SAME: ("→", "neutral"),
    Movement.FALL: ("↓", "danger"),
    Movement.FIRST: ("新", "info"),
}
_GROUP = "group:"


@dataclass(frozen=True, slots=True)
class GridFilter:
    """What the tiles show and are narrowed to; blanks narrow nothing.

    `indicator` is an indicator's code or `group:` with a first-level heading.
    """

    show: str = Show.CLASS
    indicator: str = ""
    city: str = ""
    class_name: str = ""


@dataclass(frozen=True, slots=True)
class PilotMark:
    """What a county is as a pilot, in sign, colour and words."""

    letter: str
    shade: str
    word: str


@dataclass(frozen=True, slots=True)
class GridRow:
    """One county with what its tile says; `value` only where points are shown."""

    place: "Place"
    standing: "Standing"
    letter: str
    shade: str
    word: str
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows by city and code, with their legend and what they show in words."""

    rows: Sequence[GridRow]
    keys: Sequence[TileKey]
    subject: str


def indicator_choices(board: "YearBoard") -> list[tuple[str, list[tuple[str, str]]]]:
    """Headings with their sums and indicators, as a field with groups takes them."""
    return [
        (
            name,
            [
                (f"{_GROUP}{name}", f"{name}（小计，{weight:f}分）"),
                *(
                    (row.code, f"{row.code} {row.name}")
                    for row in board.scheme.indicators
                    if row.group == name
                ),
            ],
        )
        for name, weight in board.groups
    ]


def points_of(board: "YearBoard", points: "Points", indicator: str) -> dict[int, Decimal]:
    """Points by region: of one indicator, or summed under one heading."""
    group = indicator.removeprefix(_GROUP)
    codes = {
        row.code
        for row in board.scheme.indicators
        if (row.group == group if indicator.startswith(_GROUP) else row.code == indicator)
    }
    return {
        region: sum((score for code, score in lines.items() if code in codes), Decimal(0))
        for region, lines in points.items()
    }


def draw_grid(
    board: "YearBoard",
    reach: "Reach",
    wanted: GridFilter,
    values: Mapping[int, Decimal],
    pilots: Mapping[int, PilotMark],
) -> Grid:
    """The tiles asked for; `values` are what SCORE and INDICATOR show, by region."""
    is_closed = wanted.show in CLOSED_SHOWS
    limits = fifths(values.values()) if is_closed else ()
    rows = []
    for standing in board.standings.values():
        place = reach.places.get(standing.region)
        if place is None or (wanted.city and place.city_code != wanted.city):
            continue
        if wanted.class_name and standing.class_name != wanted.class_name:
            continue
        if is_closed and not reach.sees(standing.region):
            continue
        value = values.get(standing.region) if is_closed else None
        letter, shade, word = _face(board, standing, wanted.show, value, limits, pilots)
        rows.append(GridRow(place, standing, letter, shade, word, value))
    rows.sort(key=lambda row: (row.place.city_order, row.standing.code))
    # A limit is some county's points, and the order within a class is public: it would tell whose.
    shown = [f"（{limit:f}分以上）" if reach.level == Level.PROVINCE else "" for limit in limits]
    return Grid(rows, _keys(board, rows, wanted.show, shown), subject_of(board, wanted))


def _face(
    board: "YearBoard",
    standing: "Standing",
    show: str,
    value: Decimal | None,
    limits: Sequence[Decimal],
    pilots: Mapping[int, PilotMark],
) -> tuple[str, str, str]:
    if show == Show.MOVEMENT:
        letter, shade = MOVEMENTS[standing.movement]
        return letter, shade, movement_words(standing)
    if show == Show.PILOT:
        mark = pilots.get(standing.region)
        return (mark.letter, mark.shade, mark.word) if mark else ("", "none", "不是试点")
    if show in CLOSED_SHOWS:
        if value is None:
            return "", "none", "没有得分"
        shown = str(value.quantize(_TENTH, ROUND_HALF_UP))
        return shown, FIFTHS[_fifth(value, limits)], f"{value:f}分"
    name = standing.class_name
    return name, class_shade(name, board.classes), f"{name}类"


def movement_words(standing: "Standing") -> str:
    """跃升（B到A）; a first year has nothing before it."""
    label = Movement(standing.movement).label
    if not standing.previous_class:
        return label
    if standing.previous_class == standing.class_name:
        return f"{label}（{standing.class_name}类）"
    return f"{label}（{standing.previous_class}到{standing.class_name}）"


def fifths(values: Iterable[Decimal]) -> list[Decimal]:
    """The least value of each of the four upper fifths of all counties, highest first."""
    ordered = sorted(values, reverse=True)
    parts = len(FIFTHS)
    if len(ordered) < parts:
        return []
    return [ordered[len(ordered) * part // parts - 1] for part in range(1, parts)]


def _fifth(value: Decimal, limits: Sequence[Decimal]) -> int:
    return next((place for place, limit in enumerate(limits) if value >= limit), len(limits))


def _keys(
    board: "YearBoard", rows: Sequence[GridRow], show: str, limits: Sequence[str]
) -> list[TileKey]:
    if show == Show.MOVEMENT:
        return [TileKey(*MOVEMENTS[each], each.label) for each in Movement]
    if show == Show.PILOT:
        faces = {(row.letter, row.shade): row.word.partition("（")[0] for row in rows}
        return [TileKey(*face, word) for face, word in faces.items()]
    if show in CLOSED_SHOWS:
        words = [f"全省前{n}/5{limit}" for n, limit in enumerate(limits, 1)] + ["其余"]
        return [TileKey(str(n), FIFTHS[n - 1], word) for n, word in enumerate(words, 1)]
    return [TileKey(name, class_shade(name, board.classes), f"{name}类") for name in board.classes]


def subject_of(board: "YearBoard", wanted: GridFilter) -> str:
    """What the tiles show, in words."""
    if wanted.show != Show.INDICATOR:
        return Show(wanted.show).label
    group = wanted.indicator.removeprefix(_GROUP)
    if group != wanted.indicator:
        return f"{group}得分"
    names = {row.code: row.name for row in board.scheme.indicators}
    return f"{names[wanted.indicator]}得分"


def tile_groups(grid: Grid, urls: Mapping[int, str]) -> list[TileGroup]:
    """The rows as the component takes them; `urls` by region, where there is a page."""
    groups: dict[str, list[Tile]] = {}
    for row in grid.rows:
        url = urls.get(row.standing.region, "")
        tile = Tile(row.standing.name, row.letter, row.shade, row.word, url=url)
        groups.setdefault(row.place.city, []).append(tile)
    return [TileGroup(name, tiles) for name, tiles in groups.items()]


def grid_table(
    grid: Grid, title: str, lines: Sequence[str], urls: Mapping[int, str], *, with_value: bool
) -> Table:
    """The same counties line by line."""
    columns = [
        *(TableColumn("县（市、区）", width=26), TableColumn("区划代码", width=12)),
        *(TableColumn("设区市", width=16), TableColumn("分档", "class", 8)),
        *(TableColumn("上年分档", "class", 10), TableColumn("升降", "movement", 12)),
    ]
    if with_value:
        columns.append(TableColumn(grid.subject, "points", 14))
    elif grid.rows and grid.subject == Show.PILOT.label:
        columns.append(TableColumn(grid.subject, width=30))
    rows = [_line(row, urls, len(columns), with_value=with_value) for row in grid.rows]
    return Table(title, columns, rows, lines)


def _line(row: GridRow, urls: Mapping[int, str], width: int, *, with_value: bool) -> TableRow:
    each = row.standing
    cells = [
        *(each.name, each.code, row.place.city, each.class_name, each.previous_class),
        Movement(each.movement).label,
        row.value if with_value else row.word,
    ]
    return TableRow(cells[:width], urls.get(each.region, ""))


def count_classes(board: "YearBoard", rows: Iterable[GridRow]) -> list[tuple[str, int]]:
    """How many in each class of the scheme, best first."""
    counts = Counter(row.standing.class_name for row in rows)
    return [(name, counts[name]) for name in board.classes]
