"""What was typed, found by kind; and the page of an indicator."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from county_portal.accounts.requests import signed_in_user
from county_portal.common.access import Audience, page
from county_portal.search.matching import Query
from county_portal.search.selectors import get_indicator, search_all, suggest
from county_portal.search.sources import SOURCES

_LONGEST = 60


@page(Audience.PUBLIC)
def search(request: HttpRequest) -> HttpResponse:
    """By name, pinyin and initials; only what the reader may open."""
    user = signed_in_user(request)
    query = Query.of(request.GET.get("q", "")[:_LONGEST])
    kind = request.GET.get("kind", "")
    groups = search_all(user, query, kind) if query.folded else []
    context = {
        "base": "base.html" if user else "base_public.html",
        "text": query.text,
        "kind": kind if kind in {source.key for source in SOURCES} else "",
        "groups": groups,
        "count": sum(group.count for group in groups),
    }
    return render(request, "search/results.html", context)


@page(Audience.PUBLIC)
def suggestions(request: HttpRequest) -> JsonResponse:
    """For static/js/suggest.js while somebody types; the page of results says the same and more."""
    query = Query.of(request.GET.get("q", "")[:_LONGEST])
    hits = [
        {"kind": source.label, "title": hit.title, "note": hit.note, "url": hit.url}
        for source, hit in suggest(signed_in_user(request), query)
    ]
    return JsonResponse({"hits": hits}, headers={"Cache-Control": "private, no-store"})


@page(Audience.PUBLIC, objects={"version_id": "locked_version", "code": "indicator"})
def indicator(request: HttpRequest, version_id: UUID, code: str) -> HttpResponse:
    """What an indicator means, how it is computed and who provides it."""
    user = signed_in_user(request)
    context = {
        "base": "base.html" if user else "base_public.html",
        "indicator": get_indicator(version_id, code),
    }
    return render(request, "search/indicator.html", context)
