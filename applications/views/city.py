"""The city reads an application whole and decides on it; the province reads the same page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from applications.actions.moving import Move, move_application
from applications.enums import ApplicationAction
from applications.forms.city import GiveBackForm
from applications.notifications import told_of
from applications.selectors.applications import (
    available_actions,
    get_application,
    list_steps,
)
from applications.selectors.review import Review, ReviewRow, read_review
from applications.views.application_wording import crumbs, history_of, turn_of
from applications.views.round_words import year_words
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Refused, Stale

if TYPE_CHECKING:
    from django.forms import BoundField

    from applications.models import Application
    from county_portal.common.workflow import Transition

_A = ApplicationAction
DAYS_TO_CORRECT = 10
READING = (
    Permission.RECOMMEND,
    Permission.RUN_PILOTS,
    Permission.DECIDE_PILOTS,
    Permission.CHECK_DOCUMENT,
    Permission.SIGN_DOCUMENT,
)
# Decided here; the others on the page of the round or by the province.
_DECIDED_HERE = (_A.ACCEPT, _A.APPROVE, _A.RETURN)


@page(*READING, objects={"public_id": "application"})
def review(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """All materials in one place; what came back is shown by what is new, `?all=1` shows everything."""
    return review_page(request, get_application(request.user, public_id))


@page(Permission.RECOMMEND, methods="POST", objects={"public_id": "application"})
def accept(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Begin the review."""
    return _decide(request, public_id, _A.ACCEPT, "已受理，县级不能再撤回。请审核后办理。")


@page(Permission.RECOMMEND, methods="POST", objects={"public_id": "application"})
def approve(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Find it fit to be recommended."""
    return _decide(request, public_id, _A.APPROVE, "审核通过。请在“推荐”页排定次序、填写理由。")


def _decide(
    request: AuthenticatedRequest, public_id: UUID, action: ApplicationAction, sentence: str
) -> HttpResponse:
    # The revision that was on the page; one that never existed where the form was tampered with.
    typed = request.POST.get("revision", "")
    move = Move(action, int(typed) if typed.isascii() and typed.isdigit() else -1)
    try:
        move_application(actor=request.user, application_id=public_id, move=move)
    except Stale as refusal:
        row = get_application(request.user, public_id)
        return review_page(request, row, refusal=refusal)
    messages.success(request, sentence)
    return redirect("applications:review", public_id)


@page(Permission.RECOMMEND, methods="POST", objects={"public_id": "application"})
def give_back(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Return it with what is wanted, by when."""
    row = get_application(request.user, public_id)
    found = read_review(request.user, row)
    form = GiveBackForm(request.POST, orders=_orders(found))
    if not form.is_valid():
        return review_page(request, row, form)
    wanted, comment, due_on = form.move_details
    move = Move(_A.RETURN, form.cleaned_data["revision"], comment, wanted, due_on)
    try:
        move_application(actor=request.user, application_id=public_id, move=move)
    except Invalid as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        return review_page(request, row, form)
    except Stale as refusal:
        return review_page(request, get_application(request.user, public_id), form, refusal)
    messages.success(request, f"已退回{row.office.short_name}，要求逐项列在其申报材料页面。")
    return redirect("applications:review", public_id)


def review_page(
    request: AuthenticatedRequest,
    row: "Application",
    form: GiveBackForm | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    """The page; with `form` or `refusal` it says what was not done and keeps what was typed."""
    found = read_review(request.user, row)
    moves = available_actions(request.user, row)
    form = form or GiveBackForm(
        orders=_orders(found), initial={"revision": row.revision, "due_on": _default_due_on(row)}
    )
    may_give_back = any(move.action == _A.RETURN for move in moves)
    is_only = found.is_read_again and "all" not in request.GET and not form.is_bound
    context: dict[str, Any] = {
        "application": row,
        "review": found,
        "guidance": found.guidance,
        "rows": [ReadRow(each, form.row(each.row.order)) for each in found.rows],
        "years": year_words(row.round),
        "is_only": is_only,
        "turn": turn_of(row, is_recommended=found.letter is not None),
        "history": history_of(list_steps(row)),
        "decisions": [
            _decision(request, row, move, found)
            for move in moves
            if move.action in _DECIDED_HERE and not move.needs_comment
        ],
        "give_back": _decision(request, row, _return_of(moves), found) if may_give_back else None,
        "form": form,
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": crumbs(row, "审核"),
    }
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    status = refusal.status if refusal else status
    return render(request, "applications/review.html", context, status=status)


def _orders(found: Review) -> list[int]:
    return list(dict.fromkeys(each.row.order for each in found.rows))


def _return_of(moves: "Sequence[Transition]") -> "Transition":
    return next(move for move in moves if move.action == _A.RETURN)


def _default_due_on(row: "Application") -> date:
    """Ten days on, but so that the city has three left before its own day; never a day that is past."""
    wished = clock.today() + timedelta(days=DAYS_TO_CORRECT)
    latest = row.round.city_due_on - timedelta(days=3)
    return max(min(wished, latest), clock.today() + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row of the table with the box for what is wanted of it."""

    line: ReviewRow
    wanted: "BoundField"


@dataclass(frozen=True, slots=True)
class Decision:
    """A step that may be taken here, what follows from it and who hears of it."""

    label: str
    url: str
    consequences: Sequence[str]
    told: str


_NAMES = {_A.ACCEPT: "accept", _A.APPROVE: "approve", _A.RETURN: "give_back"}


def _decision(
    request: AuthenticatedRequest, row: "Application", move: "Transition", found: Review
) -> Decision:
    action = ApplicationAction(move.action)
    return Decision(
        move.label,
        reverse(f"applications:{_NAMES[action]}", args=[row.public_id]),
        _consequences(row, action, found),
        told_of(row, action, request.user),
    )


def _consequences(row: "Application", action: ApplicationAction, found: Review) -> list[str]:
    county, city = row.office.short_name, row.reviewing_office.short_name
    if action == _A.ACCEPT:
        return [f"受理后{county}不能再撤回。", "受理后可以审核通过或退回。"]
    if action == _A.APPROVE:
        return [
            f"审核通过后由{city}排定推荐次序、填写理由，或办理不予推荐。",
            "推荐函签发之前仍可退回修改。",
        ]
    again = f"{county}须逐项答复，改正后重新定稿、重新经县政府审议通过，再行报送。"
    if found.letter is None:
        return [again]
    return [again, f"推荐函“{found.letter.number}”即告失效，须重新起草、签发。"]
