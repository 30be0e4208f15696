"""When people are reminded of a collection's days."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Refused, Stale
from indicators.actions.reminding import set_timetable
from indicators.forms.collections import TimetableForm
from indicators.selectors import get_collection


@page(Permission.COLLECT, methods="GET POST", objects={"public_id": "collection"})
def timetable(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Change the timetable, while there is anything left to remind of."""
    row = get_collection(request.user, public_id)
    form = TimetableForm(request.POST) if request.method == "POST" else TimetableForm.of(row)
    refusal: Refused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            set_timetable(actor=request.user, collection_id=public_id, timetable=form.timetable)
        except Invalid as refused:
            form.add_error(refused.field, refused.sentence)
        except Stale as stale:
            refusal = stale
        else:
            messages.success(request, "提醒安排已保存。")
            return redirect("indicators:collection", public_id)
    home = reverse("indicators:collection", args=[row.public_id])
    context = {
        "collection": row,
        "form": form,
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": [
            ("采集任务", reverse("indicators:collections")),
            (row.title, home),
            ("提醒安排", None),
        ],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    status_code = refusal.status if refusal else status
    return render(request, "indicators/timetable.html", context, status=status_code)
