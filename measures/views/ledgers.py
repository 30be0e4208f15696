"""Ledgers, one ledger with its filters, the matrix of months, one's own unit's tasks."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Level, Permission
from county_portal.common import clock
from county_portal.common.access import page
from county_portal.documents.workbook import XLSX
from measures.enums import Standing
from measures.exports import ledger_workbook
from measures.forms.lists import LineFilterForm
from measures.rules.gantt import draw_ledger
from measures.rules.matrix import draw_matrix
from measures.rules.months import due_on, month_of, month_words, shifted
from measures.selectors.ledgers import get_ledger, list_ledgers, may_keep
from measures.selectors.lines import ledger_of_lines, read_lines, read_own

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from measures.models import Ledger
    from measures.rules.lines import DutyState, Line

Crumbs = list[tuple[str, str | None]]


def crumbs(*last: tuple[str, str | None]) -> Crumbs:
    """The way to a page of the ledger."""
    return [("措施台账", reverse("measures:home")), *last]


def ledger_crumb(ledger: "Ledger") -> tuple[str, str | None]:
    """A ledger in the way to a page."""
    return ledger.title, reverse("measures:ledger", args=[ledger.public_id])


@dataclass(frozen=True, slots=True)
class Listed:
    """A ledger in the list with what stands out."""

    ledger: "Ledger"
    lines: "Sequence[Line]"

    @property
    def done(self) -> int:
        """Measures done."""
        return sum(line.state == Standing.DONE for line in self.lines)

    @property
    def late(self) -> int:
        """Measures late in any way."""
        return sum(line.is_late for line in self.lines)

    @property
    def stalled(self) -> int:
        """Measures that stall."""
        return sum(line.is_stalled for line in self.lines)


@page(Permission.VIEW_MEASURES, Permission.REPORT_MEASURES)
def home(request: AuthenticatedRequest) -> HttpResponse:
    """Ledgers one sees; whoever only reports goes to his own tasks."""
    if not request.user.holds(Permission.VIEW_MEASURES):
        return redirect("measures:own")
    context = {
        "rows": [Listed(row, read_lines(row)) for row in _from_above(list_ledgers(request.user))],
        "today": clock.today(),
        "may_keep": request.user.holds(Permission.KEEP_MEASURES),
        "may_report": request.user.holds(Permission.REPORT_MEASURES),
    }
    return render(request, "measures/home.html", context)


def _from_above(rows: "Iterable[Ledger]") -> "list[Ledger]":
    """The province's first, then cities' and counties'."""
    ranks = {Level.PROVINCE: 0, Level.CITY: 1}
    return sorted(rows, key=lambda row: ranks.get(Level(row.office.level), 2))


@page(Permission.VIEW_MEASURES, objects={"public_id": "measure_ledger"})
def ledger(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """One ledger: filters in the address, lines, the picture in time, goals."""
    row = get_ledger(request.user, public_id)
    every = read_lines(row)
    form = LineFilterForm(request.GET, lines=every)
    lines = [line for line in every if form.wanted.admits(line)]
    context = {
        **ledger_context(request, row),
        "form": form,
        "chips": form.chips("state", Standing.choices, _standings(every, form)),
        "lines": lines,
        "counts": Counter(str(line.state) for line in every),
        "total": len(every),
        "late": sum(line.is_late for line in every),
        "stalled": sum(line.is_stalled for line in every),
        "goals": [(line, goal, _expected(line, goal)) for line in lines for goal in line.goals],
        "schedule": draw_ledger(lines, row.starts_on, clock.today()),
        "export_url": reverse("measures:ledger_xlsx", args=[public_id]) + form.address(),
        "breadcrumbs": crumbs((row.title, None)),
    }
    return render(request, "measures/ledger.html", context)


def ledger_context(request: AuthenticatedRequest, row: "Ledger") -> dict[str, Any]:
    """What every page of a ledger shows of it."""
    month = shifted(month_of(clock.today()), -1)
    return {
        "ledger": row,
        "month": min(month, month_of(row.ends_on)) if row.ends_on else month,
        "may_keep": may_keep(request.user, row),
    }


def _expected(line: "Line", goal: Any) -> Any:
    return goal.expected(line.last_month)


@page(Permission.VIEW_MEASURES, objects={"public_id": "measure_ledger"})
def ledger_xlsx(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The lines exactly as filtered."""
    row = get_ledger(request.user, public_id)
    every = read_lines(row)
    wanted = LineFilterForm(request.GET, lines=every).wanted
    content = ledger_workbook(row, [line for line in every if wanted.admits(line)], clock.today())
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="measures.xlsx"'
    return response


@page(Permission.VIEW_MEASURES, objects={"public_id": "measure_ledger"})
def overview(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Units × months: who reported how much of what was due."""
    row = get_ledger(request.user, public_id)
    context = {
        **ledger_context(request, row),
        "matrix": draw_matrix(read_lines(row), row.due_day, clock.today()),
        "breadcrumbs": crumbs(ledger_crumb(row), ("按月填报情况", None)),
    }
    return render(request, "measures/overview.html", context)


@dataclass(frozen=True, slots=True)
class OwnTask:
    """A measure one's own unit answers for, and the part."""

    ledger: "Ledger"
    line: "Line"
    duty: "DutyState"

    @property
    def is_due(self) -> bool:
        """Whether last month is still to be reported."""
        last = self.line.last_month
        return self.duty.is_reporting and last in self.duty.over and last not in self.duty.months


@page(Permission.REPORT_MEASURES)
def own(request: AuthenticatedRequest) -> HttpResponse:
    """本单位任务: what is due of one's own unit, then everything it answers for."""
    lines = read_own(request.user)
    ledgers = ledger_of_lines(lines)
    tasks = [
        OwnTask(ledgers[line.pk], line, duty)
        for line in lines
        for duty in line.active_duties
        if (duty.office_id or ledgers[line.pk].office_id) == request.user.office_id
    ]
    month = shifted(month_of(clock.today()), -1)
    due = [task for task in tasks if task.is_due]
    context = {
        "tasks": tasks,
        "due": due,
        "month": month_words(month),
        "until": min((due_on(month, task.ledger.due_day) for task in due), default=None),
        "next_month": month_words(shifted(month, 1)),
        "next_until": min(
            (due_on(shifted(month, 1), task.ledger.due_day) for task in tasks), default=None
        ),
        "may_view": request.user.holds(Permission.VIEW_MEASURES),
        "breadcrumbs": crumbs(("本单位任务", None)),
    }
    return render(request, "measures/own.html", context)


def _standings(every: "Sequence[Line]", form: LineFilterForm) -> Counter[str]:
    kept = [line for line in every if form.wanted.admits(line, ignoring_state=True)]
    return Counter(str(line.state) for line in kept)
