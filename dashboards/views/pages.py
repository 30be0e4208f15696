"""What every board has: the year in front, the pages beside it, files of just what is shown. No rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse

from county_portal.accounts.roles import Level
from county_portal.common.province import words
from county_portal.documents.workbook import XLSX
from dashboards.tables import CSV, Table, csv_lines, workbook

if TYPE_CHECKING:
    from dashboards.forms import FilterForm
    from dashboards.selectors.boards import YearBoard
    from dashboards.selectors.reach import Place, Reach

INTERNAL = "内部资料，未经公布不得对外提供。"
_PAGES = (
    ("dashboards:board", "总览"),
    ("dashboards:ranking", "位次与升降"),
    ("dashboards:moves", "分档去向"),
    ("dashboards:spread", "指标分布"),
    ("dashboards:counties", "县域画像"),
    ("dashboards:months", "月度进展"),
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link among several; `current` marks where one is."""

    label: str
    url: str
    current: bool = False


def pages(here: str) -> list[Link]:
    """The boards of everybody signed in who may see boards."""
    return [Link(label, reverse(name), name == here) for name, label in _PAGES]


def choose_year(boards: "Sequence[YearBoard]", asked: str) -> "YearBoard | None":
    """The year asked for, else the newest; None where nothing was published."""
    chosen = next((each for each in boards if str(each.data_year) == asked), None)
    return chosen or (boards[-1] if boards else None)


def year_choices(boards: "Sequence[YearBoard]") -> list[tuple[str, str]]:
    """Data years, newest first."""
    return [(str(each.data_year), f"{each.data_year}年度") for each in reversed(boards)]


def year_links(boards: "Sequence[YearBoard]", form: "FilterForm") -> list[Link]:
    """The same page in each year, oldest first; the other filters stay."""
    kept, chosen = form.filled, form.chosen("year")
    return [
        Link(
            f"{each.data_year}年度",
            "?" + urlencode({**kept, "year": str(each.data_year)}),
            str(each.data_year) == chosen,
        )
        for each in boards
    ]


def source_lines(board: "YearBoard", form: "FilterForm", *, is_public: bool) -> tuple[str, ...]:
    """Which list it comes from, what it is narrowed to, and to whom it may go."""
    version = f"第{board.version}版，" if board.version > 1 else ""
    source = f"来源：{board.data_year}年度{words().evaluation}名单（{version}{board.published_year}年公布）"
    narrowed = filter_words(form)
    lines = [source, f"筛选：{narrowed}" if narrowed else "筛选：无"]
    return tuple(lines if is_public else [*lines, INTERNAL])


def filter_words(form: "FilterForm") -> str:
    """The filters in words, those left open not named."""
    found = []
    for name, field in form.fields.items():
        chosen = form.chosen(name)
        if not chosen or name in form.idle:
            continue
        labels: dict[str, str] = {}
        for key, label in getattr(field, "choices", ()):
            labels |= dict(label) if isinstance(label, (list, tuple)) else {str(key): str(label)}
        found.append(f"{field.label}＝{labels.get(chosen, chosen)}")
    return "，".join(found)


def default_city(reach: "Reach") -> str:
    """Where a board opens: a county's and a city's own, nowhere special for the others."""
    if reach.own:
        return reach.own.city_code
    found = {reach.places[pk].city_code for pk in reach.regions}
    return found.pop() if reach.level == Level.CITY and len(found) == 1 else ""


def county_urls(reach: "Reach", year: str) -> dict[int, str]:
    """The profile of each county within reach, by region."""
    query = "?" + urlencode({"year": year}) if year else ""
    return {pk: _profile(reach.places[pk]) + query for pk in reach.regions}


def _profile(place: "Place") -> str:
    return reverse("dashboards:county", args=[place.region.public_id])


def files(form: "FilterForm", names: Mapping[str, str]) -> list[Link]:
    """Downloads of what is shown: label by URL name, with the page's own filters."""
    query = urlencode({key: value for key, value in form.filled.items() if value})
    return [Link(label, f"{reverse(name)}?{query}") for name, label in names.items()]


def csv_file(table: Table, name: str) -> StreamingHttpResponse:
    """The table line by line; UTF-8 with its mark, so that spreadsheets read it."""
    lines: Iterator[bytes] = (line.encode() for line in csv_lines(table))
    return StreamingHttpResponse(lines, content_type=CSV, headers=_headers(f"{name}.csv"))


def xlsx_file(table: Table, name: str, *, is_streamed: bool = False) -> HttpResponse:
    """The table as a workbook."""
    content = workbook(table, is_streamed=is_streamed)
    return HttpResponse(content, content_type=XLSX, headers=_headers(f"{name}.xlsx"))


def svg_file(content: str, name: str) -> HttpResponse:
    """A drawing."""
    return HttpResponse(content, content_type="image/svg+xml", headers=_headers(f"{name}.svg"))


def _headers(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
