"""Versions of a sheet: the list with its digests, one as it was, two side by side."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from indicators.selectors import get_submission
from indicators.selectors.versions import (
    NOW,
    compare_versions,
    get_version,
    kind_names,
    list_versions_of,
)
from indicators.views.shared import crumbs


@page(Permission.VIEW_SUBMISSIONS, objects={"public_id": "submission"})
def versions(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """All versions; `show` reads one as it was."""
    row = get_submission(request.user, public_id)
    key = request.GET.get("show", "")
    chosen = get_version(row, key) if key else None
    context = {
        "submission": row,
        "versions": list_versions_of(row),
        "chosen": chosen,
        "lines": compare_versions(row, chosen, chosen) if chosen else [],
        "kinds": kind_names(row),
        "now": NOW,
        "breadcrumbs": crumbs(row, "历次版本"),
    }
    return render(request, "indicators/versions.html", context)


@page(Permission.VIEW_SUBMISSIONS, objects={"public_id": "submission"})
def compare(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Two versions, changed lines first; `only=1` shows no others."""
    row = get_submission(request.user, public_id)
    before = get_version(row, request.GET.get("a", NOW))
    after = get_version(row, request.GET.get("b", NOW))
    lines = compare_versions(row, before, after)
    changed = [line for line in lines if line.is_changed]
    is_only = request.GET.get("only") == "1"
    home = reverse("indicators:compare", args=[row.public_id])
    query = f"{home}?a={before.key}&b={after.key}"
    context = {
        "submission": row,
        "before": before,
        "after": after,
        "lines": changed if is_only else lines,
        "changed": len(changed),
        "kinds": kind_names(row),
        "is_only": is_only,
        "other_url": query if is_only else f"{query}&only=1",
        "versions": list_versions_of(row),
        "now": NOW,
        "breadcrumbs": crumbs(row, "版本对照"),
    }
    return render(request, "indicators/compare.html", context)
