"""The 31-row table: read by all concerned, filled by the county."""

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from applications.actions.table import fill_from_facts, save_table
from applications.enums import Section
from applications.forms.table import TableForm
from applications.selectors.applications import get_application, may_edit, why_not_editable
from applications.selectors.guidance import read_guidance
from applications.selectors.history import known_figures, past_figures
from applications.selectors.materials import list_gaps
from applications.selectors.table import Table, read_table
from applications.views.application_wording import crumbs, turn_of
from applications.views.round_words import year_words
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Refused, Stale
from indicators.forms import RevisionForm

if TYPE_CHECKING:
    from applications.models import Application
    from applications.rules.gaps import Gap


@page(Permission.VIEW_PILOTS, objects={"public_id": "application"})
def table(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The table as it stands."""
    row = get_application(request.user, public_id)
    read = read_table(row)
    context = {
        "application": row,
        "table": read,
        "form": TableForm.of(read).explained(_table_gaps(row, read)),
        "years": year_words(row.round),
        "guidance": read_guidance(request.user, row, Section.TABLE),
        "may_edit": may_edit(request.user, row),
        "breadcrumbs": crumbs(row, Section.TABLE.label),
    }
    return render(request, "applications/table.html", context)


def _table_gaps(row: "Application", read: Table) -> list["Gap"]:
    return [gap for gap in list_gaps(row, read.materials) if gap.section == Section.TABLE]


@page(Permission.APPLY, methods="GET POST", objects={"public_id": "application"})
def table_edit(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The table as a form: saved whole or not at all, and never over a colleague's saving."""
    row = get_application(request.user, public_id)
    read = read_table(row)
    if request.method != "POST":
        return _edit_page(request, row, (read, TableForm.of(read)), why_not_editable(row))
    form = TableForm.read(read, request.POST)
    if form.faults:
        return _edit_page(request, row, (read, form))
    try:
        return _saved(request, row, form)
    except Invalid as wrong:
        return _edit_page(request, row, (read, form), wrong)
    except Stale as stale:
        return _not_saved(request, public_id, form, stale)


def _saved(request: AuthenticatedRequest, row: "Application", form: TableForm) -> HttpResponse:
    revision = save_table(
        actor=request.user,
        application_id=row.public_id,
        revision=form.revision,
        lines=form.entered,
    )
    is_changed = revision != form.revision or "autosaved" in request.POST
    messages.success(request, "已保存。" if is_changed else "内容没有变化，无需保存。")
    return redirect(_next(request, row))


def _next(request: AuthenticatedRequest, row: "Application") -> str:
    """Where somebody wanted to go, whose typing was saved on the way."""
    wanted, _, order = request.POST.get("then", "").partition("-")
    if wanted == "own":
        return reverse("applications:own_row_add", args=[row.public_id])
    if wanted == "evidence" and order.isascii() and order.isdigit():
        return reverse("applications:row_evidence", args=[row.public_id, int(order)])
    return reverse("applications:table_edit", args=[row.public_id])


def _not_saved(
    request: AuthenticatedRequest, public_id: UUID, form: TableForm, refusal: Stale
) -> HttpResponse:
    row = get_application(request.user, public_id)
    read = read_table(row)
    if refusal.code == "section_changed":
        form = form.merged_with(read)
        if not form.differing:
            # Others touched other rows: there is nothing to choose between.
            try:
                return _saved(request, row, form)
            except Stale as again:
                refusal = again
    return _edit_page(request, row, (read, form), refusal)


def _edit_page(
    request: AuthenticatedRequest,
    row: "Application",
    read_and_typed: tuple[Table, TableForm],
    refusal: Refused | None = None,
) -> HttpResponse:
    read, form = read_and_typed
    gaps = _table_gaps(row, read)
    context = {
        "guidance": read_guidance(request.user, row, Section.TABLE),
        "application": row,
        "form": form.explained(gaps, known_figures(row), past_figures(row)),
        "gaps": gaps,
        "years": year_words(row.round),
        "stars": row.round.stars,
        "stars_left": row.round.stars - form.starred,
        "is_open": why_not_editable(row) is None,
        "turn": turn_of(row),
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": crumbs(row, Section.TABLE.label),
    }
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY if form.faults else HTTPStatus.OK
    status = refusal.status if refusal else status
    return render(request, "applications/table_edit.html", context, status=status)


@page(Permission.APPLY, methods="POST", objects={"public_id": "application"})
def table_fill(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Take last year's figures that are known already."""
    row = get_application(request.user, public_id)
    try:
        count = fill_from_facts(
            actor=request.user,
            application_id=public_id,
            revision=RevisionForm(request.POST).seen,
        )
    except Stale as stale:
        read = read_table(row)
        return _edit_page(request, row, (read, TableForm.of(read)), stale)
    words = f"已带入{count}项上年数值，请核对。" if count else "没有可以带入的上年数值。"
    messages.success(request, words)
    return redirect("applications:table_edit", public_id)
