"""The page of the coverage goals."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.coverage.selectors import has_goals, read_coverage


@page(Permission.VIEW_RESULTS)
def goals(request: HttpRequest) -> HttpResponse:
    """Every goal: where it stands, who is missing, by city. 404 in a province that set itself none."""
    if not has_goals():
        raise Http404
    return render(request, "coverage/goals.html", {"coverage": read_coverage()})
