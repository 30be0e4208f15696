"""Plans: the list, one plan whole, a new one, its workbook."""

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from county_portal.common.access import page
from county_portal.common.errors import Invalid
from county_portal.documents.workbook import XLSX
from uplift.actions.drafts import begin_plan
from uplift.enums import PlanAction, VersionState
from uplift.exports import plan_workbook
from uplift.forms.plans import NewPlanForm
from uplift.selectors.plans import (
    get_version,
    list_steps,
    list_versions,
    proposed_years,
    version_in_preparation,
)
from uplift.selectors.progress import read_fund, read_stages
from uplift.selectors.texts import meaning_names, read_faults, read_questions, read_text
from uplift.views.words import (
    HOME,
    crumbs,
    version_badge,
    version_history,
    version_steps,
    version_turn,
)
from uplift.workflow import PLAN_WORKFLOW

if TYPE_CHECKING:
    from county_portal.accounts.models import User
    from county_portal.common.workflow import Transition
    from uplift.models import PlanVersion


@page(Permission.VIEW_UPLIFT)
def plans(request: AuthenticatedRequest) -> HttpResponse:
    """What concerns the reader: his own office's plans, and those settled by others for him."""
    rows = [
        (version, *version_badge(version), version_turn(version))
        for version in list_versions(request.user).exclude(state=VersionState.DROPPED)
    ]
    context = {"rows": rows, "may_plan": request.user.holds(Permission.PLAN_UPLIFT)}
    return render(request, "uplift/plans.html", context)


@page(Permission.PLAN_UPLIFT, methods="GET POST")
def new(request: AuthenticatedRequest) -> HttpResponse:
    """Begin a plan."""
    form = NewPlanForm(request.POST if request.method == "POST" else None, initial=proposed_years())
    if request.method == "POST" and form.is_valid():
        try:
            version = begin_plan(actor=request.user, data=form.plan)
        except Invalid as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, "已建立草稿，请填写基期、分类目标、阶段任务和专项资金。")
            return redirect("uplift:plan", version.public_id)
    context = {
        "form": form,
        "breadcrumbs": [(HOME[0], reverse(HOME[1])), ("新建", None)],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "uplift/new.html", context, status=status)


@page(Permission.VIEW_UPLIFT, objects={"public_id": "uplift_version"})
def plan(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """One version whole: what it says, whether it adds up, how far it has come."""
    user, version = request.user, get_version(request.user, public_id)
    text = read_text(version)
    is_own = version.plan.office_id == user.office_id
    names = meaning_names()
    fund = read_fund(version, text)
    context = {
        "version": version,
        "text": text,
        "badge": version_badge(version),
        "turn": version_turn(version),
        "target_classes": text.heading.classes[:-1],
        "stages": read_stages(version, text),
        "growth": [(names.get(rule.meaning, (rule.meaning, ""))[0], rule) for rule in text.growth],
        "fund": fund,
        "faults": read_faults(version, text) if version.is_in_preparation else [],
        "questions": read_questions(version, text) if is_own else [],
        "steps": version_steps(version),
        "history": version_history(list_steps(version)),
        "acts": _acts(version, user) if is_own else [],
        "may_edit": is_own
        and user.holds(Permission.PLAN_UPLIFT)
        and version.state == VersionState.DRAFTED,
        "may_amend": is_own
        and user.holds(Permission.PLAN_UPLIFT)
        and version.state == VersionState.SETTLED
        and version_in_preparation(version.plan) is None,
        "may_answer": user.holds(Permission.FILL) and version.state == VersionState.SETTLED,
        "breadcrumbs": crumbs(version),
    }
    return render(request, "uplift/plan.html", context)


def _acts(version: "PlanVersion", user: "User") -> "list[Transition]":
    """What the user may do with it, what takes words (sending back, ending) last."""
    acts = PLAN_WORKFLOW.actions_from(version.state, user.permissions)
    return sorted(
        (act for act in acts if act.action != PlanAction.REPLACE), key=lambda act: act.needs_comment
    )


@page(Permission.VIEW_UPLIFT, objects={"public_id": "uplift_version"})
def workbook(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """What a version says as a workbook."""
    version = get_version(request.user, public_id)
    text = read_text(version)
    content = plan_workbook(
        version,
        text,
        read_stages(version, text),
        read_fund(version, text),
        meaning_names(),
        clock.today(),
    )
    return download(content, f"uplift-plan-{version.from_year}-{version.number}.xlsx")


def download(content: bytes, name: str) -> HttpResponse:
    """A workbook to keep."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=XLSX, headers=headers)
