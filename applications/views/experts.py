"""The panel: its set-up by the province, and the experts' own pages."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from applications.actions.panel import (
    assign_experts,
    declare_conflict,
    declare_no_conflict,
    give_opinion,
    set_criteria,
)
from applications.enums import ApplicationState, SheetState
from applications.forms.panel import AssignForm, ConflictForm, CriteriaForm, OpinionForm
from applications.forms.refusals import show_refusal, status_of
from applications.rules.panel_sharing import share_out
from applications.selectors.applications import get_round
from applications.selectors.materials import read_materials
from applications.selectors.panels import (
    get_material_file,
    get_sheet,
    is_judged,
    list_experts,
    list_involved,
    list_judgeable,
    list_opinions,
    list_own_sheets,
    list_round_sheets,
    may_read_materials,
    next_sheet,
    own_scores,
)
from applications.selectors.selection import candidate_of, list_criteria, standing_list
from applications.views.reading import shown
from applications.views.selection import crumbs_of, tabs_of
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Refused
from county_portal.common.province import words
from county_portal.files.responses import serve

if TYPE_CHECKING:
    from applications.models import Application, PanelSheet, PilotRound
    from county_portal.accounts.models import User

SHEET_TONES = {
    SheetState.ASSIGNED: "warning",
    SheetState.CONFLICTED: "neutral",
    SheetState.GIVEN: "success",
}


@page(
    Permission.RUN_PILOTS,
    Permission.DECIDE_PILOTS,
    objects={"public_id": "selection_round"},
)
def setup(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """What is judged, who judges what."""
    call = get_round(request.user, public_id)
    return _setup(request, call, CriteriaForm(criteria=list_criteria(call)))


@page(Permission.RUN_PILOTS, methods="POST", objects={"public_id": "selection_round"})
def criteria(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Save what is judged."""
    call = get_round(request.user, public_id)
    form = CriteriaForm(request.POST, criteria=list_criteria(call))
    if form.is_valid():
        try:
            set_criteria(actor=request.user, round_id=public_id, criteria=form.criteria)
        except Invalid as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "评审内容和分值已保存。")
            return redirect("applications:panel_setup", public_id)
    return _setup(request, call, form)


@page(Permission.RUN_PILOTS, methods="POST", objects={"public_id": "selection_round"})
def assign(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Save who judges what, or propose it without saving."""
    form = AssignForm(request.POST)
    if not form.is_valid():
        messages.error(request, "专家分派没有保存：所选内容无效，请刷新页面后重选。")
        return redirect("applications:panel_setup", public_id)
    call = get_round(request.user, public_id)
    criteria_ = CriteriaForm(criteria=list_criteria(call))
    if form.is_proposal:
        return _setup(request, call, criteria_, asked=form, ticked=_proposed(call, form))
    try:
        added, taken = assign_experts(
            actor=request.user, round_id=public_id, pairs=form.chosen, seen=form.stood
        )
    except Invalid as refusal:
        return _setup(request, call, criteria_, refusal, asked=form, ticked=form.chosen)
    messages.success(request, f"已保存专家分派，新增{added}件，收回{taken}件。")
    return redirect(f"{reverse('applications:panel_setup', args=[public_id])}#assign")


def _proposed(call: "PilotRound", form: AssignForm) -> set[tuple[UUID, UUID]]:
    """What is ticked, and shared out evenly what each application lacks."""
    rows, experts = list_judgeable(call), list_experts()
    involved = list_involved(rows)
    barred = {
        (row.public_id, expert.public_id)
        for row in rows
        for expert in experts
        if expert.pk in involved[row.pk]
    }
    barred |= {
        (sheet.application.public_id, sheet.expert.public_id)
        for sheet in list_round_sheets(call)
        if sheet.state == SheetState.CONFLICTED
    }
    return share_out(
        [row.public_id for row in rows],
        [each.public_id for each in experts if each.public_id in form.cleaned_data["among"]],
        each=form.wanted,
        standing=form.chosen,
        barred=barred,
    )


def _setup(
    request: AuthenticatedRequest,
    call: "PilotRound",
    form: CriteriaForm,
    refusal: Refused | None = None,
    *,
    asked: AssignForm | None = None,
    ticked: "Collection[tuple[UUID, UUID]] | None" = None,
) -> HttpResponse:
    """The page; after a refusal or a proposal with the boxes `ticked`, which are not saved."""
    experts, rows, sheets = list_experts(), list_judgeable(call), list_round_sheets(call)
    context = {
        "call": call,
        "tabs": tabs_of(call, "panel_setup"),
        "form": form,
        "criteria": list_criteria(call),
        "experts": [
            (expert, _progress(each for each in sheets if each.expert_id == expert.pk))
            for expert in experts
        ],
        "asked": asked or AssignForm(),
        "among": asked.cleaned_data["among"] if asked else [each.public_id for each in experts],
        "rows": _matrix(rows, experts, sheets, ticked),
        "is_proposal": asked is not None and refusal is None,
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "may_run": request.user.holds(Permission.RUN_PILOTS) and standing_list(call) is None,
        "is_judged": is_judged(call),
        "breadcrumbs": crumbs_of(call, "专家评审"),
    }
    status = refusal.status if refusal else status_of(form)
    return render(request, "applications/panel_setup.html", context, status=status)


def _progress(sheets: "Iterable[PanelSheet]") -> Counter[str]:
    """Sheets by state, and `asked`: all that are not declined."""
    found = Counter(sheet.state for sheet in sheets)
    found["asked"] = found[SheetState.ASSIGNED] + found[SheetState.GIVEN]
    return found


def _matrix(
    rows: "Sequence[Application]",
    experts: "Sequence[User]",
    sheets: "Sequence[PanelSheet]",
    ticked: "Collection[tuple[UUID, UUID]] | None",
) -> "list[tuple[Application, Counter[str], list[dict[str, Any]]]]":
    by_pair = {(sheet.application_id, sheet.expert_id): sheet for sheet in sheets}
    involved = list_involved(rows)
    return [
        (
            row,
            _progress(each for each in sheets if each.application_id == row.pk),
            [
                {
                    "value": f"{row.public_id}/{expert.public_id}",
                    "expert": expert,
                    "sheet": (sheet := by_pair.get((row.pk, expert.pk))),
                    "tone": SHEET_TONES[SheetState(sheet.state)] if sheet else "",
                    "is_fixed": sheet is not None and sheet.state != SheetState.ASSIGNED,
                    "is_involved": expert.pk in involved[row.pk],
                    "is_ticked": sheet is not None
                    if ticked is None
                    else (row.public_id, expert.public_id) in ticked,
                }
                for expert in experts
            ],
        )
        for row in rows
    ]


@page(Permission.JUDGE_PILOTS)
def panel(request: AuthenticatedRequest) -> HttpResponse:
    """What one was asked to judge."""
    sheets = list_own_sheets(request.user)
    context = {
        "rows": [(sheet, SHEET_TONES[SheetState(sheet.state)]) for sheet in sheets],
        "open": sum(1 for sheet in sheets if sheet.state == SheetState.ASSIGNED),
    }
    return render(request, "applications/panel.html", context)


@page(Permission.JUDGE_PILOTS, methods="GET POST", objects={"public_id": "panel_sheet"})
def sheet(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The declaration first; then the materials, one's own points and words; others' after one's own."""
    row = get_sheet(request.user, public_id)
    if not may_read_materials(row) or _keeps_away(request, row):
        return _declare(request, row)
    criteria_ = list_criteria(row.application.round)
    given = own_scores(row)
    form = OpinionForm(request.POST or None, sheet=row, criteria=criteria_, given=given)
    if request.method == "POST" and form.is_valid():
        try:
            give_opinion(actor=request.user, sheet_id=public_id, opinion=form.opinion)
        except Invalid as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, f"已提交对{row.application.region.full_name}的评审意见。")
            return redirect("applications:panel_sheet", public_id)
    pilots = standing_list(row.application.round)
    context = {
        **_about(row),
        "form": form,
        "is_open": pilots is None and row.application.state == ApplicationState.ADMITTED,
        "criteria": criteria_,
        "others": [
            each for each in list_opinions(request.user, row.application) if each.sheet != row
        ],
        "materials": shown(read_materials(row.application)),
        "candidate": candidate_of(row.application),
    }
    return render(request, "applications/panel_sheet.html", context, status=status_of(form))


def _keeps_away(request: AuthenticatedRequest, row: "PanelSheet") -> bool:
    """Whether the reason to keep away was seen only from the materials; not once the opinion is given."""
    return "declare" in request.GET and row.state == SheetState.ASSIGNED


def _declare(request: AuthenticatedRequest, row: "PanelSheet") -> HttpResponse:
    form = ConflictForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if form.is_conflict:
                reason = form.cleaned_data["reason"]
                declare_conflict(actor=request.user, sheet_id=row.public_id, reason=reason)
                messages.success(
                    request, f"已登记回避，本件评审关闭，并已告知{words().province_office}。"
                )
            else:
                declare_no_conflict(actor=request.user, sheet_id=row.public_id)
        except Invalid as refusal:
            show_refusal(form, refusal)
        else:
            return redirect("applications:panel_sheet", row.public_id)
    context = {**_about(row), "form": form}
    return render(request, "applications/panel_declare.html", context, status=status_of(form))


def _about(row: "PanelSheet") -> dict[str, Any]:
    name = row.application.region.full_name
    return {
        "sheet": row,
        "application": row.application,
        "tone": SHEET_TONES[SheetState(row.state)],
        "next": next_sheet(row),
        "breadcrumbs": [("试点评审", reverse("applications:panel")), (name, None)],
    }


@page(Permission.JUDGE_PILOTS, objects={"public_id": "panel_sheet", "digest": "material_file"})
def material(request: AuthenticatedRequest, public_id: UUID, digest: str) -> FileResponse:
    """A file of the materials one judges."""
    return serve(get_material_file(get_sheet(request.user, public_id), digest))
