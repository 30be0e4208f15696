"""The county thinks ahead: where it stands, what is the cheapest way to the next class."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid
from scoring.advice import read_standing
from scoring.forms.adviser import PlanForm, changes_query
from scoring.planning import make_plan, plan_problem
from scoring.selectors.advice import (
    Basis,
    list_results_ahead,
    list_sheets_ahead,
    result_basis,
    sheet_basis,
)
from scoring.selectors.lists import replaced_by
from scoring.selectors.scenarios import list_scenarios

HOME = ("测算", "scoring:ahead")
# Scenarios the first page lists; all of them stand with their basis.
RECENT = 10


def basis_url(basis: Basis) -> str:
    """The page of a basis."""
    if basis.submission:
        return reverse("scoring:ahead_sheet", args=[basis.submission.public_id])
    if basis.published is None:
        raise ValueError("a basis is a result or a sheet")
    return reverse("scoring:ahead_result", args=[basis.published.public_id])


def scenarios_url(basis: Basis) -> str:
    """Where its scenarios are listed."""
    return f"{basis_url(basis)}scenarios/"


@page(Permission.PLAN_AHEAD)
def ahead(request: AuthenticatedRequest) -> HttpResponse:
    """What one may think ahead from."""
    context = {
        "results": list_results_ahead(request.user),
        "sheets": list_sheets_ahead(request.user),
        "scenarios": list_scenarios(request.user)[:RECENT],
    }
    return render(request, "scoring/ahead.html", context)


@page(Permission.PLAN_AHEAD, objects={"public_id": "published_list"})
def ahead_result(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """From a published result; what is set stands in the address, so that it can be kept and passed on."""
    return _advice(request, result_basis(request.user, public_id))


@page(Permission.PLAN_AHEAD, objects={"public_id": "submission"})
def ahead_sheet(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """From one's own sheet as it is saved now."""
    basis = sheet_basis(request.user, public_id)
    if basis is None:
        return without_scheme(request)
    return _advice(request, basis)


def without_scheme(request: AuthenticatedRequest) -> HttpResponse:
    """Of one's own sheet: nothing to think ahead by yet."""
    crumbs = [(HOME[0], reverse(HOME[1])), ("尚无评分方案", None)]
    return render(request, "scoring/ahead_without.html", {"breadcrumbs": crumbs})


def _advice(request: AuthenticatedRequest, basis: Basis) -> HttpResponse:
    standing = read_standing(basis.ground)
    problem = plan_problem(basis.ground.scheme)
    is_asked = "plan" in request.GET and not problem
    form = PlanForm(request.GET if is_asked else None, ground=basis.ground)
    context: dict[str, Any] = {
        "basis": basis,
        "standing": standing,
        "form": form,
        "plan_problem": problem,
        "replaced": replaced_by(basis.published) if basis.published else None,
        "scenarios_url": scenarios_url(basis),
        "scenario_url": f"{scenarios_url(basis)}new/",
        "breadcrumbs": [(HOME[0], reverse(HOME[1])), (basis.title, None)],
    }
    if is_asked and form.is_valid():
        context |= _plan_context(basis, form, standing.class_name)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "scoring/ahead_basis.html", context, status=status)


def _plan_context(basis: Basis, form: PlanForm, own_class: str) -> dict[str, Any]:
    try:
        plan = make_plan(basis.ground, form.wishes, own_class)
    except Invalid as wrong:
        form.add_error(wrong.field or None, ValidationError(wrong.sentence, code=wrong.code))
        return {}
    query = urlencode(changes_query(list(plan.figures.values())))
    return {"plan": plan, "plan_query": query}
