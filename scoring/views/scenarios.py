"""Scenarios of a county: written, looked at side by side, removed; never submitted."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Refused
from scoring.actions.scenarios import change_scenario, create_scenario, remove_scenario
from scoring.advice import read_standing
from scoring.forms.scenarios import ScenarioForm
from scoring.selectors.advice import Basis, result_basis, sheet_basis
from scoring.selectors.scenarios import (
    SIDE_BY_SIDE,
    basis_of,
    compare,
    get_scenario,
    scenarios_of,
    side_by_side,
)
from scoring.views.adviser import HOME, basis_url, scenarios_url, without_scheme

if TYPE_CHECKING:
    from scoring.models import Scenario

Crumbs = list[tuple[str, str | None]]


@page(Permission.PLAN_AHEAD, objects={"public_id": "published_list"})
def scenarios_result(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Scenarios on a published result, up to four side by side."""
    return _listed(request, result_basis(request.user, public_id))


@page(Permission.PLAN_AHEAD, objects={"public_id": "submission"})
def scenarios_sheet(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The same on one's own sheet."""
    basis = sheet_basis(request.user, public_id)
    return _listed(request, basis) if basis else without_scheme(request)


@page(Permission.PLAN_AHEAD, methods="GET POST", objects={"public_id": "published_list"})
def scenario_on_result(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Write a scenario on a published result; the address may bring figures along."""
    return _new(request, result_basis(request.user, public_id))


@page(Permission.PLAN_AHEAD, methods="GET POST", objects={"public_id": "submission"})
def scenario_on_sheet(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The same on one's own sheet."""
    basis = sheet_basis(request.user, public_id)
    return _new(request, basis) if basis else without_scheme(request)


@page(Permission.PLAN_AHEAD, methods="GET POST", objects={"public_id": "scenario"})
def scenario(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """A scenario with what it would give; its figures and name may be changed."""
    row = get_scenario(request.user, public_id)
    basis = basis_of(request.user, row)
    if basis is None:
        return _without_basis(request, row)
    if request.method != "POST":
        initial = {
            **ScenarioForm.initial_of(row.changes),
            "name": row.name,
            "revision": row.revision,
        }
        return _page(request, basis, ScenarioForm(initial=initial, ground=basis.ground), row)
    form = ScenarioForm(request.POST, ground=basis.ground)

    def save() -> "Scenario":
        revision = form.cleaned_data["revision"]
        return change_scenario(
            actor=request.user,
            scenario_id=public_id,
            revision=-1 if revision is None else revision,
            data=form.scenario,
        )

    return _saved(request, basis, form, save, row)


@page(Permission.PLAN_AHEAD, methods="GET POST", objects={"public_id": "scenario"})
def scenario_remove(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The last look before a scenario is gone."""
    row = get_scenario(request.user, public_id)
    refusal = None
    if request.method == "POST":
        revision = request.POST.get("revision", "")
        try:
            remove_scenario(
                actor=request.user,
                scenario_id=public_id,
                revision=int(revision) if revision.isdecimal() else -1,
            )
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, f"已删去设想方案“{row.name}”。")
            return redirect("scoring:ahead")
    context = {
        "scenario": row,
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "consequences": [f"设想方案“{row.name}”及其全部设想数据将被删去，不影响填报和评价。"],
        "hidden": [("revision", row.revision)],
        "breadcrumbs": [(HOME[0], reverse(HOME[1])), ("删去设想方案", None)],
    }
    status = refusal.status if refusal else HTTPStatus.OK
    return render(request, "scoring/scenario_remove.html", context, status=status)


def _listed(request: AuthenticatedRequest, basis: Basis) -> HttpResponse:
    rows = list(scenarios_of(request.user, basis))
    wanted = request.GET.getlist("s")
    chosen = [row for row in rows if str(row.public_id) in wanted] if wanted else rows
    compared = compare(basis, chosen[:SIDE_BY_SIDE])
    standing = read_standing(basis.ground)
    context = {
        "basis": basis,
        "standing": standing,
        "side": side_by_side(standing, compared),
        "rows": rows,
        "compared": compared,
        "shown": {row.scenario.pk for row in compared},
        "left_out": max(0, len(chosen) - SIDE_BY_SIDE) if wanted else 0,
        "new_url": f"{scenarios_url(basis)}new/",
        "breadcrumbs": _crumbs(basis, "设想方案"),
    }
    return render(request, "scoring/scenarios.html", context)


def _new(request: AuthenticatedRequest, basis: Basis) -> HttpResponse:
    if request.method != "POST":
        return _page(request, basis, ScenarioForm(initial=request.GET.dict(), ground=basis.ground))
    form = ScenarioForm(request.POST, ground=basis.ground)

    def save() -> "Scenario":
        return create_scenario(actor=request.user, basis=basis, data=form.scenario)

    return _saved(request, basis, form, save)


def _saved(
    request: AuthenticatedRequest,
    basis: Basis,
    form: ScenarioForm,
    save: Callable[[], "Scenario"],
    row: "Scenario | None" = None,
) -> HttpResponse:
    """Save a form that is in order and show what the scenario gives, or say why not."""
    if not form.is_valid():
        return _page(request, basis, form, row)
    try:
        kept = save()
    except Invalid as wrong:
        form.add_error(wrong.field or None, wrong.sentence)
        return _page(request, basis, form, row)
    except Refused as refusal:
        return _page(request, basis, form, row, refusal)
    messages.success(request, f"已保存设想方案“{kept.name}”。")
    return redirect("scoring:scenario", kept.public_id)


def _page(
    request: AuthenticatedRequest,
    basis: Basis,
    form: ScenarioForm,
    row: "Scenario | None" = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    compared = compare(basis, [row]) if row else []
    context: dict[str, Any] = {
        "basis": basis,
        "form": form,
        "scenario": row,
        "compared": compared[0] if compared else None,
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "scenarios_url": scenarios_url(basis),
        "breadcrumbs": _crumbs(basis, row.name if row else "新的设想方案", inside=True),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(
        request, "scoring/scenario.html", context, status=refusal.status if refusal else status
    )


def _without_basis(request: AuthenticatedRequest, row: "Scenario") -> HttpResponse:
    """What it rested on is no longer to be read: it can only be looked at and removed."""
    context = {
        "scenario": row,
        "breadcrumbs": [(HOME[0], reverse(HOME[1])), (row.name, None)],
    }
    return render(request, "scoring/scenario_without.html", context)


def _crumbs(basis: Basis, label: str, *, inside: bool = False) -> Crumbs:
    crumbs: Crumbs = [(HOME[0], reverse(HOME[1])), (basis.title, basis_url(basis))]
    if inside:
        crumbs.append(("设想方案", scenarios_url(basis)))
    return [*crumbs, (label, None)]
