"""Announcements for those who read them: people signed in, and anybody."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.administration.actions.announcements import mark_read
from county_portal.administration.selectors.announcements import (
    get_attached,
    get_readable,
    list_readable,
)
from county_portal.common import clock
from county_portal.common.access import Audience, page
from county_portal.files.responses import serve

PAGE_SIZE = 20


@page(Audience.SIGNED_IN)
def board(request: AuthenticatedRequest) -> HttpResponse:
    """What is and was announced to me."""
    rows = Paginator(list_readable(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"base": "base.html", "page": rows, "today": clock.today()}
    return render(request, "administration/board.html", context)


@page(Audience.SIGNED_IN, objects={"public_id": "read_announcement"})
def announcement(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """One announcement; that it was opened is kept."""
    found = get_readable(request.user, public_id)
    mark_read(reader=request.user, announcement=found)
    context = {
        "base": "base.html",
        "announcement": found,
        "files": list(found.files.select_related("file")),
        "breadcrumbs": [("公告", "/announcements/"), (found.title, None)],
    }
    return render(request, "administration/board_one.html", context)


@page(
    Audience.SIGNED_IN,
    objects={"public_id": "read_announcement", "file_id": "read_announcement_file"},
)
def file(request: AuthenticatedRequest, public_id: UUID, file_id: UUID) -> FileResponse:
    """A file of one I may read or manage."""
    return serve(get_attached(request.user, public_id, file_id).file)


@page(Audience.PUBLIC)
def public_board(request: HttpRequest) -> HttpResponse:
    """What is and was announced to everybody."""
    rows = Paginator(list_readable(None), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"base": "base_public.html", "page": rows, "today": clock.today(), "is_public": True}
    return render(request, "administration/board.html", context)


@page(Audience.PUBLIC, objects={"public_id": "public_announcement"})
def public_announcement(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One announcement to everybody."""
    found = get_readable(None, public_id)
    context = {
        "base": "base_public.html",
        "announcement": found,
        "files": list(found.files.select_related("file")),
        "is_public": True,
        "breadcrumbs": [("公告", "/announcements/public/"), (found.title, None)],
        "page_meta": {"article_title": found.title, "published_on": found.from_on},
    }
    return render(request, "administration/board_one.html", context)


@page(
    Audience.PUBLIC,
    objects={"public_id": "public_announcement", "file_id": "public_announcement_file"},
)
def public_file(request: HttpRequest, public_id: UUID, file_id: UUID) -> FileResponse:
    """A file of one for everybody."""
    return serve(get_attached(None, public_id, file_id).file, is_public=True)
