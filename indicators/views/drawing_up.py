"""The province draws a collection up, changes it while nobody knows of it, and may drop it."""

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Stale
from indicators.actions.collecting import change_collection, create_collection, discard_collection
from indicators.forms import CollectionForm
from indicators.selectors import get_collection
from indicators.views.province import LIST, collection_page, confirm

if TYPE_CHECKING:
    from indicators.models import Collection


@page(Permission.COLLECT, methods="GET POST")
def collection_create(request: AuthenticatedRequest) -> HttpResponse:
    """Draw one up."""
    form = CollectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_collection(actor=request.user, data=form.collection)
        except Invalid as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, "采集任务已建立，开放后各县才能填报。")
            return redirect("indicators:collection", made.public_id)
    return _form_page(request, form)


@page(Permission.COLLECT, methods="GET POST", objects={"public_id": "collection"})
def collection_edit(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Change one that is still drawn up."""
    row = get_collection(request.user, public_id)
    form = CollectionForm.of(row)
    if request.method == "POST":
        form = CollectionForm(request.POST)
        if form.is_valid():
            try:
                change_collection(actor=request.user, collection_id=public_id, data=form.collection)
            except Stale as refusal:
                return collection_page(request, row, refusal)
            except Invalid as refusal:
                form.add_error(refusal.field, refusal.sentence)
            else:
                messages.success(request, "已保存。")
                return redirect("indicators:collection", public_id)
    return _form_page(request, form, row)


def _form_page(
    request: AuthenticatedRequest, form: CollectionForm, row: "Collection | None" = None
) -> HttpResponse:
    label = "修改采集任务" if row else "新建采集任务"
    home = reverse("indicators:collection", args=[row.public_id]) if row else ""
    way = [(row.title, home)] if row else []
    context = {
        "form": form,
        "label": label,
        "submit_label": "保存" if row else "建立",
        "cancel_url": home or reverse(LIST[1]),
        "breadcrumbs": [(LIST[0], reverse(LIST[1])), *way, (label, None)],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "indicators/collection_form.html", context, status=status)


@page(Permission.COLLECT, methods="GET POST", objects={"public_id": "collection"})
def collection_discard(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Drop one that was only drawn up."""
    row = get_collection(request.user, public_id)
    if request.method == "POST":
        try:
            title = discard_collection(actor=request.user, collection_id=public_id)
        except Stale as refusal:
            return collection_page(request, row, refusal)
        messages.success(request, f"已删除“{title}”。")
        return redirect("indicators:collections")
    return confirm(
        request,
        row,
        "删除采集任务",
        title=f"删除{row.title}？",
        consequences=["该任务尚未开放，没有任何县（市、区）看到。删除后不能恢复，操作记入审计。"],
        tone="danger",
    )
