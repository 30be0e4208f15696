"""One measure: text, source, units, time line, entries, evidence; and the acts on it."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from county_portal.common.access import page
from county_portal.common.components import HistoryEntry
from county_portal.common.errors import Invalid, Refused, Stale
from county_portal.files.responses import serve
from measures.actions.keeping import (
    add_duty,
    add_goal,
    end_duty,
    remove_goal,
    set_deadline,
    set_duty_kind,
)
from measures.actions.reporting import report_month
from measures.actions.standing import set_standing
from measures.actions.urging import urge_units
from measures.enums import CLOSED, REPORTING, DutyKind
from measures.forms.acts import DeadlineForm, GoalForm, ReasonForm, ReportForm, UnitForm, blame
from measures.notifications import reached_words, reporters_of
from measures.rules.months import due_on, month_of, month_words, shifted
from measures.selectors.entries import entries_of_month, list_acts, list_entries, newest_of
from measures.selectors.ledgers import (
    get_entry_file,
    get_goal,
    get_kept_duty,
    get_kept_measure,
    get_measure,
    get_reportable,
    is_reporter,
    may_keep,
)
from measures.selectors.lines import read_line
from measures.selectors.spans import reportable_months
from measures.templatetags.measures_ui import MARKS
from measures.views.ledgers import Crumbs, crumbs, ledger_crumb
from measures.workflow import STANDING_WORKFLOW

if TYPE_CHECKING:
    from datetime import date

    from measures.models import Duty, Measure
    from measures.rules.lines import Line

SEEING = (Permission.VIEW_MEASURES, Permission.REPORT_MEASURES)


@page(*SEEING, objects={"public_id": "measure"})
def measure(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Everything about one measure."""
    return measure_page(request, get_measure(request.user, public_id))


def measure_page(
    request: AuthenticatedRequest, row: "Measure", refusal: Refused | None = None
) -> HttpResponse:
    """The page, headed by a refusal if something was just not done."""
    line, user = read_line(row), request.user
    keeps = may_keep(user, row.ledger)
    context = {
        "measure": row,
        "line": line,
        "turn": _turn(row, line),
        "entries": list_entries(row),
        "history": _history(row),
        "goals": [(goal, goal.expected(line.last_month)) for goal in line.goals],
        "duties": [
            (duty, line.is_open and is_reporter(user, duty.office_id, row.ledger))
            for duty in line.active_duties
        ],
        "former": [duty for duty in line.duties if duty.is_ended],
        "keeps": keeps,
        "kinds": DutyKind.choices,
        "acts": STANDING_WORKFLOW.actions_from(row.state, {Permission.KEEP_MEASURES})
        if keeps
        else (),
        "sees_ledger": user.holds(Permission.VIEW_MEASURES),
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": _way(request, row),
    }
    status = refusal.status if refusal else HTTPStatus.OK
    return render(request, "measures/measure.html", context, status=status)


def _way(request: AuthenticatedRequest, row: "Measure", *last: tuple[str, str | None]) -> Crumbs:
    here: tuple[str, str | None] = (
        f"第{row.number}条",
        reverse("measures:measure", args=[row.public_id]),
    )
    if request.user.holds(Permission.VIEW_MEASURES):
        return crumbs(ledger_crumb(row.ledger), here, *last)
    return crumbs(("本单位任务", reverse("measures:own")), here, *last)


def _turn(row: "Measure", line: "Line") -> dict[str, Any]:
    """Who is to report next: units that owe a month, else all that report."""
    if not line.is_open:
        return {
            "who": "",
            "since": line.state_since,
            "until": None,
            "note": line.state.label + "。",
        }
    owing = [duty for duty in line.active_duties if duty.late]
    reporting = owing or [duty for duty in line.active_duties if duty.is_reporting]
    names = "、".join(dict.fromkeys(duty.name for duty in reporting[:3]))
    more = f"等{len(reporting)}个单位" if len(reporting) > 3 else ""  # noqa: PLR2004 -- what fits
    month = line.last_month
    note = (
        f"完成时限{line.due_on:%Y年%-m月%-d日}。"
        if line.due_on
        else "原文未设完成时限，按月填报进展。"
    )
    return {
        "who": f"{names}{more}填报进展" if names else "",
        "since": None,
        "until": due_on(month if owing else shifted(month, 1), row.ledger.due_day),
        "note": note,
    }


def _history(row: "Measure") -> list[HistoryEntry]:
    acts = list_acts(row)
    told = [
        HistoryEntry(
            f"{step.label}：{step.get_from_state_display()} → {step.get_to_state_display()}",
            step.actor.display_name,
            step.actor.office.short_name,
            step.at,
            step.comment,
            *MARKS[step.to_state],  # type: ignore[index]  # a text choice compares as its text
        )
        for step in acts.steps
    ]
    told += [
        HistoryEntry(
            "催办",
            urge.by.display_name,
            urge.by.office.short_name,
            urge.at,
            urge.words,
            "warning",
            "bell",
        )
        for urge in acts.urges
    ]
    return sorted(told, key=lambda entry: entry.at.timestamp(), reverse=True)  # type: ignore[union-attr]  # instants


@page(*SEEING, objects={"public_id": "entry_file"})
def evidence(request: AuthenticatedRequest, public_id: UUID) -> FileResponse:
    """A piece of evidence, as a download."""
    return serve(get_entry_file(request.user, public_id).file)


# --- a unit's month ------------------------------------------------------------------------------


@page(Permission.REPORT_MEASURES, methods="GET POST", objects={"public_id": "measure_duty"})
def report(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Fill one month of one's own unit; `?month=2026-03`, last month without it."""
    duty = get_reportable(request.user, public_id)
    months = reportable_months(duty)
    chosen = _chosen_month(request.GET.get("month", ""), months)
    goals = list(duty.measure.goals.all()) if duty.kind in REPORTING else []
    if request.method != "POST":
        initial = {"seen": entries_of_month(duty, chosen), **_initial(duty, chosen)}
        return _report_page(
            request, duty, months, ReportForm(goals=goals, month=chosen, initial=initial)
        )
    form = ReportForm(request.POST, request.FILES, goals=goals, month=chosen)
    if form.is_valid():
        try:
            report_month(actor=request.user, duty_id=public_id, data=form.report)
        except Invalid as refusal:
            blame(form, refusal)
        except Stale as refusal:
            return _report_page(request, duty, months, form, refusal)
        else:
            messages.success(request, f"{month_words(chosen)}的进展已填报。")
            return redirect("measures:measure", duty.measure.public_id)
    return _report_page(request, duty, months, form)


def _chosen_month(text: str, months: "list[date]") -> "date":
    """The month of the address; else the last that is over; this month where there is no other."""
    named = [month for month in months if f"{month:%Y-%m}" == text]
    if text and not named:
        raise Http404
    last = shifted(month_of(clock.today()), -1)
    over = [month for month in months if month <= last]
    return (named or over[-1:] or months[-1:] or [last])[0]


def _initial(duty: "Duty", month: "date") -> dict[str, Any]:
    entry = newest_of(duty, month)
    if entry is None:
        return {}
    figures = {
        str(each.goal.public_id): f"{each.number.normalize():f}" for each in entry.figures.all()
    }
    return {"words": entry.words, "next_steps": entry.next_steps, **figures}


def _report_page(
    request: AuthenticatedRequest,
    duty: "Duty",
    months: "list[date]",
    form: ReportForm,
    refusal: Refused | None = None,
) -> HttpResponse:
    row = duty.measure
    context = {
        "duty": duty,
        "measure": row,
        "form": form,
        "months": months[-12:][::-1],
        "chosen": form.month,
        "until": due_on(form.month, row.ledger.due_day),
        "earlier": newest_of(duty, form.month),
        "is_closed": row.state in CLOSED,
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": _way(request, row, ("填报进展", None)),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    status_code = refusal.status if refusal else status
    return render(request, "measures/report.html", context, status=status_code)


# --- acts of whoever keeps the ledger ------------------------------------------------------------


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
        "breadcrumbs": _way(request, row, (question.label, None)),
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
