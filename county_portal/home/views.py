"""The front page for everybody, the inbox for whoever is signed in, the record for the auditor."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.audit.selectors import list_events
from county_portal.common.access import Audience, page

PAGE_SIZE = 50


@page(Audience.PUBLIC)
def front(request: HttpRequest) -> HttpResponse:
    """What the public sees first."""
    return render(request, "home/front.html", {})


@page(Audience.SIGNED_IN)
def inbox(request: AuthenticatedRequest) -> HttpResponse:
    """What waits for me, since when, until when."""
    return render(request, "home/inbox.html", {})


@page(Permission.VIEW_AUDIT)
def audit(request: AuthenticatedRequest) -> HttpResponse:
    """The audit record, newest first."""
    events = list_events(
        region_code=request.GET.get("region", ""),
        login=request.GET.get("login", ""),
        act=request.GET.get("act", ""),
    )
    context = {"page": Paginator(events, PAGE_SIZE).get_page(request.GET.get("page"))}
    return render(request, "home/audit.html", context)
