"""Acts of whoever keeps the ledger on one measure: standing, urging, deadline, goals, units."""

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Stale
from measures.actions.keeping import (
    add_duty,
    add_goal,
    end_duty,
    remove_goal,
    set_deadline,
    set_duty_kind,
)
from measures.actions.standing import set_standing
from measures.actions.urging import urge_units
from measures.forms.acts import DeadlineForm, GoalForm, ReasonForm, UnitForm, blame
from measures.notifications import reached_words, reporters_of
from measures.selectors.ledgers import get_goal, get_kept_duty, get_kept_measure, get_measure
from measures.views.items import measure_page, way
from measures.workflow import STANDING_WORKFLOW

if TYPE_CHECKING:
    from measures.models import Measure


@page(
    Permission.KEEP_MEASURES,
    methods="GET POST",
    objects={"public_id": "kept_measure", "act": "standing_act"},
)
def standing(request: AuthenticatedRequest, public_id: UUID, act: str) -> HttpResponse:
    """Change how the measure stands, with the reason."""
    row = get_kept_measure(request.user, public_id)
    steps = {step.action: step for step in STANDING_WORKFLOW.transitions if step.needs_comment}
    if act not in steps:
        raise Http404
    label = steps[act].label
    form = ReasonForm(request.POST or None, initial={"seen": row.state}, label="原因")
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            set_standing(
                actor=request.user,
                measure_id=public_id,
                act=act,
                comment=data["comment"],
                seen=data["seen"],
            )
        except Stale as refusal:
            return measure_page(request, get_measure(request.user, public_id), refusal)
        messages.success(request, f"已办理“{label}”，原因记入办理记录。")
        return redirect("measures:measure", public_id)
    consequences = ["原因对责任单位公开，记入办理记录，并写入当月督导专报。"]
    if act in {"complete", "end"}:
        consequences.append("办理后责任单位不再按月填报；需要时可以“重新推进”。")
    return ask(request, row, form, Question(label, f"{row.heading}：{label}？", consequences))


class Question:
    """What a page asks before an act."""

    def __init__(
        self, label: str, title: str, consequences: list[str] | None = None, tone: str = ""
    ) -> None:
        self.label, self.title = label, title
        self.consequences, self.tone = consequences or [], tone


def ask(
    request: AuthenticatedRequest, row: "Measure", form: forms.Form, question: Question
) -> HttpResponse:
    """The last look before an act on a measure."""
    context = {
        "measure": row,
        "question": question,
        "mail": reached_words(reporters_of(row)) if isinstance(form, ReasonForm) else "",
        "form": form,
        "cancel_url": reverse("measures:measure", args=[row.public_id]),
        "breadcrumbs": way(request, row, (question.label, None)),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "measures/confirm.html", context, status=status)


@page(Permission.KEEP_MEASURES, methods="GET POST", objects={"public_id": "kept_measure"})
def urge(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Urge the units, once a day."""
    row = get_kept_measure(request.user, public_id)
    form = ReasonForm(request.POST or None, label="催办意见")
    if request.method == "POST" and form.is_valid():
        try:
            urge_units(actor=request.user, measure_id=public_id, words=form.cleaned_data["comment"])
        except Stale as refusal:
            return measure_page(request, row, refusal)
        messages.success(request, "已催办，责任单位已收到站内通知。")
        return redirect("measures:measure", public_id)
    question = Question("催办", f"催办{row.heading}的责任单位？", ["每条措施每天可催办一次。"])
    return ask(request, row, form, question)


@page(Permission.KEEP_MEASURES, methods="GET POST", objects={"public_id": "kept_measure"})
def deadline(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Change until when it is to be done."""
    row = get_kept_measure(request.user, public_id)
    form = DeadlineForm(request.POST or None, initial={"due_on": row.due_on})
    if request.method == "POST" and form.is_valid():
        try:
            set_deadline(actor=request.user, measure_id=public_id, **form.cleaned_data)
        except Invalid as refusal:
            blame(form, refusal)
        else:
            messages.success(request, "完成时限已保存。")
            return redirect("measures:measure", public_id)
    return ask(request, row, form, Question("调整完成时限", f"调整{row.heading}的完成时限？"))


@page(Permission.KEEP_MEASURES, methods="GET POST", objects={"public_id": "kept_measure"})
def goal_new(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Add a quantified goal from the text."""
    row = get_kept_measure(request.user, public_id)
    form = GoalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_goal(actor=request.user, measure_id=public_id, data=form.goal)
        except Invalid as refusal:
            blame(form, refusal)
        else:
            messages.success(request, "目标已增加，牵头单位填报进展时填写数值。")
            return redirect("measures:measure", public_id)
    return ask(request, row, form, Question("增加量化目标", "从原文中摘出量化目标"))


@page(Permission.KEEP_MEASURES, methods="POST", objects={"public_id": "measure_goal"})
def goal_remove(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Take away a goal entered wrongly."""
    row = get_goal(request.user, public_id).measure
    row = get_kept_measure(request.user, row.public_id)
    try:
        remove_goal(actor=request.user, goal_id=public_id)
    except Stale as refusal:
        return measure_page(request, get_measure(request.user, row.public_id), refusal)
    messages.success(request, "目标已删除。")
    return redirect("measures:measure", row.public_id)


@page(Permission.KEEP_MEASURES, methods="GET POST", objects={"public_id": "kept_measure"})
def unit_new(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Give it to another unit."""
    row = get_kept_measure(request.user, public_id)
    form = UnitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_duty(actor=request.user, measure_id=public_id, **form.cleaned_data)
        except Invalid as refusal:
            blame(form, refusal)
        else:
            messages.success(request, "责任单位已增加，标注为“补充”。")
            return redirect("measures:measure", public_id)
    consequences = ["原文没有列明的单位标注“补充”，从本月起填报。"]
    return ask(request, row, form, Question("增加责任单位", "增加责任单位", consequences))


@page(Permission.KEEP_MEASURES, methods="POST", objects={"public_id": "kept_duty"})
def unit_kind(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Say whether a unit leads, supports or provides data."""
    row = get_kept_duty(request.user, public_id).measure
    try:
        set_duty_kind(actor=request.user, duty_id=public_id, kind=request.POST.get("kind", ""))
    except (Invalid, Stale) as refusal:
        return measure_page(request, get_measure(request.user, row.public_id), refusal)
    messages.success(request, "分工已保存。")
    return redirect("measures:measure", row.public_id)


@page(Permission.KEEP_MEASURES, methods="GET POST", objects={"public_id": "kept_duty"})
def unit_end(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Take the measure from a unit."""
    duty = get_kept_duty(request.user, public_id)
    row = get_measure(request.user, duty.measure.public_id)
    form = ReasonForm(request.POST or None, label="原因")
    if request.method == "POST" and form.is_valid():
        try:
            end_duty(actor=request.user, duty_id=public_id, reason=form.cleaned_data["comment"])
        except (Invalid, Stale) as refusal:
            return measure_page(request, row, refusal)
        messages.success(request, f"“{duty.name}”不再承担本条措施，已填报的进展保留。")
        return redirect("measures:measure", row.public_id)
    consequences = ["已填报的进展保留，今后不再填报。"]
    question = Question(
        "移出责任单位", f"“{duty.name}”不再承担{row.heading}？", consequences, "danger"
    )
    return ask(request, row, form, question)
