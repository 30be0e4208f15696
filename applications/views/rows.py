"""The county's own rows, and files that prove a row of the table."""

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from applications.actions.rows import (
    add_own_row,
    add_row_evidence,
    edit_own_row,
    remove_own_row,
    remove_row_evidence,
)
from applications.enums import Section
from applications.forms.rows import OwnRowForm, RowEvidenceForm
from applications.selectors.applications import get_application, why_not_editable
from applications.selectors.table import TableLine, get_evidence, get_own_row, read_table
from applications.views.application_wording import crumbs
from applications.views.round_words import Crumbs
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Refused, Stale
from county_portal.files.responses import serve

if TYPE_CHECKING:
    from applications.models import Application, TableRow


@page(Permission.APPLY, methods="GET POST", objects={"public_id": "application"})
def own_row_add(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Propose an indicator of the county's own."""
    row = get_application(request.user, public_id)
    if request.method != "POST":
        return _own_page(request, row, OwnRowForm(initial={"direction": "high"}))
    form = OwnRowForm(request.POST)
    if not form.is_valid():
        return _own_page(request, row, form)
    try:
        made = add_own_row(actor=request.user, application_id=public_id, own=form.own)
    except Invalid as wrong:
        form.add_error(wrong.field or None, wrong.sentence)
        return _own_page(request, row, form)
    except Stale as stale:
        return _own_page(request, row, form, refusal=stale)
    messages.success(request, f"“{made.own_name}”已列入指标体系表，请填写数值和目标。")
    return redirect(f"{_table_url(public_id)}#row-{made.order}")


@page(Permission.APPLY, methods="GET POST", objects={"public_id": "own_row"})
def own_row(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Put right what an own indicator means."""
    stored = get_own_row(request.user, public_id)
    row = get_application(request.user, stored.application.public_id)
    if request.method != "POST":
        return _own_page(request, row, OwnRowForm(initial=OwnRowForm.initial_of(stored)), stored)
    form = OwnRowForm(request.POST)
    if not form.is_valid():
        return _own_page(request, row, form, stored)
    try:
        edit_own_row(actor=request.user, row_id=public_id, own=form.own)
    except Invalid as wrong:
        form.add_error(wrong.field or None, wrong.sentence)
        return _own_page(request, row, form, stored)
    except Stale as stale:
        return _own_page(request, row, form, stored, stale)
    messages.success(request, "已修改。")
    return redirect(f"{_table_url(row.public_id)}#row-{stored.order}")


def _own_page(
    request: AuthenticatedRequest,
    row: "Application",
    form: OwnRowForm,
    stored: "TableRow | None" = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    label = "修改自行提出的指标" if stored else "添加自行提出的指标"
    closed = why_not_editable(row)
    context = {
        "application": row,
        "form": form,
        "label": label,
        "stored": stored,
        **_refusal(refusal or closed),
        "is_open": closed is None,
        "breadcrumbs": _way(row, label),
    }
    return render(request, "applications/own_row.html", context, status=_status(form, context))


@page(Permission.APPLY, methods="GET POST", objects={"public_id": "own_row"})
def own_row_remove(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Ask, then take an own indicator off the table."""
    stored = get_own_row(request.user, public_id)
    row = get_application(request.user, stored.application.public_id)
    table_url = _table_url(row.public_id)
    refusal: Refused | None = why_not_editable(row)
    if request.method == "POST":
        try:
            name = remove_own_row(actor=request.user, row_id=public_id)
        except Stale as stale:
            refusal = stale
        else:
            messages.success(request, f"“{name}”已从指标体系表移除。")
            return redirect(table_url)
    consequences = ["该指标及其数值、目标不再列入指标体系表；移除记入审计记录。"]
    title = f"移除“{stored.own_name}”？"
    return _remove_page(request, row, (title, consequences, table_url), refusal)


@page(
    Permission.APPLY, methods="GET POST", objects={"public_id": "application", "order": "table_row"}
)
def row_evidence(request: AuthenticatedRequest, public_id: UUID, order: int) -> HttpResponse:
    """The files that prove a row, and a form for the next."""
    row = get_application(request.user, public_id)
    line = next((each for each in read_table(row).lines if each.order == order), None)
    if line is None:
        raise Http404
    if request.method != "POST":
        return _evidence_page(request, row, line, RowEvidenceForm())
    form = RowEvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        return _evidence_page(request, row, line, form)
    try:
        item = add_row_evidence(
            actor=request.user, application_id=public_id, order=order, evidence=form.evidence
        )
    except Invalid as wrong:
        form.add_error(wrong.field if wrong.field in form.fields else None, wrong.sentence)
        return _evidence_page(request, row, line, form)
    except Stale as stale:
        return _evidence_page(request, row, line, form, stale)
    messages.success(request, f"“{item.name}”已列入证明材料。")
    return redirect("applications:row_evidence", public_id, order)


def _evidence_page(
    request: AuthenticatedRequest,
    row: "Application",
    line: TableLine,
    form: RowEvidenceForm,
    refusal: Refused | None = None,
) -> HttpResponse:
    closed = why_not_editable(row)
    context = {
        "application": row,
        "line": line,
        "form": form,
        **_refusal(refusal or closed),
        "is_open": closed is None,
        "breadcrumbs": _way(row, "证明材料"),
    }
    return render(request, "applications/row_evidence.html", context, status=_status(form, context))


@page(Permission.APPLY, methods="GET POST", objects={"public_id": "row_evidence"})
def row_evidence_remove(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Ask, then take a file off its row."""
    item = get_evidence(request.user, public_id)
    row = item.row.application
    back = reverse("applications:row_evidence", args=[row.public_id, item.row.order])
    refusal: Refused | None = why_not_editable(row)
    if request.method == "POST":
        try:
            remove_row_evidence(actor=request.user, evidence_id=public_id)
        except Stale as stale:
            refusal = stale
        else:
            messages.success(request, f"“{item.name}”已移除。")
            return redirect(back)
    consequences = ["该份材料不再作为证明材料列出；移除记入审计记录。"]
    return _remove_page(request, row, (f"移除“{item.name}”？", consequences, back), refusal)


@page(Permission.VIEW_PILOTS, objects={"public_id": "row_evidence"})
def row_evidence_file(request: AuthenticatedRequest, public_id: UUID) -> FileResponse:
    """The file of a piece of evidence."""
    return serve(get_evidence(request.user, public_id).file)


def _remove_page(
    request: AuthenticatedRequest,
    row: "Application",
    words: tuple[str, list[str], str],
    refusal: Refused | None,
) -> HttpResponse:
    title, consequences, back = words
    context = {
        "application": row,
        "title": title,
        "consequences": consequences,
        "back": back,
        **_refusal(refusal),
        "is_open": refusal is None,
        "breadcrumbs": _way(row, "移除"),
    }
    status = refusal.status if refusal else HTTPStatus.OK
    return render(request, "applications/remove.html", context, status=status)


def _refusal(refusal: Refused | None) -> dict[str, object]:
    return {"refusal": refusal, "error_code": refusal.code if refusal else ""}


def _status(form: OwnRowForm | RowEvidenceForm, context: dict[str, object]) -> int:
    refusal = context["refusal"]
    if isinstance(refusal, Refused):
        return refusal.status
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


def _table_url(public_id: UUID) -> str:
    return reverse("applications:table_edit", args=[public_id])


def _way(row: "Application", last: str) -> Crumbs:
    first = crumbs(row, Section.TABLE.label)
    return [*first[:-1], (Section.TABLE.label, _table_url(row.public_id)), (last, None)]
