"""Steps of a version: asked once more before they are taken."""

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid
from uplift.actions.drafts import amend_plan
from uplift.actions.moving import move_version
from uplift.enums import PlanAction
from uplift.forms.plans import AmendForm, CommentForm
from uplift.notifications import told_of
from uplift.selectors.plans import get_draft
from uplift.views.words import crumbs
from uplift.workflow import PLAN_WORKFLOW

if TYPE_CHECKING:
    from uplift.models import PlanVersion

_PLANNERS = frozenset({PlanAction.SUBMIT, PlanAction.RECALL, PlanAction.DROP})
_DECIDERS = frozenset({PlanAction.RETURN, PlanAction.SETTLE, PlanAction.CLOSE})
_CONSEQUENCES = {
    PlanAction.SUBMIT: ["送审定后不能修改，需要修改的先收回。", "审定由本单位另一人办理。"],
    PlanAction.RECALL: ["收回后可以继续修改，改完重新送审定。"],
    PlanAction.DROP: ["放弃后这一版不再使用；执行中的版本不受影响。"],
    PlanAction.RETURN: ["退回后由拟定人修改，重新送审定。"],
    PlanAction.SETTLE: [
        "审定后各县（市、区）看到本计划，并按分类目标收到月度预期的建议。",
        "内容随即封存，以后只能通过修订另立一版；有执行中旧版的，由这一版替代。",
    ],
    PlanAction.CLOSE: ["结束后不再生成月度预期，也不再登记专项资金。"],
}


@page(
    Permission.PLAN_UPLIFT,
    methods="GET POST",
    objects={"public_id": "uplift_draft", "action": "uplift_plan_act"},
)
def plan_act(request: AuthenticatedRequest, public_id: UUID, action: str) -> HttpResponse:
    """Hand in, take back, give up."""
    return _act(request, public_id, action, _PLANNERS)


@page(
    Permission.DECIDE_UPLIFT,
    methods="GET POST",
    objects={"public_id": "uplift_draft", "action": "uplift_decide_act"},
)
def decide_act(request: AuthenticatedRequest, public_id: UUID, action: str) -> HttpResponse:
    """Settle, return, close."""
    return _act(request, public_id, action, _DECIDERS)


def _act(
    request: AuthenticatedRequest, public_id: UUID, name: str, allowed: frozenset[PlanAction]
) -> HttpResponse:
    version = get_draft(request.user, public_id)
    if name not in allowed:
        raise Http404
    action = PlanAction(name)
    asks = any(row.needs_comment for row in PLAN_WORKFLOW.transitions if row.action == action)
    initial = {"revision": version.revision}
    form = CommentForm(request.POST or None, asks=asks, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            move_version(
                actor=request.user,
                version_id=public_id,
                action=action,
                comment=form.cleaned_data["comment"],
                seen=form.seen,
            )
        except Invalid as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"已办理：{_label(action)}。")
            return redirect("uplift:plan", public_id)
    return _confirm(request, version, action, form)


def _label(action: PlanAction) -> str:
    return next(row.label for row in PLAN_WORKFLOW.transitions if row.action == action)


def _confirm(
    request: AuthenticatedRequest, version: "PlanVersion", action: PlanAction, form: CommentForm
) -> HttpResponse:
    label = _label(action)
    context = {
        "label": label,
        "version": version,
        "title": f"{label}《{version.title}》？",
        "consequences": _CONSEQUENCES[action],
        "mail": told_of(version, action, request.user),
        "form": form,
        "final": action in {PlanAction.SETTLE, PlanAction.CLOSE, PlanAction.DROP},
        "tone": "danger" if action in {PlanAction.DROP, PlanAction.CLOSE} else "",
        "cancel_url": reverse("uplift:plan", args=[version.public_id]),
        "breadcrumbs": crumbs(version, label),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "uplift/confirm.html", context, status=status)


@page(Permission.PLAN_UPLIFT, methods="GET POST", objects={"public_id": "uplift_draft"})
def amend(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Begin a version that is to replace the one in force."""
    version = get_draft(request.user, public_id)
    form = AmendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        fresh = amend_plan(actor=request.user, version_id=public_id, reason=reason)
        messages.success(request, "已建立修订版草稿，执行中的版本不受影响，直到修订版审定。")
        return redirect("uplift:plan", fresh.public_id)
    context = {
        "label": "修订计划",
        "version": version,
        "title": f"修订《{version.title}》？",
        "consequences": ["以现行内容建立修订版草稿；审定后替代现行版本，各县收到通知。"],
        "form": form,
        "cancel_url": reverse("uplift:plan", args=[public_id]),
        "breadcrumbs": crumbs(version, "修订计划"),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "uplift/confirm.html", context, status=status)
