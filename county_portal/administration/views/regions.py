"""Regions: the list, one of them with its past, and what is decided on it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.actions import decide_change, require_possible, withdraw_change
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.accounts.selectors import (
    change_kinds,
    find_managed_regions,
    get_managed_region,
    list_parts,
    list_planned_changes,
    list_region_changes,
    list_staffed,
)
from county_portal.administration.forms.regions import ChangeForm
from county_portal.administration.forms.register import RegionFilterForm
from county_portal.administration.impact import impact_of
from county_portal.administration.outlook import outlook_of
from county_portal.administration.views.people import status_of
from county_portal.common.access import page
from county_portal.common.errors import Invalid

if TYPE_CHECKING:
    from county_portal.accounts.models import Region
    from county_portal.administration.outlook import Line

PAGE_SIZE = 50
HOME = ("区划", "/system/regions/")
_CREATE = "create"


@page(Permission.MANAGE_REGIONS)
def regions(request: AuthenticatedRequest) -> HttpResponse:
    """County-level regions, and what is decided for days to come."""
    form = RegionFilterForm(request.GET)
    found = find_managed_regions(request.user, form.text, form.whether_standing)
    context = {
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "form": form,
        "planned": list_planned_changes(request.user),
        "reset_url": reverse("administration:regions"),
    }
    return render(request, "administration/regions.html", context)


@page(Permission.MANAGE_REGIONS, objects={"public_id": "region"})
def region(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """One region: what it is, what became of it, what is under way."""
    found = get_managed_region(request.user, public_id)
    context = {
        "region": found,
        "offices": list(found.offices.all()),
        "parts": list_parts(found),
        "left_behind": list_staffed(found) if found.valid_to else [],
        "changes": list_region_changes(found),
        "impact": impact_of(found),
        "kinds": [row for row in change_kinds() if row[0] != _CREATE],
        "breadcrumbs": [HOME, (found.full_name, None)],
    }
    return render(request, "administration/region.html", context)


def _decided(request: AuthenticatedRequest, form: ChangeForm, region_id: UUID | None) -> bool:
    """Whether the change is registered; a refusal stands in the form."""
    try:
        change = decide_change(
            actor=request.user,
            region_id=region_id,
            decision=form.decision,
            confirmed=form.cleaned_data["confirmed"],
        )
    except Invalid as refusal:
        form.add_error(refusal.field or None, refusal.sentence)
        return False
    messages.success(request, f"已登记：{change}（{change.get_state_display()}）。")
    return True


def _looked_at(
    request: AuthenticatedRequest, form: ChangeForm, region: "Region | None"
) -> "Sequence[Line]":
    """What would become of it; a refusal stands in the form."""
    region_id = region.public_id if region else None
    try:
        require_possible(actor=request.user, region_id=region_id, decision=form.decision)
    except Invalid as refusal:
        form.add_error(refusal.field or None, refusal.sentence)
        return ()
    return outlook_of(region, form.decision)


@page(Permission.MANAGE_REGIONS, methods="GET POST")
def create(request: AuthenticatedRequest) -> HttpResponse:
    """Set up a county."""
    return _asked(request, None, _CREATE, [("设立", None)])


@page(
    Permission.MANAGE_REGIONS,
    methods="GET POST",
    objects={"public_id": "region", "kind": "region_change_kind"},
)
def change(request: AuthenticatedRequest, public_id: UUID, kind: str) -> HttpResponse:
    """Rename, merge, split, or give to another reviewing office."""
    found = get_managed_region(request.user, public_id)
    kinds = dict(change_kinds())
    if kind not in kinds or kind == _CREATE:
        raise Http404
    url = reverse("administration:region", args=[public_id])
    return _asked(request, found, kind, [(found.full_name, url), (kinds[kind].label, None)])


def _asked(
    request: AuthenticatedRequest,
    region: "Region | None",
    name: str,
    crumbs: "Sequence[tuple[str, str | None]]",
) -> HttpResponse:
    kind, is_look = dict(change_kinds())[name], "look" in request.POST
    initial = {"name": region.name, "code": region.code} if region else {}
    form = ChangeForm(
        request.POST or None, kind=kind, region=region, is_look=is_look, initial=initial
    )
    outlook: Sequence[Line] = ()
    if request.method == "POST" and form.is_valid():
        if is_look:
            outlook = _looked_at(request, form, region)
        elif _decided(request, form, region.public_id if region else None):
            return _after(region)
    context = {
        "form": form,
        "kind": kind,
        "region": region,
        "outlook": outlook,
        "impact": impact_of(region) if region else None,
        "breadcrumbs": [HOME, *crumbs],
    }
    return render(request, "administration/region_change.html", context, status=status_of(form))


def _after(region: "Region | None") -> HttpResponse:
    if region is None:
        return redirect("administration:regions")
    return redirect("administration:region", region.public_id)


@page(Permission.MANAGE_REGIONS, methods="POST", objects={"public_id": "region_change"})
def withdraw(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Take a decision back before its day."""
    withdrawn = withdraw_change(actor=request.user, public_id=public_id)
    messages.success(request, f"已撤回：{withdrawn}。")
    return redirect("administration:regions")
