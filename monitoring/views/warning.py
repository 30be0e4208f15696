"""One warning: what is off and why, whose turn, what was done, and the next step."""

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
from county_portal.common.errors import Invalid
from monitoring.actions.answering import answer_warning, close_warning, urge_warning
from monitoring.enums import WarningAction
from monitoring.forms import AnswerForm, FollowForm
from monitoring.notifications import told_of
from monitoring.selectors.findings import warning_settings
from monitoring.selectors.projections import project_county
from monitoring.selectors.warnings import get_warning, list_steps, stamp_of
from monitoring.views.words import warning_history, warning_terms, warning_turn

if TYPE_CHECKING:
    from monitoring.models import Warning  # noqa: A004 -- the word of the field

_MAY_ANSWER, _MAY_FOLLOW = Permission.ANSWER_WARNING, Permission.FOLLOW_WARNINGS


@page(Permission.VIEW_WARNINGS, objects={"public_id": "warning"})
def warning(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """One warning whole, with the form of whoever may do something."""
    row = get_warning(request.user, public_id)
    initial = {"seen": stamp_of(row)}
    answer = AnswerForm(initial={**initial, **_answered(row)})
    return _page(request, row, answer=answer, follow=FollowForm(initial=initial))


def _answered(row: "Warning") -> dict[str, Any]:
    return {
        "cause": row.answer_cause,
        "steps": row.answer_steps,
        "promised_on": row.promised_on,
    }


def _page(
    request: AuthenticatedRequest, row: "Warning", *, answer: Any = None, follow: Any = None
) -> HttpResponse:
    user, code = request.user, row.indicator.code if row.indicator else ""
    lines = project_county(row.call, row.region) if code else []
    steps = list_steps(row)
    city_days = warning_settings().city_days[row.severity]  # type: ignore[index]  # a text choice compares as its text
    context = {
        "warning": row,
        "turn": warning_turn(row),
        "history": warning_history(steps),
        "terms": warning_terms(row, steps, city_days),
        "line": next((line for line in lines if line.code == code), None),
        "answer_form": answer if row.is_open and user.holds(_MAY_ANSWER) else None,
        "follow_form": follow if row.is_open and user.holds(_MAY_FOLLOW) else None,
        "told": told_of(row, WarningAction.ANSWER, user) if answer else "",
        "breadcrumbs": [
            ("监测预警", reverse("monitoring:warnings")),
            (row.region.full_name, _county_url(row)),
            (f"{row.subject}{row.get_kind_display()}", None),
        ],
    }
    has_errors = any(form is not None and form.errors for form in (answer, follow))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if has_errors else HTTPStatus.OK
    return render(request, "monitoring/warning.html", context, status=status)


def _county_url(row: "Warning") -> str:
    url = reverse("monitoring:county", args=[row.region.public_id])
    return f"{url}?year={row.call.year}"


@page(Permission.ANSWER_WARNING, methods="POST", objects={"public_id": "warning"})
def answer(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The county's word."""
    row = get_warning(request.user, public_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, row, answer=form)
    try:
        answer_warning(actor=request.user, warning_id=public_id, answer=form.answer)
    except Invalid as refusal:
        form.show(refusal)
        return _page(request, row, answer=form)
    messages.success(request, "原因和措施已提交，市级科技局已收到通知。")
    return redirect("monitoring:warning", public_id)


@page(Permission.FOLLOW_WARNINGS, methods="POST", objects={"public_id": "warning"})
def follow(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """City or province urges or settles."""
    row = get_warning(request.user, public_id)
    form = FollowForm(request.POST)
    if not form.is_valid():
        return _page(request, row, follow=form)
    data = form.cleaned_data
    act = close_warning if data["verdict"] == "close" else urge_warning
    try:
        act(actor=request.user, warning_id=public_id, words=data["words"], seen=data["seen"])
    except Invalid as refusal:
        form.show(refusal)
        return _page(request, row, follow=form)
    done = "预警已解除" if data["verdict"] == "close" else "已督办，县级收到通知"
    messages.success(request, f"{done}。")
    return redirect("monitoring:warning", public_id)
