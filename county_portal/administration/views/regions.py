"""Regions: the list, one of them with its past, and what is decided on it."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.actions import decide_change, withdraw_change
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.accounts.selectors import (
    change_kinds,
    find_managed_regions,
    get_managed_region,
    list_planned_changes,
    list_region_changes,
)
from county_portal.administration.forms.register import ChangeForm, RegionFilterForm
from county_portal.administration.impact import impact_of
from county_portal.administration.views.people import status_of
from county_portal.common.access import page
from county_portal.common.errors import Invalid

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


@page(Permission.MANAGE_REGIONS, methods="GET POST")
def create(request: AuthenticatedRequest) -> HttpResponse:
    """Set up a county."""
    kind = dict(change_kinds())[_CREATE]
    form = ChangeForm(request.POST or None, kind=kind, region=None)
    if request.method == "POST" and form.is_valid() and _decided(request, form, None):
        return redirect("administration:regions")
    context = {"form": form, "kind": kind, "breadcrumbs": [HOME, ("设立", None)]}
    return render(request, "administration/region_change.html", context, status=status_of(form))


@page(
    Permission.MANAGE_REGIONS,
    methods="GET POST",
    objects={"public_id": "region", "kind": "region_change_kind"},
)
def change(request: AuthenticatedRequest, public_id: UUID, kind: str) -> HttpResponse:
    """Rename, merge, or give to another reviewing office."""
    found = get_managed_region(request.user, public_id)
    kinds = dict(change_kinds())
    if kind not in kinds or kind == _CREATE:
        raise Http404
    initial = {"name": found.name, "code": found.code}
    form = ChangeForm(request.POST or None, kind=kinds[kind], region=found, initial=initial)
    if request.method == "POST" and form.is_valid() and _decided(request, form, public_id):
        return redirect("administration:region", public_id)
    url = reverse("administration:region", args=[public_id])
    crumbs = [HOME, (found.full_name, url), (kinds[kind].label, None)]
    context = {"form": form, "kind": kinds[kind], "region": found, "impact": impact_of(found)}
    context["breadcrumbs"] = crumbs
    return render(request, "administration/region_change.html", context, status=status_of(form))


@page(Permission.MANAGE_REGIONS, methods="POST", objects={"public_id": "region_change"})
def withdraw(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Take a decision back before its day."""
    withdrawn = withdraw_change(actor=request.user, public_id=public_id)
    messages.success(request, f"已撤回：{withdrawn}。")
    return redirect("administration:regions")
