"""试点申报: where everybody of the offices begins."""

from django.http import HttpResponse
from django.shortcuts import render

from applications.selectors.applications import list_applications, list_rounds
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page


@page(Permission.VIEW_PILOTS)
def home(request: AuthenticatedRequest) -> HttpResponse:
    """What there is for one's level: rounds, applications, whose turn it is."""
    context = {
        "rounds": list_rounds(request.user),
        "applications": list_applications(request.user),
        "level": request.user.level,
    }
    return render(request, "applications/home.html", context)
