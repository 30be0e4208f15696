"""One measure: text, source, units, time line, entries, evidence; and the acts on it."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

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
from county_portal.common.text import chinese_date
from county_portal.files.responses import serve
from measures.actions.reporting import report_month
from measures.enums import CLOSED, REPORTING, DutyKind
from measures.forms.acts import ReportForm, blame
from measures.rules.months import due_on, month_of, month_words, shifted
from measures.selectors.entries import entries_of_month, list_acts, list_entries, newest_of
from measures.selectors.ledgers import (
    get_entry_file,
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
    from measures.rules.lines import DutyState, Line

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
        "breadcrumbs": way(request, row),
    }
    status = refusal.status if refusal else HTTPStatus.OK
    return render(request, "measures/measure.html", context, status=status)


def way(request: AuthenticatedRequest, row: "Measure", *last: tuple[str, str | None]) -> Crumbs:
    """The way to a page about a measure."""
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
    month, reporting = _next_month(line)
    names = "、".join(dict.fromkeys(duty.name for duty in reporting[:3]))
    more = f"等{len(reporting)}个单位" if len(reporting) > 3 else ""  # noqa: PLR2004 -- what fits
    note = (
        f"完成时限{chinese_date(line.due_on)}。"
        if line.due_on
        else "原文未设完成时限，按月填报进展。"
    )
    return {
        "who": f"{names}{more}填报进展" if names else "",
        "since": None,
        "until": due_on(month, row.ledger.due_day),
        "note": note,
    }


def _next_month(line: "Line") -> "tuple[date, list[DutyState]]":
    """The month to be reported next and the units that have not: what is owed, the month over, the one under way.

    Who has reported ahead is asked for the month after.
    """
    owing = [duty for duty in line.active_duties if duty.late]
    if owing:
        return line.last_month, owing
    every = [duty for duty in line.active_duties if duty.is_reporting]
    for ahead in range(2):
        month = shifted(line.last_month, ahead)
        # Of the month that is over only those who answered for it already.
        lacking = [
            duty for duty in every if month not in duty.months and (ahead or month in duty.over)
        ]
        if lacking:
            return month, lacking
    return shifted(line.last_month, 2), every


def _history(row: "Measure") -> list[HistoryEntry]:
    acts = list_acts(row)
    told = [
        HistoryEntry(
            f"{step.label}：{step.get_from_state_display()} → {step.get_to_state_display()}",
            step.actor_name,
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
    row, earlier = duty.measure, newest_of(duty, form.month)
    context = {
        "duty": duty,
        "measure": row,
        "form": form,
        "months": months[-12:][::-1],
        "chosen": form.month,
        "until": None if earlier else due_on(form.month, row.ledger.due_day),
        "earlier": earlier,
        "is_closed": row.state in CLOSED,
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": way(request, row, ("填报进展", None)),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    status_code = refusal.status if refusal else status
    return render(request, "measures/report.html", context, status=status_code)
