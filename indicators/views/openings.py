"""More time: for one county, for all of a collection, and the list of a collection's exceptions."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Stale
from county_portal.common.postponement_form import PostponementForm
from indicators.actions.collecting import postpone_collection
from indicators.actions.openings import close_late, extend_deadline, open_late
from indicators.forms.collections import ExtensionForm, LateOpeningForm
from indicators.notifications import (
    CLOSE_LATE,
    EXTEND,
    OPEN_LATE,
    POSTPONED,
    audience_of,
    collection_audience,
)
from indicators.selectors import get_collection, get_submission
from indicators.selectors.openings import list_extended, list_late_openings, may_open_late
from indicators.views import shared
from indicators.views.province import collection_page, confirm
from indicators.views.wording import postponing_consequences, turn_of

if TYPE_CHECKING:
    from indicators.models import Submission


@page(Permission.COLLECT, methods="GET POST", objects={"public_id": "submission"})
def late_opening(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Let one county fill after the collection was closed."""
    row = get_submission(request.user, public_id)
    form = LateOpeningForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            open_late(actor=request.user, submission_id=public_id, **form.cleaned_data)
        except Invalid as refusal:
            form.add_error(refusal.field, refusal.sentence)
        except Stale as refusal:
            return shared.submission_page(request, row, refusal)
        else:
            messages.success(request, "已补开，只对这一个县（市、区）有效，原因记入办理记录。")
            return redirect("indicators:submission", public_id)
    elif request.method == "GET" and not may_open_late(request.user, row):
        # One wish, two acts: while all still fill, the county's day is extended.
        return redirect("indicators:extend", public_id)
    return _page(
        request,
        row,
        "补开",
        OPEN_LATE,
        title=f"为{row.region.full_name}补开填报？",
        consequences=[
            "本次采集已截止，补开只对这一个县（市、区）有效，到期自动结束，也可提前结束。",
            "补开期间提交的填报表仍由市级审核后报省级接收；已完成的评价运行不受影响。",
        ],
        turn=turn_of(row),
        form=form,
    )


def _page(
    request: AuthenticatedRequest, row: "Submission", label: str, act: str, **words: Any
) -> HttpResponse:
    """A last look before an act on one county's time; see components/confirm.html."""
    context = {
        "label": label,
        "name": row.region.full_name,
        "mail": audience_of(row, act, request.user).words,
        "cancel_url": reverse("indicators:submission", args=[row.public_id]),
        "breadcrumbs": shared.crumbs(row, label),
        **words,
    }
    form: forms.Form | None = words.get("form")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form and form.errors else HTTPStatus.OK
    return render(request, "indicators/confirm.html", context, status=status)


@page(Permission.COLLECT, methods="GET POST", objects={"public_id": "submission"})
def late_opening_close(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """End it before its day."""
    row = get_submission(request.user, public_id)
    if request.method == "POST":
        try:
            row = close_late(actor=request.user, submission_id=public_id)
        except Stale as refusal:
            return shared.submission_page(request, row, refusal)
        messages.success(request, f"{row.region.full_name}的补报已结束。")
        return redirect("indicators:late_openings", row.collection.public_id)
    return _page(
        request,
        row,
        "结束补报",
        CLOSE_LATE,
        title=f"提前结束{row.region.full_name}的补报？",
        consequences=["已填写的内容保留；未提交的停留在现有状态，不能再修改。"],
        tone="danger",
        cancel_url=reverse("indicators:late_openings", args=[row.collection.public_id]),
    )


@page(Permission.COLLECT, objects={"public_id": "collection"})
def late_openings(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Who was given time of its own in a collection, by whom, until when, why."""
    row = get_collection(request.user, public_id)
    home = reverse("indicators:collection", args=[row.public_id])
    context = {
        "collection": row,
        "openings": list_late_openings(row),
        "extended": list_extended(row),
        "breadcrumbs": [
            ("采集任务", reverse("indicators:collections")),
            (row.title, home),
            ("延期与补开", None),
        ],
    }
    return render(request, "indicators/late_openings.html", context)


@page(Permission.COLLECT, methods="GET POST", objects={"public_id": "collection"})
def postpone(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Give everybody of an open collection more time."""
    row = get_collection(request.user, public_id)
    form = PostponementForm.of(row, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            postpone_collection(actor=request.user, collection_id=public_id, **form.wanted)
        except Invalid as refusal:
            form.add_error(refusal.field, refusal.sentence)
        except Stale as refusal:
            return collection_page(request, row, refusal)
        else:
            messages.success(request, "期限已延长，并通知各县（市、区）和审核单位。")
            return redirect("indicators:collection", public_id)
    return confirm(
        request,
        row,
        "延长期限",
        title=f"延长{row.title}的期限？",
        consequences=postponing_consequences(row),
        mail=collection_audience(row, POSTPONED),
        form=form,
    )


@page(Permission.COLLECT, methods="GET POST", objects={"public_id": "submission"})
def extend(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Give one county more time."""
    row = get_submission(request.user, public_id)
    if may_open_late(request.user, row):
        return redirect("indicators:late_opening", public_id)
    form = ExtensionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            extend_deadline(actor=request.user, submission_id=public_id, **form.cleaned_data)
        except Invalid as refusal:
            form.add_error(refusal.field, refusal.sentence)
        except Stale as refusal:
            return shared.submission_page(request, row, refusal)
        else:
            messages.success(request, "已延期，原因记入办理记录。")
            return redirect("indicators:submission", public_id)
    return _page(
        request,
        row,
        "延期",
        EXTEND,
        title=f"为{row.region.full_name}单独延期？",
        consequences=["只对这一个县（市、区）有效，其他县的截止日期不变。"],
        turn=turn_of(row),
        form=form,
    )
