"""The register of facts of a county: what is known, where it is used, where two figures stand."""

from http import HTTPStatus
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Refused, Stale
from indicators.actions.facts import adopt_facts, explain_claim, reconcile_fact
from indicators.forms.checks import FactNumberForm, FactReasonForm
from indicators.selectors import get_submission, list_submissions, may_fill
from indicators.selectors.facts import differing, facts_for, offers
from indicators.views.shared import crumbs


@page(Permission.VIEW_SUBMISSIONS)
def facts(request: AuthenticatedRequest) -> HttpResponse:
    """The county's own register; others choose a county first."""
    newest = list_submissions(request.user).first()
    if newest is None or newest.office_id != request.user.office_id:
        return redirect("indicators:submissions")
    return redirect("indicators:ledger", newest.public_id)


@page(Permission.VIEW_SUBMISSIONS, objects={"public_id": "submission"})
def ledger(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Facts of the submission's county by year; what differs in this submission comes first."""
    return _ledger_page(request, public_id)


def _ledger_page(
    request: AuthenticatedRequest,
    public_id: UUID,
    form: forms.Form | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    row = get_submission(request.user, public_id)
    context = {
        "submission": row,
        "years": facts_for(row.region),
        "differences": differing(row),
        "offers": offers(row) if row.is_editable else [],
        "may_fill": may_fill(request.user, row),
        "form": form,
        "typed": form.data if form else {},
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": crumbs(row, "数据台账"),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form and form.errors else HTTPStatus.OK
    return render(
        request, "indicators/ledger.html", context, status=refusal.status if refusal else status
    )


@page(Permission.FILL, methods="POST", objects={"public_id": "submission"})
def adopt(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Fill blank parts from what is known."""
    try:
        filled = adopt_facts(actor=request.user, submission_id=public_id)
    except Stale as refusal:
        return _ledger_page(request, public_id, refusal=refusal)
    messages.success(
        request, f"已沿用已有数据，填入{len(filled)}项指标。" if filled else "没有可以沿用的数据。"
    )
    return redirect("indicators:ledger", public_id)


@page(Permission.FILL, methods="POST", objects={"public_id": "submission"})
def explain(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Say why two figures stand for one fact."""
    form = FactReasonForm(request.POST)
    if not form.is_valid():
        return _ledger_page(request, public_id, form)
    try:
        explain_claim(actor=request.user, submission_id=public_id, **form.cleaned_data)
    except (Invalid, Stale) as refusal:
        return _ledger_page(request, public_id, form, refusal)
    messages.success(request, "不一致的原因已保存，审核单位可见。")
    return redirect("indicators:ledger", public_id)


@page(Permission.FILL, methods="POST", objects={"public_id": "submission"})
def reconcile(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Write one figure wherever this submission states the fact."""
    form = FactNumberForm(request.POST)
    if not form.is_valid():
        return _ledger_page(request, public_id, form)
    try:
        changed = reconcile_fact(actor=request.user, submission_id=public_id, **form.cleaned_data)
    except (Invalid, Stale) as refusal:
        return _ledger_page(request, public_id, form, refusal)
    messages.success(request, f"已统一数据，改动{len(changed)}项指标。比率请一并核对。")
    return redirect("indicators:ledger", public_id)
