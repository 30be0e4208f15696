"""The province gives a pilot to other offices."""

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from applications.actions.handing_over import hand_over_pilot
from applications.forms.pilots import HandOverForm
from applications.selectors.pilots import get_pilot, term_of
from applications.views.pilot_words import pilot_turn
from applications.views.pilots import crumbs, pilot_context, pilot_page
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Stale

if TYPE_CHECKING:
    from applications.models import Pilot

LABEL = "调整办理单位"


@page(Permission.RUN_PILOTS, methods="GET POST", objects={"public_id": "pilot"})
def hand_over(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Choose the offices, with the reason."""
    row = get_pilot(request.user, public_id)
    if request.method != "POST":
        held = {
            "office": str(row.office.public_id),
            "reviewing_office": str(row.reviewing_office.public_id),
            "seen": row.desks,
        }
        return _page(request, row, HandOverForm(initial=held))
    form = HandOverForm(request.POST)
    if form.is_valid():
        try:
            hand_over_pilot(actor=request.user, pilot_id=public_id, data=form.hand_over)
        except Invalid as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        except Stale as refusal:
            return pilot_page(request, get_pilot(request.user, public_id), refusal)
        else:
            messages.success(request, "办理单位已调整，原因记入试点记录。")
            return redirect("applications:pilot", public_id)
    return _page(request, row, form)


def _page(request: AuthenticatedRequest, row: "Pilot", form: HandOverForm) -> HttpResponse:
    context = {
        **pilot_context(row),
        "label": LABEL,
        "title": f"{row.region.full_name}：{LABEL}？",
        "consequences": [
            "未办结的进展报告、总结验收和目标调整申请一并转由所选单位办理。",
            "已经报送和办结的，仍记在原办理人名下。试点地区的名称不变。",
        ],
        "mail": "所选的建设单位和审核单位",
        "turn": pilot_turn(row, term_of(row)),
        "form": form,
        "cancel_url": reverse("applications:pilot", args=[row.public_id]),
        "breadcrumbs": crumbs(row, LABEL),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "applications/pilot_confirm.html", context, status=status)
