"""A key task of the plan, as its county works it out."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from applications.actions.plans import remove_task, save_task
from applications.enums import KeyTask, Section
from applications.forms.plans import (
    STEPS,
    StepFormSet,
    TaskForm,
    over_theirs,
    read_task,
    task_forms,
    with_more_rows,
)
from applications.rules.guidance import read_guidance
from applications.rules.plan import term_of
from applications.selectors.applications import get_application, why_not_editable
from applications.selectors.materials import read_materials
from applications.selectors.plans import as_task, find_task, key_task, revision_of
from applications.views.plans import crumbs, plan_crumb
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Refused, Stale

if TYPE_CHECKING:
    from applications.models import Application


_OBJECTS = {"public_id": "application", "kind": "key_task"}


@page(Permission.APPLY, methods="GET POST", objects=_OBJECTS)
def task(request: AuthenticatedRequest, public_id: UUID, kind: str) -> HttpResponse:
    """Goal, units and steps; more rows for steps without JavaScript."""
    row = get_application(request.user, public_id)
    chosen = key_task(kind)
    if request.method != "POST":
        return _page(request, row, chosen, task_forms(as_task(find_task(row, chosen))))
    if "more" in request.POST:
        return _page(request, row, chosen, with_more_rows(request.POST))
    form, steps = TaskForm(request.POST), StepFormSet(request.POST, prefix=STEPS)
    typed = read_task(chosen, form, steps)
    if typed is None:
        return _page(request, row, chosen, (form, steps), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        seen = form.cleaned_data["seen"]
        save_task(actor=request.user, application_id=public_id, seen=seen, task=typed)
    except Invalid as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        return _page(request, row, chosen, (form, steps), status=refusal.status)
    except Stale as refusal:
        theirs = as_task(find_task(row, chosen))
        return _page(request, row, chosen, over_theirs(request.POST, theirs), refusal)
    messages.success(request, f"重点任务“{chosen.label}”已保存。")
    return redirect(f"{reverse('applications:plan', args=[public_id])}#task-{chosen}")


def _page(
    request: AuthenticatedRequest,
    row: "Application",
    chosen: KeyTask,
    forms: tuple[TaskForm, Any],
    refusal: Refused | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    form, steps = forms
    stored = as_task(find_task(row, chosen))
    is_changed = form.is_bound and refusal is not None and refusal.code == "section_changed"
    context = {
        "application": row,
        "task": chosen,
        "guidance": read_guidance().tasks[chosen],
        "term": term_of(read_materials(row)),
        "form": form,
        "steps": steps,
        "is_chosen": stored is not None,
        "is_changed": is_changed,
        "theirs": stored,
        "revision": revision_of(row, Section.TASKS),
        "closed": why_not_editable(row),
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": crumbs(row, plan_crumb(row), (chosen.label, None)),
    }
    status = refusal.status if refusal else status
    return render(request, "applications/plan_task.html", context, status=status)


@page(Permission.APPLY, methods="POST", objects=_OBJECTS)
def remove(request: AuthenticatedRequest, public_id: UUID, kind: str) -> HttpResponse:
    """Choose a key task no longer."""
    row = get_application(request.user, public_id)
    chosen = key_task(kind)
    typed = request.POST.get("revision", "")
    revision = int(typed) if typed.isascii() and typed.isdigit() else -1
    try:
        remove_task(actor=request.user, application_id=public_id, revision=revision, kind=chosen)
    except Stale as refusal:
        forms = task_forms(as_task(find_task(row, chosen)))
        return _page(request, row, chosen, forms, refusal)
    messages.success(request, f"已取消重点任务“{chosen.label}”。")
    return redirect(f"{reverse('applications:plan', args=[public_id])}#tasks")
