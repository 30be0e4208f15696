"""One line of a sheet at a time: saved while it is typed, and opened beside the table."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.components import Chip
from county_portal.common.errors import Invalid, Stale
from indicators.actions.filling import CellEdit, save_cells
from indicators.enums import EDITABLE
from indicators.forms import SheetForm
from indicators.forms.sheet import (
    BASE,
    FILTERS,
    NO_MARKS,
    PREFIXES,
    SEEN,
    Cell,
    Marks,
    in_conflict,
    read_typed,
    refused,
)
from indicators.rules import CellInput, read_cell
from indicators.selectors import (
    get_indicator,
    get_submission,
    may_fill,
    read_sheet,
    spec_of,
)
from indicators.selectors.cells import (
    colleague_at_work,
    commented_codes,
    get_row,
    list_cell_comments,
    list_cell_history,
    list_years,
)
from indicators.selectors.changes import flagged_codes
from indicators.selectors.forecasts import Forecast, read_forecast
from indicators.selectors.locks import locked_codes
from indicators.views.shared import crumbs

if TYPE_CHECKING:
    from indicators.models import Submission
    from indicators.selectors import Sheet

# By this header a script says that it wants the panel alone.
PANEL_HEADER = "X-Panel"


def marks_of(row: "Submission") -> Marks:
    """What has to be shown on lines besides their figures."""
    if row.state not in EDITABLE:
        return NO_MARKS
    return Marks(flagged_codes(row), locked_codes(row), commented_codes(row))


@page(Permission.FILL, methods="POST", objects={"public_id": "submission", "code": "indicator"})
def cell_save(request: AuthenticatedRequest, public_id: UUID, code: str) -> HttpResponse:
    """Save one line against what its editor saw; the answer tells the page all that changed with it."""
    row = get_submission(request.user, public_id, is_bare=True)
    spec = spec_of(get_indicator(row, code))
    typed = posted_cell(request, code)
    figure, errors = read_cell(spec, typed)
    if errors:
        faulty = [f"{PREFIXES[error.part]}-{code}" for error in errors]
        told = Outcome("invalid", code, lambda cell: refused(cell, typed, errors), faulty)
        return cell_reply(request, row, told)
    edit = CellEdit(code, request.POST.get(f"{BASE}-{code}", ""), figure)
    try:
        saved = save_cells(actor=request.user, submission_id=public_id, edits=[edit])
    except Stale as refusal:
        return refusal_reply(refusal)
    row.revision = saved.submission.revision
    if saved.conflicts:
        return cell_reply(
            request, row, Outcome("conflict", code, lambda cell: in_conflict(cell, typed))
        )
    return cell_reply(request, row, Outcome("saved" if saved.saved else "same", code))


def posted_cell(request: AuthenticatedRequest, code: str) -> CellInput:
    """The line as it was posted. Raises Invalid if none of its fields came."""
    typed = read_typed(request.POST, code)
    if typed is None:
        raise Invalid("cell_fields_missing", "没有收到这一项的填写内容，请刷新页面后重新填写。")
    return typed


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one line: its word, how the line is shown then, which fields are wrong."""

    word: str
    code: str
    shown: Callable[[Cell], Cell] = lambda cell: cell
    faulty: Collection[str] = ()


_STATUS = {"invalid": HTTPStatus.UNPROCESSABLE_ENTITY, "conflict": HTTPStatus.CONFLICT}


def cell_reply(
    request: AuthenticatedRequest,
    row: "Submission",
    told: Outcome,
    *,
    only: Collection[str] | None = None,
) -> JsonResponse:
    """The page's pieces after a line was saved or not; `only` these lines, and then no totals.

    Lines that the page says it shows as they are (`seen`) are left out, but for the one concerned.
    """
    sheet = read_sheet(row)
    form = SheetForm.of(sheet, row.revision, marks_of(row), only=only)
    seen = set(request.POST.get(SEEN, "").split())
    answer = {
        "outcome": told.word,
        "code": told.code,
        "revision": row.revision,
        "faulty": list(told.faulty),
        "cells": {
            cell.code: _cell_pieces(row, cell, told)
            for cell in form.cells
            if cell.code == told.code or cell.mark not in seen
        },
        "boxes": _boxes(request, row, sheet, form, whole=only is None),
    }
    return JsonResponse(answer, status=_STATUS.get(told.word, HTTPStatus.OK))


def refusal_reply(refusal: Stale) -> JsonResponse:
    """Nothing was saved, and trying again will not help."""
    answer = {"outcome": "refused", "reason": refusal.code, "sentence": refusal.sentence}
    return JsonResponse(answer, status=refusal.status)


def findings_address(row: "Submission") -> str:
    """Where reasons are given for what the rules say."""
    return reverse("indicators:findings", args=[row.public_id])


def _cell_pieces(row: "Submission", stored: Cell, told: Outcome) -> dict[str, Any]:
    cell = told.shown(stored) if stored.code == told.code else stored
    words = {"cell": cell, "may_choose": True, "findings_url": findings_address(row)}
    return {
        "base": stored.base,
        "mark": cell.mark,
        "fields": stored.fields,
        "state": cell.state,
        "kinds": " ".join(cell.kinds),
        "states": render_to_string("indicators/_cell_states.html", {"cell": cell}),
        "notes": render_to_string("indicators/_cell_notes.html", words),
    }


def _boxes(
    request: AuthenticatedRequest,
    row: "Submission",
    sheet: "Sheet",
    form: SheetForm,
    *,
    whole: bool,
) -> dict[str, str]:
    """Pieces of the page outside the lines, by the id of the element they fill."""
    boxes = {
        f"group-{place}": f"已填 {group.filled}/{len(group.cells)}"
        for place, group in enumerate(form.groups, 1)
    }
    if not whole:
        return boxes
    context = {"sheet": sheet, "link_base": "", **fill_extras(request, row, sheet)}
    pieces = {
        "progress": "indicators/_progress.html",
        "check-words": "indicators/_check_words.html",
        "check-list": "indicators/_check.html",
        "forecast": "indicators/_forecast.html",
        "presence": "indicators/_presence.html",
    }
    return boxes | {name: render_to_string(file, context) for name, file in pieces.items()}


def fill_extras(request: AuthenticatedRequest, row: "Submission", sheet: "Sheet") -> dict[str, Any]:
    """What the form shows besides its lines: the forecast, and who else is at it."""
    forecast: Forecast | None = read_forecast(row, sheet)
    return {
        "forecast": forecast,
        "colleague": colleague_at_work(request.user, sheet),
        "findings_url": findings_address(row),
    }


def chips_of(row: "Submission", form: SheetForm, only: str) -> list[Chip]:
    """The filters of the form with how many lines each shows."""
    address = reverse("indicators:fill", args=[row.public_id])
    counts = {kind: sum(kind in cell.kinds for cell in form.cells) for kind in FILTERS}
    return [
        Chip("全部", address, len(form.cells), only == ""),
        *(
            Chip(words, f"{address}?only={kind}", counts[kind], only == kind)
            for kind, words in FILTERS.items()
        ),
    ]


@page(Permission.VIEW_SUBMISSIONS, objects={"public_id": "submission", "code": "indicator"})
def cell_panel(request: AuthenticatedRequest, public_id: UUID, code: str) -> HttpResponse:
    """One line in full, as a panel beside the table or as a page of its own."""
    row = get_submission(request.user, public_id)
    indicator = get_indicator(row, code)
    sheet = read_sheet(row)
    line = get_row(sheet, indicator)
    forecast = read_forecast(row, sheet)
    years = list_years(row, line)
    is_fillable = may_fill(request.user, row)
    context = {
        "submission": row,
        "line": line,
        "years": years,
        "points": [(f"{each.year}年", each.drawn) for each in years],
        "estimate": forecast.lines.get(code) if forecast else None,
        "comments": list_cell_comments(row, code),
        "history": list_cell_history(row, code),
        "may_fill": is_fillable,
        "findings_url": findings_address(row) if is_fillable else "",
        "breadcrumbs": crumbs(row, indicator.name),
    }
    is_alone = PANEL_HEADER in request.headers
    template = "_cell_panel" if is_alone else "cell_panel"
    return render(request, f"indicators/{template}.html", context)
