"""One county: its profile against its class, its way over the years, its indicators."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Stale
from dashboards.charts import Chart
from dashboards.forms import CountyForm
from dashboards.profile import Subject, indicators_of, radar_of, years_of
from dashboards.selectors.boards import YearBoard, list_boards, read_points
from dashboards.selectors.reach import Place, Reach, lines_of, reach_of
from dashboards.tables import Table
from dashboards.units import standing_in
from dashboards.views.pages import (
    Link,
    choose_year,
    county_urls,
    csv_file,
    pages,
    source_lines,
    xlsx_file,
    year_choices,
    year_links,
)


@page(Permission.VIEW_DASHBOARDS)
def counties(request: AuthenticatedRequest) -> HttpResponseBase:
    """The counties within reach, city by city; a county comes to its own at once."""
    reach = reach_of(request.user)
    if reach.own:
        return redirect("dashboards:county", public_id=reach.own.region.public_id)
    urls = county_urls(reach, "")
    groups: dict[str, list[Link]] = {}
    for place in sorted(reach.living, key=lambda each: (each.city_order, each.code)):
        groups.setdefault(place.city, []).append(Link(place.region.name, urls[place.pk]))
    context = {"pages": pages("dashboards:counties"), "groups": list(groups.items())}
    return render(request, "dashboards/counties.html", context)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A county's year; `subject` None where it was not graded in it."""

    place: Place
    form: CountyForm
    years: list[Link]
    board: YearBoard
    history: Chart
    subject: Subject | None = None
    radar: Chart | None = None
    table: Table | None = None


def _asked(request: AuthenticatedRequest, public_id: UUID) -> tuple[Place, _Asked | None]:
    reach = reach_of(request.user)
    place = reach.get(public_id)
    boards = list_boards()
    board = choose_year(boards, request.GET.get("year", ""))
    if board is None:
        return place, None
    form = CountyForm(request.GET, opens_with={"year": str(board.data_year)})
    form.offer("year", year_choices(boards))
    # A county's own line is known; the others' has to be asked for.
    line = reach.line or lines_of([place])[place.pk]
    lines = (*source_lines(board, form, is_public=False), f"县（市、区）：{place.region.full_name}")
    years, history = year_links(boards, form), years_of(boards, line, lines)
    standing = standing_in(board, line)
    if standing is None:
        return place, _Asked(place, form, years, board, history)
    earlier = next((each for each in boards if each.data_year == board.data_year - 1), None)
    points = read_points([board, *([earlier] if earlier else [])])
    subject = Subject(
        board,
        standing,
        points[board.run_id],
        earlier,
        standing_in(earlier, line) if earlier else None,
        points[earlier.run_id] if earlier else {},
        _same_city(reach, place),
    )
    radar, table = radar_of(subject, lines), indicators_of(subject, lines)
    return place, _Asked(place, form, years, board, history, subject, radar, table)


def _same_city(reach: Reach, place: Place) -> list[int]:
    return [pk for pk, each in reach.places.items() if each.city_code == place.city_code]


@page(Permission.VIEW_DASHBOARDS, objects={"public_id": "board_county"})
def county(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The profile of one county within reach."""
    place, asked = _asked(request, public_id)
    context: dict[str, Any] = {
        "pages": pages("dashboards:counties"),
        "place": place,
        "asked": asked,
        "files": _files(place, asked),
        "breadcrumbs": [
            ("数据看板", reverse("dashboards:board")),
            ("县域画像", reverse("dashboards:counties")),
            (place.region.full_name, None),
        ],
    }
    return render(request, "dashboards/county.html", context)


def _files(place: Place, asked: _Asked | None) -> list[Link]:
    if asked is None or asked.table is None:
        return []
    kinds = {"county_xlsx": "Excel", "county_csv": "CSV"}
    year = asked.form.chosen("year")
    return [
        Link(label, f"{reverse(f'dashboards:{name}', args=[place.region.public_id])}?year={year}")
        for name, label in kinds.items()
    ]


def _table(request: AuthenticatedRequest, public_id: UUID) -> Table:
    _, asked = _asked(request, public_id)
    if asked is None or asked.table is None:
        raise Stale(
            "county_not_graded", "该县（市、区）在所选年度没有参加评价，没有可以下载的内容。"
        )
    return asked.table


@page(Permission.VIEW_DASHBOARDS, objects={"public_id": "board_county"})
def county_csv(request: AuthenticatedRequest, public_id: UUID) -> StreamingHttpResponse:
    """Its indicators of the year."""
    table = _table(request, public_id)
    return csv_file(table, table.title)


@page(Permission.VIEW_DASHBOARDS, objects={"public_id": "board_county"})
def county_xlsx(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The same as a workbook."""
    table = _table(request, public_id)
    return xlsx_file(table, table.title)
