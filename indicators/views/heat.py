"""The heat view: where to look first, and one cell beside the grid."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.numbers import plain
from indicators.enums import Absence
from indicators.forms.heat import HeatForm
from indicators.forms.review import CommentForm
from indicators.rules.heat import LEVEL_SIGNS, LEVEL_WORDS, MEASURE_WORDS, Cell, Measure
from indicators.selectors import get_collection, list_evidence
from indicators.selectors.comments import comments_by_line
from indicators.selectors.heat import Heat, HeatRow, read_heat, read_heat_row

if TYPE_CHECKING:
    from county_portal.accounts.models import User
    from indicators.models import Collection
    from indicators.rules import CellSpec

_HUNDREDTH = Decimal("0.01")
PER_PAGE = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell as printed: text, level, sign, its address.

    All text: a template asks of every number how the reader's language writes it, 2839 times a page.
    """

    text: str
    level: str
    sign: str
    key: str
    title: str
    has_comment: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A cell worth a look as a line of the plain table."""

    county: str
    name: str
    cell: Cell
    word: str
    key: str


@page(Permission.REVIEW, Permission.COLLECT, objects={"public_id": "collection"})
def heat(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Counties × indicators; a cell asked for opens beside, alone when htmx asks."""
    collection = get_collection(request.user, public_id)
    form = HeatForm(request.GET, user=request.user)
    key = request.GET.get("cell", "")
    if key and request.headers.get("HX-Request"):
        context = _cell(request.user, collection, key)
        return render(request, "indicators/_heat_cell.html", context)
    heat = read_heat(request.user, collection, form.wanted)
    context = {
        "collection": collection,
        "form": form,
        "heat": heat,
        "measure_word": MEASURE_WORDS[form.wanted.measure],
        "legend": _legend(form.wanted.measure),
        "list_url": form.address(view="list"),
        "grid_url": form.address(view=""),
        "breadcrumbs": [("填报表", reverse("indicators:submissions")), ("热力图", None)],
        **(_cell(request.user, collection, key) if key else {}),
    }
    if form.is_list:
        listed = Paginator(_listed(heat, form.wanted.measure), PER_PAGE)
        context["page"] = listed.get_page(request.GET.get("page"))
        return render(request, "indicators/heat_list.html", context)
    context["rows"] = [(row, _shown(heat, row, form.wanted.measure)) for row in heat.rows]
    context["base_url"] = form.address()
    return render(request, "indicators/heat.html", context)


def _legend(measure: Measure) -> list[tuple[int, str, str]]:
    words = LEVEL_WORDS[measure]
    # Of findings there is no middle level.
    levels = [0, 1, 3, 4] if measure == Measure.FINDINGS else range(len(words))
    return [(level, LEVEL_SIGNS[level], words[level]) for level in levels]


def _shown(heat: Heat, row: HeatRow, measure: Measure) -> list[Shown]:
    shown = []
    for spec, cell in zip(heat.specs, row.cells, strict=True):
        level = cell.level(measure)
        title = f"{spec.name}：{LEVEL_WORDS[measure][level]}" if level else ""
        shown.append(
            Shown(
                _text(cell, measure),
                str(level),
                LEVEL_SIGNS[level],
                f"{row.submission.region.code}-{cell.code}",
                title,
                bool(cell.open_comments),
            )
        )
    return shown


def _text(cell: Cell, measure: Measure) -> str:
    if measure == Measure.CHANGE and cell.percent is not None:
        sign = "+" if cell.percent > 0 else ""
        return f"{sign}{plain(cell.percent)}%"
    if measure == Measure.STAKE and cell.stake is not None:
        sign = "+" if cell.stake > 0 else ""
        return f"{sign}{plain(cell.stake.quantize(_HUNDREDTH, ROUND_HALF_UP))}"
    if measure == Measure.FINDINGS and cell.number is not None:
        return plain(cell.number.quantize(_HUNDREDTH, ROUND_HALF_UP))
    if cell.absence:
        return str(Absence(cell.absence).label)
    return "—" if cell.is_filled else "未填"


def _listed(heat: Heat, measure: Measure) -> Sequence[Listed]:
    return [
        Listed(
            row.submission.region.full_name,
            spec.name,
            cell,
            LEVEL_WORDS[measure][cell.level(measure)],
            f"{row.submission.region.code}-{cell.code}",
        )
        for row in heat.rows
        for spec, cell in zip(heat.specs, row.cells, strict=True)
        if cell.level(measure)
    ]


def _cell(user: "User", collection: "Collection", key: str) -> dict[str, Any]:
    """What stands beside the grid: of a county within the jurisdiction, else 404."""
    region, _, code = key.partition("-")
    heat = read_heat_row(user, collection, region)
    specs: dict[str, CellSpec] = {spec.code: spec for spec in heat.specs}
    if code not in specs:
        raise Http404
    row = heat.rows[0]
    submission = row.submission
    cell = next(each for each in row.cells if each.code == code)
    return {
        "submission": submission,
        "spec": specs[code],
        "cell": cell,
        "estimate": row.estimate,
        "items": [item for item in list_evidence(submission) if item.kind.indicator.code == code],
        "comments": comments_by_line(submission, code).get(code, []),
        "comment_form": CommentForm(),
        "cell_key": key,
    }
