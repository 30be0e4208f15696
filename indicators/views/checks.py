"""Rules: what they say of a sheet and the county's reasons; the province's page that sets them."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Refused, Stale
from indicators.actions.checks import change_rule, withdraw_explanation
from indicators.actions.checks import explain as give_reason
from indicators.forms.checks import FindingForm, ReasonForm, RuleForm
from indicators.selectors import get_submission, may_fill, read_sheet
from indicators.selectors.checks import (
    get_rule,
    get_version,
    list_checked_versions,
    newest_version,
    read_rule_table,
    trial_collection,
)
from indicators.views.shared import crumbs

if TYPE_CHECKING:
    from indicators.models import SystemVersion


@page(Permission.VIEW_SUBMISSIONS, objects={"public_id": "submission"})
def findings(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """All findings of a sheet with their reasons; the county gives them here."""
    return _findings_page(request, public_id)


def _findings_page(
    request: AuthenticatedRequest,
    public_id: UUID,
    form: ReasonForm | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    row = get_submission(request.user, public_id)
    sheet = read_sheet(row)
    typed = form.data if form else {}
    context: dict[str, Any] = {
        "submission": row,
        "sheet": sheet,
        "lines": [line for line in sheet.rows if line.findings],
        "may_explain": may_fill(request.user, row),
        "form": form,
        "typed": typed,
        "faulty": (typed.get("indicator"), typed.get("rule")),
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": crumbs(row, "核对提示"),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form and form.errors else HTTPStatus.OK
    return render(
        request, "indicators/findings.html", context, status=refusal.status if refusal else status
    )


@page(Permission.FILL, methods="POST", objects={"public_id": "submission"})
def explain(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Give the reason of one warning."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _findings_page(request, public_id, form)
    data = form.cleaned_data
    try:
        give_reason(actor=request.user, submission_id=public_id, **data)
    except (Invalid, Stale) as refusal:
        return _findings_page(request, public_id, form, refusal)
    messages.success(request, "原因已保存，审核单位可见。数值改动后须重新说明。")
    url = reverse("indicators:findings", args=[public_id])
    return redirect(f"{url}#line-{data['indicator']}")


@page(Permission.FILL, methods="POST", objects={"public_id": "submission"})
def withdraw(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Take a reason back."""
    form = FindingForm(request.POST)
    if form.is_valid():
        withdraw_explanation(actor=request.user, submission_id=public_id, **form.cleaned_data)
        messages.success(request, "原因已撤回，可以重新填写。")
    return redirect("indicators:findings", public_id)


@page(Permission.COLLECT)
def newest(request: AuthenticatedRequest) -> HttpResponse:
    """The rules of the version that new collections use."""
    return redirect("indicators:checks", newest_version(request.user).public_id)


@page(Permission.COLLECT, objects={"public_id": "version"})
def rules(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The rules of a version; tried on the open collection when asked."""
    version = get_version(request.user, public_id)
    context = {
        "version": version,
        "versions": list_checked_versions(request.user),
        "table": read_rule_table(version, is_trial="trial" in request.GET),
        "open_collection": trial_collection(version),
        "breadcrumbs": _crumbs(version),
    }
    return render(request, "indicators/checks.html", context)


def _crumbs(version: "SystemVersion", *last: str) -> list[tuple[str, str | None]]:
    address = reverse("indicators:checks", args=[version.public_id]) if last else None
    return [
        ("采集任务", reverse("indicators:collections")),
        (f"核对规则（第{version.number}版）", address),
        *((label, None) for label in last),
    ]


@page(Permission.COLLECT, methods="GET POST", objects={"public_id": "check_rule"})
def rule(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Set one rule."""
    row = get_rule(request.user, public_id)
    form = RuleForm(request.POST if request.method == "POST" else None, rule=row)
    if form.is_valid():
        try:
            change_rule(actor=request.user, rule_id=public_id, change=form.change)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"“{row.name}”已保存，即时生效。")
            return redirect("indicators:checks", row.version.public_id)
    context = {
        "rule": row,
        "form": form,
        "hint": form.check.hint,
        "breadcrumbs": _crumbs(row.version, row.name),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "indicators/check_rule.html", context, status=status)
