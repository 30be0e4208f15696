"""The public notice (公示) of a list of pilots, and objections anybody may raise."""

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from applications.actions.objections import raise_objection
from applications.forms.deciding import ObjectionForm
from applications.forms.refusals import show_refusal, status_of
from applications.selectors.deciding import pilot_list_settings
from applications.selectors.notice import get_public_notice, is_running, list_selected
from applications.views.round_words import public_crumbs
from county_portal.accounts.addresses import client_address
from county_portal.common.access import Audience, page
from county_portal.common.errors import Invalid, Refused
from county_portal.common.misses import WINDOW_SECONDS, count_miss, is_over_limit
from county_portal.common.province import words

if TYPE_CHECKING:
    from applications.models import PilotList

# Objections one address may send in ten minutes: a street shares an address, a program does not stop at five.
_MATTER, _MOST = "pilot-objections", 5


@page(Audience.PUBLIC, methods="GET POST", objects={"public_id": "public_notice"})
def notice(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Names and cities of the list, until when and how to object; nothing of who objected."""
    row = get_public_notice(public_id)
    selected = list_selected(row)
    regions = [
        (each.application.region.code, each.application.region.full_name) for each in selected
    ]
    form = ObjectionForm(request.POST or None, request.FILES or None, regions=regions)
    if request.method == "POST":
        _require_patience(request)
        if form.is_valid() and _raise(request, row, form):
            messages.success(
                request, f"异议已提交，{words().province_office}将核查处理。感谢您的监督。"
            )
            return redirect("applications:public_notice", public_id)
    context = {
        "list": row,
        "selected": selected,
        "is_running": is_running(row),
        "is_withdrawn": row.state == "withdrawn",
        "form": form,
        "settings": pilot_list_settings(),
        "page_meta": {
            "column_name": words().pilots,
            "description": f"{row.round.title}拟入选名单公示",
            "article_title": f"{row.round.title}拟入选名单公示",
            "published_on": row.notice_from,
        },
        "breadcrumbs": public_crumbs(("公示", None)),
    }
    return render(request, "applications/public_notice.html", context, status=status_of(form))


def _raise(request: HttpRequest, row: "PilotList", form: ObjectionForm) -> bool:
    """Hand it in; False with the refusal shown at the form."""
    try:
        raise_objection(list_id=row.public_id, objection=form.objection)
    except Invalid as refusal:
        show_refusal(form, refusal)
        return False
    count_miss(client_address(request), _MATTER)
    return True


def _require_patience(request: HttpRequest) -> None:
    if is_over_limit(client_address(request), _MATTER, _MOST):
        raise Refused(
            "objections_too_often",
            f"您所在的网络短时间内提交了过多异议，请{WINDOW_SECONDS // 60}分钟后再试，或以书面形式提交。",
            HTTPStatus.TOO_MANY_REQUESTS,
        )
