"""The page of the coverage goals."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.coverage.selectors import has_goals, read_coverage


@page(Permission.VIEW_RESULTS)
def goals(request: HttpRequest) -> HttpResponse:
    """Every goal: where it stands, who is missing, by city; a province that set itself none is told so."""
    coverage = read_coverage() if has_goals() else None
    return render(request, "coverage/goals.html", {"coverage": coverage, "has_goals": has_goals()})
