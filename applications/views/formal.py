"""One candidate before the province: formal check, experts' opinions, what to send back."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from applications.actions.formal import fail_formally, pass_formally, send_back
from applications.enums import ApplicationState
from applications.exports_selection import class_words
from applications.forms.formal import FormalForm, SendBackForm
from applications.forms.refusals import show_refusal, status_of
from applications.selectors.applications import get_application, list_steps
from applications.selectors.formal import check_formally
from applications.selectors.panels import list_opinions
from applications.selectors.selection import (
    list_candidates,
    list_criteria,
    neighbours_of,
    standing_list,
)
from applications.views.round_words import Crumbs, round_crumbs
from applications.views.selection import STAGE_TONES
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid

if TYPE_CHECKING:
    from applications.models import Application
    from applications.selectors.selection import Candidate, Neighbours


@page(
    Permission.RUN_PILOTS,
    Permission.DECIDE_PILOTS,
    objects={"public_id": "candidate"},
)
def candidate(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Everything the province knows of one application."""
    row = get_application(request.user, public_id)
    return _show(request, row, FormalForm(initial={"revision": row.revision}))


@page(Permission.RUN_PILOTS, methods="POST", objects={"public_id": "candidate"})
def check(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Conclude the formal check, one way or the other."""
    row = get_application(request.user, public_id)
    form = FormalForm(request.POST)
    if form.is_valid():
        act = fail_formally if form.is_failure else pass_formally
        try:
            act(actor=request.user, application_id=public_id, check=form.check)
        except Invalid as refusal:
            show_refusal(form, refusal)
        else:
            words = "不通过，将在名单中作出决定" if form.is_failure else "通过，进入专家评审"
            messages.success(request, f"{row.region.full_name}形式审查{words}。")
            return redirect("applications:candidate", public_id)
    return _show(request, row, form)


@page(Permission.RUN_PILOTS, methods="GET POST", objects={"public_id": "candidate"})
def correction(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """退回补正: what is wanted, section by section, and by when."""
    row = get_application(request.user, public_id)
    _candidate(row)
    form = SendBackForm(request.POST or None, initial={"revision": row.revision})
    if request.method == "POST" and form.is_valid():
        try:
            send_back(actor=request.user, application_id=public_id, correction=form.correction)
        except Invalid as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, f"已将{row.region.full_name}的申报材料退回补正。")
            return redirect("applications:selection", row.round.public_id)
    home = reverse("applications:candidate", args=[public_id])
    context = {
        "application": row,
        "form": form,
        "cancel_url": home,
        "breadcrumbs": _crumbs(row, (row.region.full_name, home), ("退回补正", None)),
    }
    return render(request, "applications/correction.html", context, status=status_of(form))


def _candidate(row: "Application") -> "tuple[Candidate, Neighbours]":
    """What the province knows of it, and who stands around it; 404 for what has not reached the province."""
    candidates = list_candidates(row.round)
    found = next((each for each in candidates if each.application.pk == row.pk), None)
    if found is None:
        raise Http404
    return found, neighbours_of(candidates, row)


def _show(request: AuthenticatedRequest, row: "Application", form: FormalForm) -> HttpResponse:
    found, neighbours = _candidate(row)
    may_check = request.user.holds(Permission.RUN_PILOTS) and standing_list(row.round) is None
    in_review = row.state == ApplicationState.REVIEWED
    context = {
        "application": row,
        "candidate": found,
        "neighbours": neighbours,
        "class_words": class_words(found),
        "stage_tone": STAGE_TONES[found.stage],
        "findings": check_formally(row) if in_review else [],
        "form": form if may_check and in_review else None,
        "may_send_back": may_check
        and row.state in {ApplicationState.REVIEWED, ApplicationState.ADMITTED},
        "criteria": list_criteria(row.round),
        "opinions": list_opinions(request.user, row),
        "steps": list_steps(row),
        "breadcrumbs": _crumbs(row, (row.region.full_name, None)),
    }
    return render(request, "applications/candidate.html", context, status=status_of(form))


def _crumbs(row: "Application", *further: tuple[str, str | None]) -> Crumbs:
    home = reverse("applications:selection", args=[row.round.public_id])
    return round_crumbs(row.round, ("候选比较", home), *further)
