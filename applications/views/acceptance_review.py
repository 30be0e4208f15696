"""What the province does with an acceptance: records, experts, the proposal; and what an expert does."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from applications.actions.judging import (
    assign_experts,
    declare_conflict,
    decline_proposal,
    give_opinion,
    propose_outcome,
    record_meeting,
)
from applications.enums import AcceptanceState, SheetState
from applications.forms.acceptances import (
    ConflictForm,
    DeclineForm,
    ExpertOpinionForm,
    ExpertsForm,
    ProposalForm,
    RecordForm,
)
from applications.rules.acceptance import tally_of
from applications.selectors.acceptances import (
    get_acceptance,
    get_opinion,
    get_record,
    list_free_experts,
    list_opinions,
    list_own_opinions,
    list_records,
    others_given,
)
from applications.selectors.examining import list_lacking
from applications.selectors.handed_in import read_shown
from applications.views.acceptances import acceptance_page, summary_context
from applications.views.pilot_words import acceptance_turn, opinion_badge
from applications.views.pilots import crumbs, pilot_context
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Stale
from county_portal.files.responses import serve

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms

    from applications.models import Acceptance, AcceptanceOpinion


@page(Permission.RUN_PILOTS, methods="GET POST", objects={"public_id": "acceptance"})
def meeting(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Put a defence or a visit on record."""
    row = get_acceptance(request.user, public_id)
    form = RecordForm(request.POST, request.FILES) if request.method == "POST" else RecordForm()

    def act() -> str:
        record_meeting(actor=request.user, acceptance_id=public_id, data=form.record)
        return "已登记，县级和市级可见。"

    return _form_page(request, row, form, ("登记答辩或现场核查", act))


@page(Permission.RUN_PILOTS, methods="GET POST", objects={"public_id": "acceptance"})
def experts(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Ask experts."""
    row = get_acceptance(request.user, public_id)
    free = list_free_experts(row)
    form = ExpertsForm(*([request.POST] if request.method == "POST" else []), experts=free)

    def act() -> str:
        count = assign_experts(
            actor=request.user, acceptance_id=public_id, experts=form.cleaned_data["experts"]
        )
        return f"已分派{count}名专家，各专家独立评议，互不可见。"

    return _form_page(request, row, form, ("分派专家", act))


@page(Permission.RUN_PILOTS, methods="GET POST", objects={"public_id": "acceptance"})
def propose(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Propose the conclusion."""
    row = get_acceptance(request.user, public_id)
    held = {
        "outcome": row.outcome,
        "reasons": row.reasons,
        "rectify_by": row.rectify_by,
        "revision": row.revision,
    }
    form = ProposalForm(request.POST) if request.method == "POST" else ProposalForm(initial=held)

    def act() -> str:
        propose_outcome(actor=request.user, acceptance_id=public_id, data=form.proposal)
        return "结论已拟定，请发布人作出决定。"

    return _form_page(request, row, form, ("拟定验收结论", act))


@page(Permission.DECIDE_PILOTS, methods="GET POST", objects={"public_id": "acceptance"})
def decline(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Whoever decides has the conclusion proposed anew."""
    row = get_acceptance(request.user, public_id)
    seen = {"revision": row.revision}
    form = DeclineForm(request.POST) if request.method == "POST" else DeclineForm(initial=seen)

    def act() -> str:
        decline_proposal(actor=request.user, acceptance_id=public_id, **form.cleaned_data)
        return "已退回重拟，并通知拟定人。"

    return _form_page(request, row, form, ("退回重拟", act))


def _form_page(
    request: AuthenticatedRequest,
    row: "Acceptance",
    form: "forms.Form",
    what: "tuple[str, Callable[[], str]]",
) -> HttpResponse:
    """A form of the province on an acceptance; `what` is its heading and the act, which answers in words."""
    label, act = what
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, act())
            return redirect("applications:acceptance", row.public_id)
        except Invalid as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        except Stale as refusal:
            return acceptance_page(request, get_acceptance(request.user, row.public_id), refusal)
    if request.method != "POST" and row.state != AcceptanceState.PROVINCE_REVIEW:
        return redirect("applications:acceptance", row.public_id)
    summary = read_shown(request.user, row).summary
    context = {
        **pilot_context(row.pilot),
        "acceptance": row,
        "label": label,
        "form": form,
        "turn": acceptance_turn(row),
        "records": list_records(row),
        "summary": summary,
        "tally": tally_of(summary.lines),
        "opinions": list_opinions(row),
        "lacking": list_lacking(row),
        "breadcrumbs": crumbs(row.pilot, label),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "applications/acceptance_form.html", context, status=status)


@page(Permission.VIEW_PILOTS, Permission.JUDGE_PILOTS, objects={"public_id": "acceptance_record"})
def record_file(request: AuthenticatedRequest, public_id: UUID) -> FileResponse:
    """What was attached to a record."""
    found = get_record(request.user, public_id)
    if found.file is None:
        raise Http404
    return serve(found.file)


@page(Permission.JUDGE_PILOTS)
def opinions(request: AuthenticatedRequest) -> HttpResponse:
    """What an expert is asked to judge."""
    rows = [(row, opinion_badge(row)) for row in list_own_opinions(request.user)]
    return render(request, "applications/acceptance_opinions.html", {"rows": rows})


@page(Permission.JUDGE_PILOTS, methods="GET POST", objects={"public_id": "acceptance_opinion"})
def opinion(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Read what the county handed in, and say what one thinks of it."""
    row = get_opinion(request.user, public_id)
    form = ExpertOpinionForm(request.POST) if request.method == "POST" else ExpertOpinionForm()
    if request.method == "POST" and form.is_valid():
        try:
            give_opinion(actor=request.user, opinion_id=public_id, opinion=form.opinion)
        except Invalid as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        except Stale as refusal:
            return _opinion_page(request, get_opinion(request.user, public_id), refusal=refusal)
        else:
            messages.success(request, "评议意见已提交，不能再修改。")
            return redirect("applications:acceptance_opinion", public_id)
    return _opinion_page(request, row, form)


@page(Permission.JUDGE_PILOTS, methods="POST", objects={"public_id": "acceptance_opinion"})
def conflict(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Decline for a conflict of interest."""
    form = ConflictForm(request.POST)
    if not form.is_valid():
        row = get_opinion(request.user, public_id)
        return _opinion_page(request, row, conflict_form=form)
    try:
        declare_conflict(
            actor=request.user, opinion_id=public_id, why=form.cleaned_data["conflict"]
        )
    except Stale as refusal:
        return _opinion_page(request, get_opinion(request.user, public_id), refusal=refusal)
    messages.success(request, "已回避，本次验收不再由您评议。")
    return redirect("applications:acceptance_opinions")


def _opinion_page(
    request: AuthenticatedRequest,
    row: "AcceptanceOpinion",
    form: ExpertOpinionForm | None = None,
    conflict_form: ConflictForm | None = None,
    refusal: Stale | None = None,
) -> HttpResponse:
    is_declined = row.state == SheetState.CONFLICTED
    may_speak = (
        row.state == SheetState.ASSIGNED and row.acceptance.state == AcceptanceState.PROVINCE_REVIEW
    )
    shown: dict[str, Any] = pilot_context(row.acceptance.pilot)
    # Who declined reads nothing more of it.
    shown |= {} if is_declined else summary_context(request.user, row.acceptance)
    home = reverse("applications:acceptance_opinions")
    context = {
        **shown,
        "opinion": row,
        "opinion_badge": opinion_badge(row),
        "form": (form or ExpertOpinionForm()) if may_speak else None,
        "conflict_form": (conflict_form or ConflictForm()) if may_speak else None,
        "others": others_given(row),
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": [("验收评议", home), (row.acceptance.pilot.region.full_name, None)],
    }
    bound = [each for each in (form, conflict_form) if each is not None and each.errors]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if bound else HTTPStatus.OK
    return render(
        request,
        "applications/acceptance_opinion.html",
        context,
        status=refusal.status if refusal else status,
    )
