"""The province at a glance: tiles of one year by class, movement, points or pilots, with classes over the years."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import Audience, page
from county_portal.common.errors import Stale
from dashboards.class_years import class_years
from dashboards.enums import CLOSED_SHOWS, OPEN_SHOWS, Show
from dashboards.forms import ALL, GridForm
from dashboards.grid import (
    Grid,
    GridFilter,
    count_classes,
    draw_grid,
    grid_table,
    indicator_choices,
    points_of,
    tile_groups,
)
from dashboards.grid_drawing import drawing_of
from dashboards.selectors.boards import YearBoard, list_boards, read_points
from dashboards.selectors.pilots import read_pilots
from dashboards.selectors.reach import Reach, public_reach, reach_of
from dashboards.tables import Table
from dashboards.views.pages import (
    choose_year,
    county_urls,
    csv_file,
    default_city,
    files,
    pages,
    source_lines,
    svg_file,
    xlsx_file,
    year_choices,
    year_links,
)
from scoring.enums import Movement

if TYPE_CHECKING:
    from django.http import QueryDict

_FILES = {
    "dashboards:board_xlsx": "Excel",
    "dashboards:board_csv": "CSV",
    "dashboards:board_svg": "图（SVG）",
}
_PUBLIC_FILES = {
    "dashboards:public_xlsx": "Excel",
    "dashboards:public_csv": "CSV",
    "dashboards:public_svg": "图（SVG）",
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """A grid as the address asks for it."""

    boards: Sequence[YearBoard]
    board: YearBoard
    reach: Reach
    form: GridForm
    grid: Grid
    table: Table

    @property
    def urls(self) -> Mapping[int, str]:
        return county_urls(self.reach, str(self.board.data_year))


def _asked(data: "QueryDict", reach: Reach, *, is_public: bool) -> _Asked | None:
    """None where nothing was published yet."""
    boards = list_boards()
    board = choose_year(boards, data.get("year", ""))
    if board is None:
        return None
    form = _form(data, boards, board, reach)
    if is_public:
        form.without_points()
    show = form.chosen("show") or str(Show.CLASS)
    indicator = "" if is_public else form.chosen("indicator")
    wanted = GridFilter(show, indicator, form.chosen("city"), form.chosen("klass"))
    pilots = read_pilots(reach) if show == Show.PILOT else {}
    grid = draw_grid(board, reach, wanted, _values(board, wanted), pilots)
    title = f"{board.data_year}年度县（市、区）{grid.subject}"
    lines = source_lines(board, form, is_public=is_public)
    urls = county_urls(reach, str(board.data_year))
    table = grid_table(grid, title, lines, urls, with_value=show in CLOSED_SHOWS)
    return _Asked(boards, board, reach, form, grid, table)


def _form(
    data: "QueryDict", boards: Sequence[YearBoard], board: YearBoard, reach: Reach
) -> GridForm:
    choices = indicator_choices(board)
    opens_with = {
        "year": str(board.data_year),
        "show": str(Show.CLASS),
        "city": default_city(reach),
        "indicator": choices[0][1][0][0] if choices else "",
    }
    form = GridForm(data, opens_with=opens_with)
    form.offer("show", [(str(each), each.label) for each in Show])
    form.offer("year", year_choices(boards))
    form.offer("indicator", choices)
    form.offer("city", [ALL, *reach.cities])
    form.offer("klass", [ALL, *((name, f"{name}类") for name in board.classes)])
    return form


def _values(board: YearBoard, wanted: GridFilter) -> dict[int, Decimal]:
    """Points of every county, for the steps; which of them are shown the grid decides."""
    if wanted.show == Show.SCORE:
        return {pk: row.total for pk, row in board.standings.items()}
    if wanted.show == Show.INDICATOR:
        return points_of(board, read_points([board])[board.run_id], wanted.indicator)
    return {}


@page(Permission.VIEW_DASHBOARDS)
def board(request: AuthenticatedRequest) -> HttpResponse:
    """Tiles and table of one year, classes over the years."""
    asked = _asked(request.GET, reach_of(request.user), is_public=False)
    context: dict[str, Any] = {"pages": pages("dashboards:board")}
    if asked:
        context |= _context(asked)
        context["files"] = files(asked.form, _FILES)
    return render(request, "dashboards/board.html", context)


@page(Audience.PUBLIC)
def public_board(request: HttpRequest) -> HttpResponse:
    """The same for everybody: classes and movements of published lists, no points and no places."""
    asked = _asked(request.GET, public_reach(), is_public=True)
    context: dict[str, Any] = {
        "page_meta": {"column_name": "数据看板", "description": "历年县（市、区）分档和升降"},
        "breadcrumbs": [("首页", reverse("home:front")), ("数据看板", None)],
    }
    if asked:
        context |= _context(asked)
        context["files"] = files(asked.form, _PUBLIC_FILES)
    return render(request, "dashboards/public_board.html", context)


def _context(asked: _Asked) -> dict[str, Any]:
    rows = asked.grid.rows
    moved = [row.standing.movement for row in rows]
    return {
        "board": asked.board,
        "form": asked.form,
        "years": year_links(asked.boards, asked.form),
        "grid": asked.grid,
        "tiles": tile_groups(asked.grid, asked.urls),
        "table": asked.table,
        "classes": count_classes(asked.board, rows),
        "rises": moved.count(Movement.RISE),
        "falls": moved.count(Movement.FALL),
        "over_years": class_years(asked.boards, asked.reach, asked.form.chosen("city")),
        "is_narrow": asked.form.chosen("show") not in OPEN_SHOWS
        and asked.reach.level != "province",
    }


def _needed(asked: _Asked | None) -> _Asked:
    if asked is None:
        raise Stale("nothing_published", "还没有公布过名单，没有可以下载的内容。")
    return asked


def _own(request: AuthenticatedRequest) -> _Asked:
    return _needed(_asked(request.GET, reach_of(request.user), is_public=False))


def _everybodys(request: HttpRequest) -> _Asked:
    return _needed(_asked(request.GET, public_reach(), is_public=True))


def _drawing(asked: _Asked) -> HttpResponse:
    context = {"drawing": drawing_of(asked.grid, asked.table.title, asked.table.lines)}
    return svg_file(render_to_string("dashboards/grid.svg", context), asked.table.title)


@page(Permission.VIEW_DASHBOARDS)
def board_csv(request: AuthenticatedRequest) -> StreamingHttpResponse:
    """The table as filtered."""
    table = _own(request).table
    return csv_file(table, table.title)


@page(Permission.VIEW_DASHBOARDS)
def board_xlsx(request: AuthenticatedRequest) -> HttpResponse:
    """The same as a workbook."""
    table = _own(request).table
    return xlsx_file(table, table.title)


@page(Permission.VIEW_DASHBOARDS)
def board_svg(request: AuthenticatedRequest) -> HttpResponse:
    """The tiles as a drawing."""
    return _drawing(_own(request))


@page(Audience.PUBLIC)
def public_csv(request: HttpRequest) -> StreamingHttpResponse:
    """What everybody sees, as filtered."""
    table = _everybodys(request).table
    return csv_file(table, table.title)


@page(Audience.PUBLIC)
def public_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as a workbook."""
    table = _everybodys(request).table
    return xlsx_file(table, table.title)


@page(Audience.PUBLIC)
def public_svg(request: HttpRequest) -> HttpResponse:
    """The tiles as a drawing."""
    return _drawing(_everybodys(request))
