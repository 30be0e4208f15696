"""Rounds as offices see them; the province draws them up, opens and closes them."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from applications.actions.rounds import (
    change_round,
    close_round,
    create_round,
    discard_round,
    open_round,
)
from applications.enums import RoundState
from applications.forms.rounds import RoundForm, show
from applications.notifications import CLOSED, OPENED, round_audience
from applications.selectors.applications import get_round, list_rounds
from applications.selectors.overview import may_select, offers_beginning
from applications.selectors.rounds import (
    basis_file_of,
    count_applications,
    has_list,
    list_office_progress,
    list_postponements,
    list_quota_offices,
    places_of,
    stage_labels,
    summed,
)
from applications.views.round_words import (
    closing_consequences,
    material_words,
    office_crumbs,
    opening_consequences,
    round_crumbs,
    who_applies,
    year_words,
)
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Refused, Stale
from county_portal.files.responses import serve

if TYPE_CHECKING:
    from applications.models import PilotRound
    from applications.views.round_words import Crumbs


@page(Permission.VIEW_PILOTS)
def rounds(request: AuthenticatedRequest) -> HttpResponse:
    """All rounds one may see, newest first, with how many applied."""
    rows = list(list_rounds(request.user))
    counts = count_applications(request.user, rows)
    context = {
        "rows": [(row, counts[row.pk].total(), counts[row.pk]["selected"]) for row in rows],
        "may_run": request.user.holds(Permission.RUN_PILOTS),
        "level": request.user.level,
        "breadcrumbs": office_crumbs(("申报批次", None)),
    }
    return render(request, "applications/rounds.html", context)


@page(Permission.VIEW_PILOTS, objects={"public_id": "round"})
def detail(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """One round: what it asks for, by when, and how far the counties have come."""
    return round_page(request, get_round(request.user, public_id))


def round_page(
    request: AuthenticatedRequest, call: "PilotRound", refusal: Refused | None = None
) -> HttpResponse:
    """The page of a round, with why something was not done."""
    progress = list_office_progress(request.user, call)
    may_grant = _may_grant(request, call)
    context = {
        "round": call,
        "years": year_words(call),
        "materials": material_words(call),
        "who": who_applies(call),
        "progress": progress,
        "whole": summed(progress),
        "stages": stage_labels(),
        "level": request.user.level,
        "may_run": request.user.holds(Permission.RUN_PILOTS),
        "is_draft": call.state == RoundState.DRAFT,
        "is_open": call.state == RoundState.OPEN,
        "is_announced": call.state != RoundState.DRAFT,
        "may_grant": may_grant,
        "may_postpone": may_grant and not has_list(call),
        "basis_url": _basis_url(call),
        "postponements": list_postponements(call),
        "may_select": may_select(request.user),
        "may_begin": offers_beginning(request.user, call),
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": round_crumbs(call),
    }
    status = refusal.status if refusal else HTTPStatus.OK
    return render(request, "applications/round.html", context, status=status)


def _may_grant(request: AuthenticatedRequest, call: "PilotRound") -> bool:
    is_running = call.state in {RoundState.OPEN, RoundState.CLOSED}
    return is_running and request.user.holds(Permission.RUN_PILOTS)


def _basis_url(call: "PilotRound") -> str:
    return reverse("applications:round_basis", args=[call.public_id]) if call.basis_file else ""


@page(Permission.RUN_PILOTS, methods="GET POST")
def round_create(request: AuthenticatedRequest) -> HttpResponse:
    """Draw one up."""
    offices = list_quota_offices()
    form = RoundForm.blank(offices)
    if request.method == "POST":
        form = RoundForm(request.POST, request.FILES, offices=offices)
        if form.is_valid():
            try:
                made = create_round(actor=request.user, data=form.round)
            except Invalid as refusal:
                show(form, refusal)
            else:
                messages.success(request, "批次已建立，开放后各县（市、区）才能看到和申报。")
                return redirect("applications:round", made.public_id)
    crumbs = office_crumbs(("申报批次", reverse("applications:rounds")), ("新建批次", None))
    return _form_page(request, form, "新建批次", crumbs)


@page(Permission.RUN_PILOTS, methods="GET POST", objects={"public_id": "drawn_round"})
def round_edit(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Change one that is still drawn up."""
    call = get_round(request.user, public_id)
    offices = list_quota_offices()
    form = RoundForm.of(call, offices, places_of(call))
    if request.method == "POST":
        form = RoundForm(request.POST, request.FILES, offices=offices)
        if form.is_valid():
            try:
                change_round(actor=request.user, round_id=public_id, data=form.round)
            except Stale as refusal:
                return round_page(request, call, refusal)
            except Invalid as refusal:
                show(form, refusal)
            else:
                messages.success(request, "已保存。")
                return redirect("applications:round", public_id)
    return _form_page(request, form, "修改批次", round_crumbs(call, ("修改", None)), call)


def _form_page(
    request: AuthenticatedRequest,
    form: RoundForm,
    label: str,
    crumbs: "Crumbs",
    call: "PilotRound | None" = None,
) -> HttpResponse:
    context = {"form": form, "label": label, "round": call, "breadcrumbs": crumbs}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "applications/round_form.html", context, status=status)


@page(Permission.RUN_PILOTS, methods="GET POST", objects={"public_id": "drawn_round"})
def round_open(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Open it, after a last look."""
    call = get_round(request.user, public_id)
    if request.method == "POST":

        def act() -> object:
            return open_round(actor=request.user, round_id=public_id)

        return _act(
            request, call, act, "批次已开放，申报公告已向社会公开，各县（市、区）可以申报。"
        )
    return _confirm(
        request,
        call,
        "开放申报",
        title=f"开放{call.title}的申报？",
        consequences=opening_consequences(call),
        mail=round_audience(call, OPENED),
    )


@page(Permission.RUN_PILOTS, methods="GET POST", objects={"public_id": "round"})
def round_close(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Close it."""
    call = get_round(request.user, public_id)
    if request.method == "POST":

        def act() -> object:
            return close_round(actor=request.user, round_id=public_id)

        return _act(request, call, act, "申报已截止。")
    progress = summed(list_office_progress(request.user, call))
    return _confirm(
        request,
        call,
        "截止申报",
        title=f"截止{call.title}的申报？",
        counts=list(zip(stage_labels(), progress.numbers, strict=True)),
        consequences=closing_consequences(call),
        mail=round_audience(call, CLOSED),
        tone="danger",
    )


@page(Permission.RUN_PILOTS, methods="GET POST", objects={"public_id": "drawn_round"})
def round_discard(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Drop one that was only drawn up."""
    call = get_round(request.user, public_id)
    if request.method == "POST":
        try:
            title = discard_round(actor=request.user, round_id=public_id)
        except Stale as refusal:
            return round_page(request, call, refusal)
        messages.success(request, f"已删除“{title}”。")
        return redirect("applications:rounds")
    return _confirm(
        request,
        call,
        "删除批次",
        title=f"删除{call.title}？",
        consequences=["该批次尚未开放，没有任何单位看到。删除后不能恢复，操作记入审计。"],
        tone="danger",
    )


def _act(
    request: AuthenticatedRequest, call: "PilotRound", act: Callable[[], object], sentence: str
) -> HttpResponse:
    try:
        act()
    except (Stale, Invalid) as refusal:
        return round_page(request, get_round(request.user, call.public_id), refusal)
    messages.success(request, sentence)
    return redirect("applications:round", call.public_id)


def _confirm(
    request: AuthenticatedRequest, call: "PilotRound", label: str, **words: Any
) -> HttpResponse:
    context = {
        "label": label,
        "name": call.title,
        "cancel_url": reverse("applications:round", args=[call.public_id]),
        "breadcrumbs": round_crumbs(call, (label, None)),
        **words,
    }
    return render(request, "applications/round_confirm.html", context)


@page(Permission.VIEW_PILOTS, objects={"public_id": "based_round"})
def round_basis(request: AuthenticatedRequest, public_id: UUID) -> HttpResponseBase:
    """The basis document, before the public has it too."""
    return serve(basis_file_of(get_round(request.user, public_id)))
