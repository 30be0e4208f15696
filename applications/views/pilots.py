"""Pilots: the list, one pilot, and what the province does to its term."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from applications.actions.terms import change_term
from applications.enums import UNDER_WAY, AcceptanceState, PilotAct, PilotState
from applications.exports_pilots import pilots_workbook
from applications.forms.pilots import PilotFilterForm, TermForm
from applications.rules.terms import TERM_ACTS
from applications.selectors.acceptances import EDITABLE, acceptances_of, newest_of
from applications.selectors.changes import list_changes, open_of
from applications.selectors.offices import why_other_offices
from applications.selectors.pilots import (
    count_pilots,
    get_pilot,
    list_events,
    list_task_lines,
    list_township_pilots,
    may_build,
    pilot_schedule,
    search_pilots,
    standing_townships,
    term_of,
)
from applications.selectors.targets import group_targets, list_target_lines, target_years
from applications.views.pilot_words import (
    Badge,
    event_history,
    listed_acceptances,
    listed_changes,
    open_acts,
    pilot_badge,
    pilot_turn,
)
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from county_portal.common.access import page
from county_portal.common.components import Turn
from county_portal.common.errors import Invalid, Refused, Stale
from county_portal.documents.workbook import XLSX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from applications.models import Acceptance, Pilot
    from applications.rules.terms import Term

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class ListedPilot:
    """A row of the list."""

    pilot: "Pilot"
    badge: Badge
    term: "Term"
    turn: Turn

    @property
    def url(self) -> str:
        """Its page."""
        return reverse("applications:pilot", args=[self.pilot.public_id])


@page(Permission.VIEW_PILOTS)
def pilots(request: AuthenticatedRequest) -> HttpResponse:
    """The county's own, the city's, the province's all; the address carries the filters."""
    form = PilotFilterForm(request.GET, user=request.user)
    listed = Paginator(search_pilots(request.user, form.wanted), PAGE_SIZE)
    shown = listed.get_page(request.GET.get("page"))
    context = {
        "page": shown,
        "rows": _listed(list(shown)),
        "form": form,
        "chips": form.chips("state", PilotState.choices, count_pilots(request.user, form.wanted)),
        "is_narrowed": form.is_narrowed,
        "level": request.user.level,
        "may_register": request.user.holds(Permission.APPLY),
        "export_url": reverse("applications:pilots_xlsx") + form.address(),
    }
    return render(request, "applications/pilots.html", context)


def _listed(rows: "Sequence[Pilot]") -> list[ListedPilot]:
    """Each with whose turn it is."""
    newest, changes = newest_of(rows), open_of(rows)
    return [
        ListedPilot(
            row,
            pilot_badge(row),
            term_of(row),
            pilot_turn(row, term_of(row), newest.get(row.pk), changes.get(row.pk, ())),
        )
        for row in rows
    ]


@page(Permission.VIEW_PILOTS)
def pilots_xlsx(request: AuthenticatedRequest) -> HttpResponse:
    """The list as filtered, as a workbook."""
    form = PilotFilterForm(request.GET, user=request.user)
    found = search_pilots(request.user, form.wanted)
    response = HttpResponse(pilots_workbook(found, clock.today()), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="pilots.xlsx"'
    return response


@page(Permission.VIEW_PILOTS, objects={"public_id": "pilot"})
def pilot(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """One pilot whole."""
    return pilot_page(request, get_pilot(request.user, public_id))


def pilot_page(
    request: AuthenticatedRequest, row: "Pilot", refusal: Refused | None = None
) -> HttpResponse:
    """The page of a pilot, headed by a refusal if something was just not done."""
    lines, term = list_target_lines(row), term_of(row)
    tasks = list_task_lines(row)
    changes, acceptances = list_changes(row), acceptances_of(row)
    context = {
        **pilot_context(row),
        "term": term,
        "turn": pilot_turn(row, term, acceptances[0] if acceptances else None, changes),
        "changes": listed_changes(changes),
        "acceptances": listed_acceptances(acceptances),
        "may_accept": may_build(request.user, row) and not _is_under_way(acceptances),
        "groups": group_targets(lines),
        "years": target_years(lines),
        "tasks": tasks,
        "schedule": pilot_schedule(row, tasks),
        "history": event_history(list_events(row)),
        "townships": list_township_pilots(row),
        "acts": open_acts(row) if request.user.holds(Permission.RUN_PILOTS) else [],
        "may_hand_over": request.user.holds(Permission.RUN_PILOTS) and row.state in UNDER_WAY,
        "unfit": why_other_offices(row),
        "may_note": may_build(request.user, row),
        "may_ask": may_build(request.user, row) and not _is_held(acceptances),
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": [*crumbs(row)[:-1], (row.region.full_name, None)],
    }
    status = refusal.status if refusal else HTTPStatus.OK
    return render(request, "applications/pilot.html", context, status=status)


def _is_held(acceptances: "Sequence[Acceptance]") -> bool:
    """As `selectors.changes.is_held`, of acceptances already read."""
    return any(each.state not in EDITABLE for each in acceptances)


def _is_under_way(acceptances: "Sequence[Acceptance]") -> bool:
    return any(each.state != AcceptanceState.DECIDED for each in acceptances)


def pilot_context(row: "Pilot") -> dict[str, Any]:
    """What every page about a pilot shows of it."""
    return {"pilot": row, "badge": pilot_badge(row)}


def crumbs(row: "Pilot", *last: str) -> list[tuple[str, str | None]]:
    """The way from the list to a page about a pilot."""
    return [
        ("试点", reverse("applications:pilots")),
        (row.region.full_name, reverse("applications:pilot", args=[row.public_id])),
        *((label, None) for label in last),
    ]


@page(
    Permission.RUN_PILOTS,
    methods="GET POST",
    objects={"public_id": "pilot", "act": "term_act"},
)
def term(request: AuthenticatedRequest, public_id: UUID, act: str) -> HttpResponse:
    """Extend, suspend, resume or withdraw, with the reason."""
    row = get_pilot(request.user, public_id)
    if act not in TERM_ACTS:
        raise Http404
    chosen = PilotAct(act)
    if request.method != "POST":
        return _term_page(request, row, TermForm(act=chosen, initial={"seen": row.stand}))
    form = TermForm(request.POST, act=chosen)
    if form.is_valid():
        try:
            change_term(actor=request.user, pilot_id=public_id, data=form.term_input)
        except Invalid as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        except Stale as refusal:
            return pilot_page(request, get_pilot(request.user, public_id), refusal)
        else:
            messages.success(request, f"已办理“{chosen.label}”，原因记入试点记录。")
            return redirect("applications:pilot", public_id)
    return _term_page(request, row, form)


_CONSEQUENCES = {
    PilotAct.EXTEND: ["建设期结束日期后移，总结验收的开始日期随之后移。", "原定结束日期保留。"],
    PilotAct.SUSPEND: ["暂停期间县级不能申请调整目标，不能报送总结验收材料。", "可以恢复。"],
    PilotAct.RESUME: ["恢复后县级继续建设，建设期不自动顺延，需要顺延的另行办理延期。"],
    PilotAct.WITHDRAW: ["退出后不能恢复；目标、任务和已报送的材料保留，可以查阅。"],
}


def _term_page(request: AuthenticatedRequest, row: "Pilot", form: TermForm) -> HttpResponse:
    names = [each.region.full_name for each in standing_townships(row)]
    consequences = list(_CONSEQUENCES[form.act])
    if form.act == PilotAct.WITHDRAW and names:
        consequences.append(f"所属试点乡镇同时退出：{'、'.join(names)}。")
    context = {
        **pilot_context(row),
        "label": form.act.label,
        "title": f"{row.region.full_name}：{form.act.label}？",
        "consequences": consequences,
        "tone": "danger" if form.act == PilotAct.WITHDRAW else "",
        "mail": f"{row.office.name}、{row.reviewing_office.name}",
        "turn": pilot_turn(row, term_of(row)),
        "form": form,
        "cancel_url": reverse("applications:pilot", args=[row.public_id]),
        "breadcrumbs": crumbs(row, form.act.label),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "applications/pilot_confirm.html", context, status=status)
