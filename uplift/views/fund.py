"""The special fund: by year, and every use with its document."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid
from uplift.actions.spending import record_spending, revoke_spending
from uplift.enums import VersionState
from uplift.forms.money import RevokeForm, SpendingForm
from uplift.selectors.plans import counties_of, get_draft, get_version
from uplift.selectors.progress import get_spending, read_fund
from uplift.selectors.texts import read_text
from uplift.views.words import crumbs


@page(Permission.VIEW_UPLIFT, objects={"public_id": "uplift_version"})
def fund(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Planned, used, left by year; every use."""
    version = get_version(request.user, public_id)
    context = {
        "version": version,
        "fund": read_fund(version, read_text(version)),
        "may_enter": version.plan.office_id == request.user.office_id
        and request.user.holds(Permission.PLAN_UPLIFT)
        and version.state == VersionState.SETTLED,
        "breadcrumbs": crumbs(version, "专项资金"),
    }
    return render(request, "uplift/fund.html", context)


@page(Permission.PLAN_UPLIFT, methods="GET POST", objects={"public_id": "uplift_draft"})
def spend(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Enter a use."""
    version = get_draft(request.user, public_id)
    years = [each.year for each in read_text(version).fund]
    form = SpendingForm(
        request.POST or None, years=years, counties=counties_of(version.plan.office)
    )
    if request.method == "POST" and form.is_valid():
        try:
            record_spending(actor=request.user, version_id=public_id, data=form.spending)
        except Invalid as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, "已登记。")
            return redirect("uplift:fund", public_id)
    context = {
        "label": "登记资金使用",
        "title": "登记一笔专项资金的使用",
        "version": version,
        "form": form,
        "cancel_url": reverse("uplift:fund", args=[public_id]),
        "breadcrumbs": crumbs(version, "登记资金使用"),
    }
    return _confirm(request, context)


@page(
    Permission.PLAN_UPLIFT,
    methods="GET POST",
    objects={"public_id": "uplift_draft", "entry": "uplift_spending"},
)
def revoke(request: AuthenticatedRequest, public_id: UUID, entry: UUID) -> HttpResponse:
    """Take an entry back."""
    version = get_draft(request.user, public_id)
    row = get_spending(version, entry)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        revoke_spending(
            actor=request.user,
            version_id=public_id,
            entry_id=entry,
            reason=form.cleaned_data["reason"],
        )
        messages.success(request, "已撤销，记录保留备查。")
        return redirect("uplift:fund", public_id)
    context = {
        "label": "撤销登记",
        "title": f"撤销{row.document_number}的{row.amount}元登记？",
        "consequences": ["撤销后该金额回到该年的余额；记录和原因保留备查。"],
        "version": version,
        "form": form,
        "tone": "danger",
        "cancel_url": reverse("uplift:fund", args=[public_id]),
        "breadcrumbs": crumbs(version, "撤销登记"),
    }
    return _confirm(request, context)


def _confirm(request: AuthenticatedRequest, context: dict[str, Any]) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if context["form"].errors else HTTPStatus.OK
    return render(request, "uplift/confirm.html", context, status=status)
