"""More days for one unit or for all, other places for one office."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from applications.actions.exceptions import change_quota, extend_application, postpone_round
from applications.forms.rounds import ExtensionForm, QuotaForm, show
from applications.notifications import POSTPONED, round_audience
from applications.selectors.applications import get_application, get_round
from applications.selectors.rounds import get_quota_office, places_of
from applications.views.application_wording import turn_of
from applications.views.round_words import (
    office_crumbs,
    postponing_consequences,
    round_crumbs,
)
from applications.views.rounds import round_page
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Stale
from county_portal.common.postponement_form import PostponementForm


@page(Permission.RUN_PILOTS, methods="GET POST", objects={"public_id": "application"})
def extend(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Give one unit more time."""
    row = get_application(request.user, public_id)
    form = ExtensionForm(request.POST if request.method == "POST" else None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            extend_application(actor=request.user, application_id=public_id, **form.cleaned_data)
        except Invalid as invalid:
            show(form, invalid)
        except Stale as stale:
            refusal = stale
        else:
            messages.success(request, "已延期并通知县级和市级，原因记入办理记录。")
            return redirect("applications:application", public_id)
    home = reverse("applications:application", args=[public_id])
    words = {
        "label": "延期",
        "name": str(row),
        "title": f"为{row.region.full_name}单独延期？",
        "consequences": [
            "只对这一个县（市、区）有效，其他县（市、区）的期限不变。",
            "批次已截止的，延期期间只有这一个县（市、区）可以修改和报送。",
        ],
        "turn": turn_of(row),
        "refusal": refusal,
        "cancel_url": home,
        "breadcrumbs": office_crumbs((row.region.full_name, home), ("延期", None)),
    }
    return _page(request, form, words)


@page(Permission.RUN_PILOTS, methods="GET POST", objects={"public_id": "round"})
def postpone(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Give everybody of a round more time."""
    call = get_round(request.user, public_id)
    form = PostponementForm.of(call, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            postpone_round(actor=request.user, round_id=public_id, **form.wanted)
        except Invalid as invalid:
            show(form, invalid)
        except Stale as refusal:
            return round_page(request, call, refusal)
        else:
            messages.success(request, "期限已延长，申报公告已更新，并通知各有关单位。")
            return redirect("applications:round", public_id)
    words = {
        "label": "延长期限",
        "name": call.title,
        "title": f"延长{call.title}的期限？",
        "consequences": postponing_consequences(call),
        "mail": round_audience(call, POSTPONED),
        "cancel_url": reverse("applications:round", args=[public_id]),
        "breadcrumbs": round_crumbs(call, ("延长期限", None)),
    }
    return _page(request, form, words)


@page(
    Permission.RUN_PILOTS,
    methods="GET POST",
    objects={"public_id": "round", "office_id": "reviewing_office"},
)
def quota(request: AuthenticatedRequest, public_id: UUID, office_id: UUID) -> HttpResponse:
    """Give one office other places."""
    call = get_round(request.user, public_id)
    office = get_quota_office(office_id)
    initial = {"places": places_of(call).get(office.pk)}
    form = QuotaForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = {"office": office, **form.cleaned_data}
        try:
            change_quota(actor=request.user, round_id=public_id, **data)
        except Invalid as invalid:
            show(form, invalid)
        except Stale as refusal:
            return round_page(request, call, refusal)
        else:
            messages.success(request, f"{office.short_name}的推荐名额已调整，并通知该单位。")
            return redirect("applications:round", public_id)
    words = {
        "label": "调整名额",
        "name": call.title,
        "title": f"调整{office.short_name}的推荐名额？",
        "consequences": ["名额不能少于推荐函已推荐的个数。"],
        "cancel_url": reverse("applications:round", args=[public_id]),
        "breadcrumbs": round_crumbs(call, ("调整名额", None)),
    }
    return _page(request, form, words)


def _page(request: AuthenticatedRequest, form: forms.Form, words: dict[str, Any]) -> HttpResponse:
    refusal = words.get("refusal")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    if refusal:
        status = refusal.status
    context = {**words, "form": form, "error_code": refusal.code if refusal else ""}
    return render(request, "applications/round_confirm.html", context, status=status)
