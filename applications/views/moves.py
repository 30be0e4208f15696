"""The county's steps: finish, change again, the government's approval, hand in, take back."""

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from applications.actions.approval import approve_county
from applications.actions.moving import Move, move_application
from applications.enums import ApplicationAction
from applications.forms.document import ApprovalForm
from applications.forms.refusals import seen_now
from applications.notifications import told_of
from applications.rules.completeness import stops_finishing
from applications.selectors.applications import (
    available_actions,
    get_application,
    why_not_applying,
)
from applications.selectors.document import approval_of
from applications.selectors.materials import list_gaps
from applications.selectors.requests import last_return
from applications.views.application_wording import crumbs, decision_of, turn_of
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Refused, Stale
from indicators.forms import RevisionForm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from applications.models import Application, Request

_A = ApplicationAction


@page(Permission.APPLY, methods="GET POST", objects={"public_id": "application"})
def finish(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Close the materials, so that the county government considers what no longer moves."""
    return _step(request, public_id, _A.FINISH)


@page(Permission.APPLY, methods="GET POST", objects={"public_id": "application"})
def resume(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Open finished materials again."""
    return _step(request, public_id, _A.RESUME)


@page(Permission.HAND_IN, methods="GET POST", objects={"public_id": "application"})
def submit(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The last look before the materials leave the county."""
    return _step(request, public_id, _A.SUBMIT)


@page(Permission.HAND_IN, methods="GET POST", objects={"public_id": "application"})
def recall(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Take handed-in materials back before the city accepts them."""
    return _step(request, public_id, _A.RECALL)


def _step(
    request: AuthenticatedRequest, public_id: UUID, action: ApplicationAction
) -> HttpResponse:
    row = get_application(request.user, public_id)
    if request.method != "POST":
        return _step_page(request, row, action)
    move = Move(action, RevisionForm(request.POST).seen)
    words = decision_of(row, action)
    try:
        move_application(actor=request.user, application_id=public_id, move=move)
    except (Stale, Invalid) as refusal:
        return _step_page(request, get_application(request.user, public_id), action, refusal)
    messages.success(request, words.done)
    return redirect("applications:application", public_id)


def _step_page(
    request: AuthenticatedRequest,
    row: "Application",
    action: ApplicationAction,
    refusal: Refused | None = None,
) -> HttpResponse:
    words = decision_of(row, action)
    context = {
        "application": row,
        "words": words,
        "turn": turn_of(row),
        "gaps": [gap for gap in list_gaps(row) if stops_finishing(gap)]
        if action == _A.FINISH
        else [],
        "unanswered": _unanswered(row) if action in {_A.FINISH, _A.SUBMIT} else [],
        "approval": approval_of(row) if action == _A.SUBMIT else None,
        "mail": told_of(row, action, request.user),
        "hidden": [("revision", row.revision)],
        "breadcrumbs": crumbs(row, words.label),
        **_openness(request, row, action, refusal),
    }
    shown = context["refusal"]
    status = shown.status if isinstance(shown, Refused) else HTTPStatus.OK
    return render(request, "applications/step.html", context, status=status)


def _unanswered(row: "Application") -> "Sequence[Request]":
    """What the last return asks for and nobody answered yet."""
    packet = last_return(row)
    return packet.unanswered if packet else []


def _openness(
    request: AuthenticatedRequest,
    row: "Application",
    action: ApplicationAction,
    refusal: Refused | None,
) -> dict[str, object]:
    """Whether the step is open now, and what refuses it."""
    is_offered = any(move.action == action for move in available_actions(request.user, row))
    closed: Refused | None = None
    if not is_offered:
        closed = Stale(
            "stale_state", f"申报材料现为“{row.get_state_display()}”，不能办理此事项。请返回查看。"
        )
    elif action != _A.RECALL:
        closed = why_not_applying(row)
    refusal = refusal or closed
    return {
        "is_open": closed is None,
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
    }


@page(Permission.HAND_IN, methods="GET POST", objects={"public_id": "application"})
def approve(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Record that the county government approved exactly what was finished."""
    row = get_application(request.user, public_id)
    is_posted = request.method == "POST"
    form = (
        ApprovalForm(request.POST, request.FILES)
        if is_posted
        else ApprovalForm(initial={"revision": row.revision})
    )
    if not is_posted or not form.is_valid():
        return _approve_page(request, row, form)
    try:
        approve_county(
            actor=request.user,
            application_id=public_id,
            approval=form.approval,
            revision=form.cleaned_data["revision"],
        )
    except Invalid as wrong:
        form.add_error(wrong.field if wrong.field in form.fields else None, wrong.sentence)
        return _approve_page(request, row, form)
    except Stale as stale:
        row = get_application(request.user, public_id)
        again = ApprovalForm(seen_now(request.POST, row.revision), request.FILES)
        return _approve_page(request, row, again, stale)
    messages.success(request, "县政府审议通过已登记，可以报送。")
    return redirect("applications:application", public_id)


def _approve_page(
    request: AuthenticatedRequest,
    row: "Application",
    form: ApprovalForm,
    refusal: Refused | None = None,
) -> HttpResponse:
    context = {
        "application": row,
        "form": form,
        "gaps": list_gaps(row),
        "turn": turn_of(row),
        "breadcrumbs": crumbs(row, "登记县政府审议通过"),
        **_openness(request, row, _A.APPROVE_COUNTY, refusal),
    }
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    shown = context["refusal"]
    status = shown.status if isinstance(shown, Refused) else status
    return render(request, "applications/approve.html", context, status=status)
