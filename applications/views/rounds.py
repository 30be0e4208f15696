"""Rounds as offices see them; the province draws them up, opens and closes them."""

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from applications.enums import RoundState
from applications.selectors.applications import get_round, list_rounds
from applications.selectors.rounds import (
    count_applications,
    list_office_progress,
    stage_labels,
    summed,
)
from applications.views.wording import (
    material_words,
    office_crumbs,
    round_crumbs,
    who_applies,
    year_words,
)
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Refused

if TYPE_CHECKING:
    from applications.models import PilotRound


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
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": round_crumbs(call),
    }
    status = refusal.status if refusal else HTTPStatus.OK
    return render(request, "applications/round.html", context, status=status)
