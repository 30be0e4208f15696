"""An application as its county works on it, and as everybody concerned reads it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from applications.selectors.applications import get_application, list_steps
from applications.selectors.materials import list_gaps
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page


@page(Permission.VIEW_PILOTS, objects={"public_id": "application"})
def application(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Where it stands, what is missing, what was done."""
    row = get_application(request.user, public_id)
    context = {"application": row, "gaps": list_gaps(row), "steps": list_steps(row)}
    return render(request, "applications/application.html", context)
