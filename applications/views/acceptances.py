"""The final acceptance of a pilot as county, city and province see it, and its moves."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from applications.actions.acceptance_moves import move_acceptance
from applications.actions.accepting import add_file, begin_acceptance, remove_file, save_summary
from applications.enums import AcceptanceAction, AcceptanceState
from applications.forms.acceptances import EvidenceForm, MoveForm, SummaryForm
from applications.rules.acceptance import TEXTS, tally_of
from applications.selectors.acceptances import (
    available_moves,
    get_acceptance,
    get_file,
    list_files,
    list_missing,
    list_opinions,
    list_records,
    list_steps,
    may_edit,
    movers_of,
    read_summary,
)
from applications.selectors.examining import province_needs, read_examined
from applications.selectors.handed_in import read_shown
from applications.selectors.pilots import get_pilot
from applications.views.pilot_words import (
    acceptance_badge,
    acceptance_history,
    acceptance_steps,
    acceptance_turn,
    consequences_of,
)
from applications.views.pilots import crumbs, pilot_context, pilot_page
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, NotAllowed, Refused, Stale
from county_portal.files.responses import serve

if TYPE_CHECKING:
    from applications.models import Acceptance
    from county_portal.accounts.models import User


@page(Permission.APPLY, methods="POST", objects={"public_id": "pilot"})
def begin(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The county begins its summary."""
    try:
        row = begin_acceptance(actor=request.user, pilot_id=public_id)
    except Stale as refusal:
        return pilot_page(request, get_pilot(request.user, public_id), refusal)
    messages.success(request, "总结验收已经开始，已有数据已填入，请核对后补充。")
    return redirect("applications:acceptance_edit", row.public_id)


@page(Permission.VIEW_PILOTS, objects={"public_id": "acceptance"})
def acceptance(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """One acceptance whole, with what may be done next."""
    return acceptance_page(request, get_acceptance(request.user, public_id))


def acceptance_page(
    request: AuthenticatedRequest, row: "Acceptance", refusal: Refused | None = None
) -> HttpResponse:
    """The page of an acceptance, headed by a refusal if something was just not done."""
    user = request.user
    shown = summary_context(user, row)
    is_provincial = user.holds(Permission.RUN_PILOTS) or user.holds(Permission.DECIDE_PILOTS)
    context = {
        **shown,
        "turn": acceptance_turn(row),
        "steps": acceptance_steps(row),
        "history": acceptance_history(list_steps(row)),
        "missing": list_missing(row, shown["summary"]) if may_edit(user, row) else [],
        "may_edit": may_edit(user, row),
        "moves": available_moves(user, row),
        "is_provincial": is_provincial,
        "may_run": user.holds(Permission.RUN_PILOTS)
        and row.state == AcceptanceState.PROVINCE_REVIEW,
        "may_decline": user.holds(Permission.DECIDE_PILOTS)
        and row.state == AcceptanceState.PROVINCE_REVIEW
        and row.proposed_by is not None,
        "opinions": list_opinions(row) if is_provincial else [],
        "shows_outcome": row.state == AcceptanceState.DECIDED
        or (is_provincial and bool(row.outcome)),
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": crumbs(row.pilot, "总结验收"),
    }
    status = refusal.status if refusal else HTTPStatus.OK
    return render(request, "applications/acceptance.html", context, status=status)


def summary_context(user: "User", row: "Acceptance") -> dict[str, Any]:
    """What every reader of an acceptance sees of it, experts too."""
    shown = read_shown(user, row)
    summary = shown.summary
    handed_in = {sha256 for _, sha256, _ in summary.files}
    records = list_records(row)
    return {
        **pilot_context(row.pilot),
        "acceptance": row,
        "state_badge": acceptance_badge(row),
        "summary": summary,
        "texts": [(TEXTS[name], text) for name, text in summary.texts.items()],
        "handed_in": shown.handed_in,
        "tally": tally_of(summary.lines),
        "files": [each for each in list_files(row) if each.file.sha256 in handed_in],
        "records": records,
        "examined": None if row.state == AcceptanceState.DECIDED else read_examined(records),
    }


@page(Permission.APPLY, methods="GET POST", objects={"public_id": "acceptance"})
def edit(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The county writes texts and figures."""
    row = get_acceptance(request.user, public_id)
    summary = read_summary(row)
    if request.method != "POST":
        if not may_edit(request.user, row):
            return redirect("applications:acceptance", public_id)
        form = SummaryForm(summary=summary, initial={"revision": row.revision})
        return _edit_page(request, row, form)
    form = SummaryForm(request.POST, summary=summary)
    if form.is_valid():
        try:
            save_summary(actor=request.user, acceptance_id=public_id, summary=form.summary)
        except Invalid as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        except Stale as refusal:
            return _merged_page(request, public_id, refusal)
        else:
            messages.success(request, "已保存。")
            return redirect("applications:acceptance_edit", public_id)
    return _edit_page(request, row, form)


_MERGED = (
    "同事刚才保存过验收材料，本次没有保存。您没有改动的已换成同事保存的内容，您改动的都留在页面上；"
    "标有“同事已改为”的请核对，再点“保存”。"
)


def _merged_page(request: AuthenticatedRequest, public_id: UUID, refusal: Stale) -> HttpResponse:
    """The summary as a colleague left it with what this reader changed laid over it; shut, the summary as it is."""
    row = get_acceptance(request.user, public_id)
    if not may_edit(request.user, row):
        return acceptance_page(request, row, refusal)
    form = SummaryForm(summary=read_summary(row), initial={"revision": row.revision})
    form.merge(request.POST)
    return _edit_page(request, row, form, refusal=Stale(refusal.code, _MERGED))


def _edit_page(
    request: AuthenticatedRequest,
    row: "Acceptance",
    form: SummaryForm,
    file_form: EvidenceForm | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    context = {
        **pilot_context(row.pilot),
        "acceptance": row,
        "form": form,
        "file_form": file_form or EvidenceForm(),
        "files": list_files(row),
        "missing": list_missing(row),
        "needs": province_needs(),
        "turn": acceptance_turn(row),
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": crumbs(row.pilot, "编制验收总结"),
    }
    has_errors = form.errors or (file_form is not None and file_form.errors)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if has_errors else HTTPStatus.OK
    status = HTTPStatus(refusal.status) if refusal else status
    return render(request, "applications/acceptance_edit.html", context, status=status)


@page(Permission.APPLY, methods="POST", objects={"public_id": "acceptance"})
def attach(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Attach evidence."""
    row = get_acceptance(request.user, public_id)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            add_file(actor=request.user, acceptance_id=public_id, **form.cleaned_data)
        except Invalid as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        except Stale as refusal:
            return acceptance_page(request, row, refusal)
        else:
            messages.success(request, "材料已上传。")
            return redirect(reverse("applications:acceptance_edit", args=[public_id]) + "#files")
    kept = SummaryForm(summary=read_summary(row), initial={"revision": row.revision})
    return _edit_page(request, row, kept, form)


@page(Permission.APPLY, methods="POST", objects={"public_id": "acceptance_file"})
def detach(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Take evidence off again."""
    try:
        row = remove_file(actor=request.user, file_id=public_id)
    except Stale as refusal:
        found = get_file(request.user, public_id)
        return acceptance_page(
            request, get_acceptance(request.user, found.acceptance.public_id), refusal
        )
    messages.success(request, "材料已移除。")
    return redirect(reverse("applications:acceptance_edit", args=[row.public_id]) + "#files")


@page(Permission.VIEW_PILOTS, Permission.JUDGE_PILOTS, objects={"public_id": "acceptance_file"})
def evidence(request: AuthenticatedRequest, public_id: UUID) -> FileResponse:
    """Download evidence."""
    return serve(get_file(request.user, public_id).file)


@page(
    Permission.HAND_IN,
    Permission.RECOMMEND,
    Permission.RUN_PILOTS,
    Permission.DECIDE_PILOTS,
    methods="GET POST",
    objects={"public_id": "acceptance", "action": "acceptance_action"},
)
def move(request: AuthenticatedRequest, public_id: UUID, action: str) -> HttpResponse:
    """One step of the table: a last look, then the step."""
    row = get_acceptance(request.user, public_id)
    if action not in list(AcceptanceAction):
        raise Http404
    chosen = AcceptanceAction(action)
    if request.method != "POST":
        form = MoveForm(action=chosen, initial={"revision": row.revision})
        return _move_page(request, row, form)
    form = MoveForm(request.POST, action=chosen)
    if not form.is_valid():
        return _move_page(request, row, form)
    try:
        moved = move_acceptance(actor=request.user, acceptance_id=public_id, move=form.move)
    except (Invalid, Stale) as refusal:
        if isinstance(refusal, Invalid) and refusal.field in form.fields:
            form.add_error(refusal.field, refusal.sentence)
            return _move_page(request, row, form)
        return acceptance_page(request, get_acceptance(request.user, public_id), refusal)
    messages.success(request, f"已办理，验收材料现为“{moved.get_state_display()}”。")
    return redirect("applications:acceptance", public_id)


def _move_page(request: AuthenticatedRequest, row: "Acceptance", form: MoveForm) -> HttpResponse:
    offered = {each.action: each for each in available_moves(request.user, row)}
    if form.action not in offered:
        if not any(request.user.holds(each) for each in movers_of(form.action)):
            raise NotAllowed
        refusal = Stale(
            "stale_state",
            f"验收材料现为“{row.get_state_display()}”，不能办理此事项。请按页面上的最新状态办理。",
        )
        return acceptance_page(request, row, refusal)
    label = offered[form.action].label
    context = {
        **pilot_context(row.pilot),
        "label": label,
        "title": f"{row}：{label}？",
        "consequences": consequences_of(row, form.action),
        "final": form.action == AcceptanceAction.DECIDE,
        "turn": acceptance_turn(row),
        "form": form,
        "cancel_url": reverse("applications:acceptance", args=[row.public_id]),
        "breadcrumbs": crumbs(row.pilot, label),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "applications/pilot_confirm.html", context, status=status)
