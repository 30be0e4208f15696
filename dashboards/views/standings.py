"""Places and movements, and ways between classes: one year, two years, always as filtered."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Stale
from dashboards.charts import Chart
from dashboards.forms import ALL, FilterForm, MovesForm, RankingForm
from dashboards.moves import moves_chart, ways_between, ways_table
from dashboards.ranking import RankingFilter, rank_counties, ranking_table
from dashboards.selectors.boards import list_boards
from dashboards.selectors.reach import lines_of, reach_of
from dashboards.tables import Table
from dashboards.views.pages import (
    Link,
    choose_year,
    county_urls,
    csv_file,
    default_city,
    files,
    pages,
    source_lines,
    xlsx_file,
    year_choices,
    year_links,
)

_RANKING_FILES = {"dashboards:ranking_xlsx": "Excel", "dashboards:ranking_csv": "CSV"}
_MOVES_FILES = {"dashboards:moves_xlsx": "Excel", "dashboards:moves_csv": "CSV"}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the address asks for; `chart` only of moves."""

    form: FilterForm
    table: Table
    years: list[Link]
    chart: Chart | None = None


def _ranking(request: AuthenticatedRequest) -> _Asked | None:
    boards = list_boards()
    board = choose_year(boards, request.GET.get("year", ""))
    if board is None:
        return None
    reach = reach_of(request.user)
    opens_with = {"year": str(board.data_year), "city": default_city(reach)}
    form = RankingForm(request.GET, opens_with=opens_with)
    form.offer("year", year_choices(boards))
    form.offer("city", [ALL, *reach.cities])
    form.offer("klass", [ALL, *((name, f"{name}类") for name in board.classes)])
    wanted = RankingFilter(form.chosen("city"), form.chosen("klass"), form.chosen("order"))
    lines = lines_of(reach.places[pk] for pk in reach.regions)
    rows = rank_counties(boards, board, reach, lines, wanted)
    title = f"{board.data_year}年度位次与升降"
    urls = county_urls(reach, str(board.data_year))
    table = ranking_table(rows, title, source_lines(board, form, is_public=False), urls)
    return _Asked(form, table, year_links(boards, form))


@page(Permission.VIEW_DASHBOARDS)
def ranking(request: AuthenticatedRequest) -> HttpResponse:
    """Counties within reach by place, with what moved and their way over the years."""
    asked = _ranking(request)
    context: dict[str, Any] = {"pages": pages("dashboards:ranking"), "asked": asked}
    if asked:
        context["files"] = files(asked.form, _RANKING_FILES)
    return render(request, "dashboards/ranking.html", context)


def _needed(asked: _Asked | None) -> Table:
    if asked is None:
        raise Stale("nothing_published", "公布的名单还不够，没有可以下载的内容。")
    return asked.table


@page(Permission.VIEW_DASHBOARDS)
def ranking_csv(request: AuthenticatedRequest) -> StreamingHttpResponse:
    """The same as filtered."""
    table = _needed(_ranking(request))
    return csv_file(table, table.title)


@page(Permission.VIEW_DASHBOARDS)
def ranking_xlsx(request: AuthenticatedRequest) -> HttpResponse:
    """The same as a workbook."""
    table = _needed(_ranking(request))
    return xlsx_file(table, table.title)


def _moves(request: AuthenticatedRequest) -> _Asked | None:
    """None with fewer than two published years."""
    boards = list_boards()
    after = choose_year(boards, request.GET.get("year", ""))
    others = [each for each in boards if after and each.data_year != after.data_year]
    if after is None or not others:
        return None
    usual = next((b for b in reversed(others) if b.data_year < after.data_year), others[0])
    reach = reach_of(request.user)
    opens_with = {
        "year": str(after.data_year),
        "before": str(usual.data_year),
        "city": default_city(reach),
    }
    form = MovesForm(request.GET, opens_with=opens_with)
    form.offer("year", year_choices(boards))
    form.offer("before", year_choices(others))
    form.offer("city", [ALL, *reach.cities])
    before = choose_year(others, form.chosen("before")) or usual
    city = form.chosen("city")
    lines = lines_of(reach.places[pk] for pk in after.standings if pk in reach.places)
    ways = [
        way
        for way in ways_between(before, after, reach, lines)
        if not city or way.city_code == city
    ]
    notes = source_lines(after, form, is_public=True)
    chart = moves_chart(ways, before, after, notes)
    urls = county_urls(reach, str(after.data_year))
    return _Asked(form, ways_table(ways, f"{chart.title}（逐县）", notes, urls), [], chart)


@page(Permission.VIEW_DASHBOARDS)
def moves(request: AuthenticatedRequest) -> HttpResponse:
    """Classes from and to, of any two years."""
    asked = _moves(request)
    context: dict[str, Any] = {"pages": pages("dashboards:moves"), "asked": asked}
    if asked:
        context["files"] = files(asked.form, _MOVES_FILES)
    return render(request, "dashboards/moves.html", context)


@page(Permission.VIEW_DASHBOARDS)
def moves_csv(request: AuthenticatedRequest) -> StreamingHttpResponse:
    """Every county's way as filtered."""
    table = _needed(_moves(request))
    return csv_file(table, table.title)


@page(Permission.VIEW_DASHBOARDS)
def moves_xlsx(request: AuthenticatedRequest) -> HttpResponse:
    """The same as a workbook."""
    table = _needed(_moves(request))
    return xlsx_file(table, table.title)
