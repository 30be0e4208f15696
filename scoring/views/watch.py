"""Hints for reviewers: collections, and what the figures of one ask."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from scoring.selectors.watch import get_watched, list_watched, read_hints

PAGE_SIZE = 50


@page(Permission.WATCH)
def collections(request: AuthenticatedRequest) -> HttpResponse:
    """Collections whose hints one may see, newest first."""
    rows = Paginator(list_watched(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "scoring/watch_collections.html", {"page": rows})


@page(Permission.WATCH, objects={"public_id": "watched_collection"})
def hints(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Test by test: what is asked, on what grounds, and how often honest figures would be asked it too."""
    collection = get_watched(request.user, public_id)
    context = {
        "collection": collection,
        "watched": read_hints(request.user, collection),
        "breadcrumbs": [("异常线索", reverse("scoring:watch")), (collection.title, None)],
    }
    return render(request, "scoring/watch.html", context)
