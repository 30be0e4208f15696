"""The county's named items: listed, added, edited, taken off."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Refused, Stale
from indicators.actions.evidence import (
    EvidenceChange,
    add_evidence,
    edit_evidence,
    remove_evidence,
)
from indicators.forms import EvidenceForm
from indicators.selectors import (
    get_evidence,
    get_indicator,
    get_submission,
    read_sheet,
    why_not_fillable,
)
from indicators.selectors.evidence import get_gone, list_duplicates, score_list
from indicators.views.shared import crumbs, submission_page

if TYPE_CHECKING:
    from indicators.models import EvidenceItem, Indicator, Submission


@page(Permission.FILL, methods="GET POST", objects={"public_id": "submission", "code": "indicator"})
def evidence(request: AuthenticatedRequest, public_id: UUID, code: str) -> HttpResponse:
    """The named items of one indicator, and a form for the next."""
    row = get_submission(request.user, public_id)
    indicator = get_indicator(row, code)
    last_year = row.collection.evaluation_year
    if request.method != "POST":
        refusal = why_not_fillable(row)
        if refusal:
            return submission_page(request, row, refusal)
        form = EvidenceForm(indicator=indicator, last_year=last_year)
        return _evidence_page(request, row, indicator, form)
    form = EvidenceForm(request.POST, request.FILES, indicator=indicator, last_year=last_year)
    if form.is_valid():
        try:
            item = add_evidence(actor=request.user, submission_id=public_id, evidence=form.evidence)
        except Invalid as refusal:
            form.add_error(_field(form, refusal), refusal.sentence)
        except Stale as refusal:
            return _evidence_page(request, row, indicator, form, refusal)
        else:
            messages.success(request, f"“{item.name}”已列入清单。")
            return redirect("indicators:evidence", public_id, code)
    return _evidence_page(request, row, indicator, form)


def _field(form: EvidenceForm, refusal: Invalid) -> str | None:
    return refusal.field if refusal.field in form.fields else None


def _evidence_page(
    request: AuthenticatedRequest,
    row: "Submission",
    indicator: "Indicator",
    form: EvidenceForm,
    refusal: Refused | None = None,
) -> HttpResponse:
    sheet = read_sheet(row)
    line = next(line for line in sheet.rows if line.spec.code == indicator.code)
    points = score_list(row, indicator.code, line.figure, line.items)
    hints = list_duplicates(request.user, row, line.items)
    context = {
        "submission": row,
        "indicator": indicator,
        "line": line,
        "points": points,
        "items": [
            (item, points.items[item.pk] if points else None, hints.get(item.pk, ""))
            for item in line.items
        ],
        "form": form,
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": _way(row, indicator),
    }
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    status = refusal.status if refusal else status
    return render(request, "indicators/evidence.html", context, status=status)


def _way(row: "Submission", indicator: "Indicator", *last: str) -> list[tuple[str, str | None]]:
    own = reverse("indicators:evidence", args=[row.public_id, indicator.code])
    return [
        *crumbs(row),
        ("填报", reverse("indicators:fill", args=[row.public_id])),
        (indicator.name, own if last else None),
        *((label, None) for label in last),
    ]


@page(Permission.FILL, methods="GET POST", objects={"public_id": "evidence"})
def evidence_edit(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Put right what was entered of an item, or give it its file."""
    item = get_evidence(request.user, public_id)
    row = get_submission(request.user, item.submission.public_id)
    asked: dict[str, Any] = {
        "indicator": item.kind.indicator,
        "last_year": row.collection.evaluation_year,
        "kept_name": item.file.name if item.file else "",
    }
    if request.method != "POST":
        form = EvidenceForm(initial=EvidenceForm.initial_of(item), **asked)
        return _edit_page(request, row, item, form, why_not_fillable(row))
    form = EvidenceForm(request.POST, request.FILES, **asked)
    if form.is_valid():
        change = EvidenceChange(form.evidence, form.removes_file)
        try:
            item = edit_evidence(actor=request.user, evidence_id=public_id, change=change)
        except Invalid as refusal:
            form.add_error(_field(form, refusal), refusal.sentence)
        except Stale as refusal:
            return _edit_page(request, row, item, form, refusal)
        else:
            messages.success(request, f"“{item.name}”已修改。")
            return redirect("indicators:evidence", row.public_id, item.kind.indicator.code)
    return _edit_page(request, row, item, form)


def _edit_page(
    request: AuthenticatedRequest,
    row: "Submission",
    item: "EvidenceItem",
    form: EvidenceForm,
    refusal: Refused | None = None,
) -> HttpResponse:
    context = {
        "submission": row,
        "item": item,
        "form": form,
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": _way(row, item.kind.indicator, "修改"),
    }
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    status = refusal.status if refusal else status
    return render(request, "indicators/evidence_edit.html", context, status=status)


@page(Permission.FILL, methods="GET POST", objects={"public_id": "evidence"})
def evidence_remove(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Ask, then take an item off the list; the second of two clicks is told that it is gone."""
    try:
        item = get_evidence(request.user, public_id)
    except Http404:
        return _gone(request, public_id)
    row = get_submission(request.user, item.submission.public_id)
    if request.method != "POST":
        refusal = why_not_fillable(row)
        if refusal:
            return submission_page(request, row, refusal)
        return _remove_page(request, row, item)
    try:
        item = remove_evidence(actor=request.user, evidence_id=public_id)
    except Http404:
        return _gone(request, public_id)
    messages.success(request, f"“{item.name}”已从清单移除。")
    return redirect("indicators:evidence", row.public_id, item.kind.indicator.code)


def _gone(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    gone = get_gone(request.user, public_id)
    messages.info(request, f"“{gone.name}”已经移除，无需重复操作。")
    return redirect("indicators:evidence", gone.submission.public_id, gone.code)


def _remove_page(
    request: AuthenticatedRequest, row: "Submission", item: "EvidenceItem"
) -> HttpResponse:
    context = {
        "label": "移除",
        "name": item.kind.indicator.name,
        "title": f"从清单移除“{item.name}”？",
        "consequences": [
            "移除后不再计分，证明材料不再列出；移除记入审计记录。",
            "如只是填写有误，可以返回后选择“修改”。",
        ],
        "tone": "danger",
        "cancel_url": reverse(
            "indicators:evidence", args=[row.public_id, item.kind.indicator.code]
        ),
        "breadcrumbs": _way(row, item.kind.indicator, "移除"),
    }
    return render(request, "indicators/confirm.html", context)
