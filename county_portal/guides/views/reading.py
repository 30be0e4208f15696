"""Guides to read, to search and to print."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render

from county_portal.accounts.requests import AuthenticatedRequest, signed_in_user
from county_portal.common.access import Audience, page
from county_portal.guides.actions import may_practise
from county_portal.guides.selectors import (
    find_places,
    get_guide,
    get_handbook,
    get_picture,
    list_guides,
    list_handbooks,
    print_handbook,
    render_guide,
)

# More than a reader looks through.
SHOWN = 30
_LONGEST = 60


@page(Audience.PUBLIC)
def index(request: HttpRequest) -> HttpResponse:
    """My handbook, all others, and where words stand in them."""
    user = signed_in_user(request)
    text = request.GET.get("q", "").strip()[:_LONGEST]
    places = find_places(user, text)
    context = {
        "base": _base(user),
        "handbooks": list_handbooks(user),
        "role": user.role if user else "",
        "may_practise": user is not None and may_practise(user),
        "guides": list_guides() if user else [],
        "text": text,
        "places": places[:SHOWN],
        "more": max(len(places) - SHOWN, 0),
    }
    return render(request, "guides/index.html", context)


@page(Audience.PUBLIC, objects={"key": "handbook"})
def handbook(request: HttpRequest, key: str) -> HttpResponse:
    """A handbook whole, to be read through or printed."""
    user = signed_in_user(request)
    book = get_handbook(user, key)
    context = {"base": _base(user), "book": book, "chapters": print_handbook(book)}
    return render(request, "guides/handbook.html", context)


@page(Audience.SIGNED_IN, objects={"name": "guide"})
def guide(request: AuthenticatedRequest, name: str) -> HttpResponse:
    """One guide with its headings beside it."""
    found = get_guide(name)
    context = {"guide": found, "rendered": render_guide(found)}
    return render(request, "guides/guide.html", context)


@page(Audience.PUBLIC, objects={"name": "picture"})
def picture(request: HttpRequest, name: str) -> FileResponse:
    """A picture of a page, of the demonstration's made-up figures."""
    return FileResponse(get_picture(name).open("rb"), content_type="image/png")


def _base(user: object) -> str:
    return "base.html" if user else "base_public.html"
