"""Requests to change targets, and how far tasks have come."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from applications.actions.changes import (
    ask_change,
    decide_change,
    review_change,
    take_back_change,
)
from applications.actions.progressing import note_progress
from applications.forms.pilots import ChangeForm, OpinionForm, ProgressForm
from applications.selectors.changes import get_change
from applications.selectors.pilots import get_pilot, get_task, list_task_lines, newest_note
from applications.views.pilot_words import change_badge, change_turn
from applications.views.pilots import crumbs, pilot_context, pilot_page
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Stale
from county_portal.common.province import words
from county_portal.files.responses import serve

if TYPE_CHECKING:
    from applications.models import PilotTask, TargetChange


@page(Permission.APPLY, methods="GET POST", objects={"public_id": "pilot"})
def ask(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The county asks for another target."""
    row = get_pilot(request.user, public_id)
    form = ChangeForm(*_sent(request), pilot=row)
    if request.method == "POST" and form.is_valid():
        try:
            change = ask_change(actor=request.user, pilot_id=public_id, data=form.change)
        except Invalid as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        except Stale as refusal:
            return pilot_page(request, get_pilot(request.user, public_id), refusal)
        else:
            messages.success(request, "申请已提出，请市级审核。批准之前目标不变。")
            return redirect("applications:target_change", change.public_id)
    context = {
        **pilot_context(row),
        "form": form,
        "breadcrumbs": crumbs(row, "申请调整目标"),
    }
    return render(request, "applications/change_ask.html", context, status=_status(form))


def _sent(request: AuthenticatedRequest) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _status(form: Any) -> int:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


@page(Permission.VIEW_PILOTS, objects={"public_id": "target_change"})
def change(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """One request: what is asked and why, what city and province say."""
    return change_page(request, get_change(request.user, public_id))


def change_page(
    request: AuthenticatedRequest,
    row: "TargetChange",
    form: OpinionForm | None = None,
    refusal: Stale | None = None,
) -> HttpResponse:
    """The page of a request, with the form of whoever's turn it is."""
    context = {
        **pilot_context(row.pilot),
        "change": row,
        "change_badge": change_badge(row),
        "turn": change_turn(row),
        "form": form or _opinion_form(request, row),
        "may_take_back": request.user.holds(Permission.APPLY)
        and row.state in {"asked", "supported"},
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": crumbs(row.pilot, "目标调整申请"),
    }
    status = refusal.status if refusal else _status(form) if form else HTTPStatus.OK
    return render(request, "applications/change.html", context, status=status)


# State -> who may speak, the two answers.
_ANSWERS = {
    "asked": (Permission.RECOMMEND, f"同意，报{words().province_office}审批", "不同意"),
    "supported": (Permission.RUN_PILOTS, "批准调整", "不予批准"),
}


def _opinion_form(request: AuthenticatedRequest, row: "TargetChange") -> OpinionForm | None:
    permission, yes, no = _ANSWERS.get(row.state, (None, "", ""))
    if permission is None or not request.user.holds(permission):
        return None
    return OpinionForm(yes=yes, no=no)


@page(
    Permission.RECOMMEND,
    Permission.RUN_PILOTS,
    methods="POST",
    objects={"public_id": "target_change"},
)
def decide(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The city's opinion or the province's decision, whichever the reader's office gives."""
    row, user = get_change(request.user, public_id), request.user
    is_city = user.holds(Permission.RECOMMEND)
    _, yes, no = _ANSWERS["asked" if is_city else "supported"]
    form = OpinionForm(request.POST, yes=yes, no=no)
    if not form.is_valid():
        return change_page(request, row, form)
    comment, is_yes = form.cleaned_data["comment"], form.is_yes
    try:
        if is_city:
            review_change(actor=user, change_id=public_id, supports=is_yes, comment=comment)
        else:
            decide_change(actor=user, change_id=public_id, approves=is_yes, comment=comment)
    except Stale as refusal:
        return change_page(request, get_change(user, public_id), refusal=refusal)
    messages.success(request, f"已办理：{yes if is_yes else no}。")
    return redirect("applications:target_change", public_id)


@page(Permission.APPLY, methods="POST", objects={"public_id": "target_change"})
def take_back(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The county takes its request back."""
    try:
        row = take_back_change(actor=request.user, change_id=public_id)
    except Stale as refusal:
        return change_page(request, get_change(request.user, public_id), refusal=refusal)
    messages.success(request, "申请已撤回，目标不变。")
    return redirect("applications:pilot", row.pilot.public_id)


@page(Permission.VIEW_PILOTS, objects={"public_id": "target_change_with_file"})
def change_file(request: AuthenticatedRequest, public_id: UUID) -> FileResponse:
    """What the county attached."""
    row = get_change(request.user, public_id)
    if row.file is None:
        raise Http404
    return serve(row.file)


@page(Permission.APPLY, methods="GET POST", objects={"public_id": "pilot_task"})
def task(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Note how far a task has come."""
    row = get_task(request.user, public_id)
    newest = newest_note(row)
    done = newest.done if newest else 0
    if request.method != "POST":
        return _task_page(request, row, ProgressForm(initial={"done": done, "seen": done}))
    form = ProgressForm(request.POST)
    if form.is_valid():
        try:
            note_progress(actor=request.user, task_id=public_id, **form.cleaned_data)
        except Invalid as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        except Stale as refusal:
            pilot = get_pilot(request.user, row.pilot.public_id)
            return pilot_page(request, pilot, refusal)
        else:
            messages.success(request, "进展已保存，市、省两级可见。")
            home = reverse("applications:pilot", args=[row.pilot.public_id])
            return redirect(f"{home}#task-{row.order}")
    return _task_page(request, row, form)


def _task_page(request: AuthenticatedRequest, row: "PilotTask", form: ProgressForm) -> HttpResponse:
    pilot = get_pilot(request.user, row.pilot.public_id)
    line = next(each for each in list_task_lines(pilot) if each.task.pk == row.pk)
    context = {
        **pilot_context(pilot),
        "line": line,
        "form": form,
        "breadcrumbs": crumbs(pilot, "填写任务进展"),
    }
    return render(request, "applications/pilot_task.html", context, status=_status(form))
