"""How one indicator is spread, with a county marked; and everything of every year as one file."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Level, Permission
from county_portal.common.access import page
from county_portal.common.errors import Stale
from dashboards.charts import Chart
from dashboards.enums import Of
from dashboards.forms import ALL, SpreadForm
from dashboards.selectors.boards import YearBoard, list_boards, read_points
from dashboards.selectors.figures import read_figures
from dashboards.selectors.history import history_table
from dashboards.selectors.reach import Reach, reach_of
from dashboards.spreads import SpreadOrder, boxes_of, histogram_of
from dashboards.tables import Table
from dashboards.views.pages import (
    Link,
    choose_year,
    csv_file,
    files,
    pages,
    source_lines,
    xlsx_file,
    year_choices,
    year_links,
)
from scoring.engine.types import Indicator

_FILES = {"dashboards:spread_xlsx": "Excel", "dashboards:spread_csv": "CSV"}


@dataclass(frozen=True, slots=True)
class _Asked:
    """A spread as the address asks for it; no histogram for who may not see every county."""

    form: SpreadForm
    years: list[Link]
    boxes: Chart
    histogram: Chart | None


def _asked(request: AuthenticatedRequest) -> _Asked | None:
    boards = list_boards()
    board = choose_year(boards, request.GET.get("year", ""))
    if board is None:
        return None
    reach = reach_of(request.user)
    form = _form(request, boards, board, reach)
    indicator = next(row for row in board.scheme.indicators if row.code == form.chosen("indicator"))
    of = form.chosen("of") or str(Of.POINTS)
    marked = next(
        (row for row in board.standings.values() if row.code == form.chosen("county")), None
    )
    place = reach.places.get(marked.region) if marked else None
    city = place.city_code if place else _only_city(reach)
    order = SpreadOrder(indicator, of, _values(board, indicator, of), marked, city)
    lines = source_lines(board, form, is_public=False)
    whole = reach.level == Level.PROVINCE
    histogram = histogram_of(board, order, lines) if whole else None
    boxes = boxes_of(board, reach, order, lines)
    return _Asked(form, year_links(boards, form), boxes, histogram)


def _form(
    request: AuthenticatedRequest, boards: list[YearBoard], board: YearBoard, reach: Reach
) -> SpreadForm:
    own = next((board.standings[pk] for pk in reach.line if pk in board.standings), None)
    opens_with = {
        "year": str(board.data_year),
        "indicator": board.scheme.indicators[0].code,
        "of": str(Of.POINTS),
        "county": own.code if own else "",
    }
    form = SpreadForm(request.GET, opens_with=opens_with)
    form.offer("year", year_choices(boards))
    indicators = [(row.code, f"{row.code} {row.name}") for row in board.scheme.indicators]
    form.offer("indicator", indicators)
    seen = [row for row in board.standings.values() if reach.sees(row.region)]
    seen.sort(key=lambda row: row.code)
    form.offer("county", [ALL, *((row.code, f"{row.city}{row.name}") for row in seen)])
    return form


def _only_city(reach: Reach) -> str:
    found = {reach.places[pk].city_code for pk in reach.regions}
    return found.pop() if len(found) == 1 else ""


def _values(board: YearBoard, indicator: Indicator, of: str) -> dict[int, Decimal]:
    if of == Of.FIGURE:
        return read_figures(board, indicator.code)
    points = read_points([board])[board.run_id]
    return {pk: lines[indicator.code] for pk, lines in points.items() if indicator.code in lines}


@page(Permission.VIEW_DASHBOARDS)
def spread(request: AuthenticatedRequest) -> HttpResponse:
    """Boxes by class and city, and how many counties in each stretch."""
    asked = _asked(request)
    context: dict[str, Any] = {"pages": pages("dashboards:spread"), "asked": asked}
    if asked:
        context["files"] = files(asked.form, _FILES)
    return render(request, "dashboards/spread.html", context)


def _table(request: AuthenticatedRequest) -> Table:
    asked = _asked(request)
    if asked is None:
        raise Stale("nothing_published", "还没有公布过名单，没有可以下载的内容。")
    return asked.boxes.table


@page(Permission.VIEW_DASHBOARDS)
def spread_csv(request: AuthenticatedRequest) -> StreamingHttpResponse:
    """The boxes as filtered."""
    table = _table(request)
    return csv_file(table, table.title)


@page(Permission.VIEW_DASHBOARDS)
def spread_xlsx(request: AuthenticatedRequest) -> HttpResponse:
    """The same as a workbook."""
    table = _table(request)
    return xlsx_file(table, table.title)


@page(Permission.VIEW_DASHBOARDS)
def history_csv(request: AuthenticatedRequest) -> StreamingHttpResponse:
    """Every county within reach in every year, line by line as the database hands them over."""
    table = history_table(list_boards(), reach_of(request.user))
    return csv_file(table, table.title)


@page(Permission.VIEW_DASHBOARDS)
def history_xlsx(request: AuthenticatedRequest) -> HttpResponse:
    """The same as a workbook, written as the rows come."""
    table = history_table(list_boards(), reach_of(request.user))
    return xlsx_file(table, table.title, is_streamed=True)
