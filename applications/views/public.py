"""What everybody may read of the programme: rounds as announced, pilots as published."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from applications.selectors.rounds import get_announced, list_announced
from applications.views.round_words import (
    PUBLIC,
    material_words,
    public_crumbs,
    who_applies,
    year_words,
)
from county_portal.common.access import Audience, page


@page(Audience.PUBLIC)
def programme(request: HttpRequest) -> HttpResponse:
    """The programme at a glance."""
    context = {
        "rounds": list_announced(),
        "page_meta": {
            "column_name": PUBLIC[0],
            "description": "创新型县（市、区）试点申报和建设情况",
        },
        "breadcrumbs": public_crumbs(),
    }
    return render(request, "applications/public_programme.html", context)


@page(Audience.PUBLIC, objects={"public_id": "announced_round"})
def announcement(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A round as announced: dates, basis, materials, who may apply; no county before it is decided."""
    call = get_announced(public_id)
    context = {
        "round": call,
        "years": year_words(call),
        "materials": material_words(call),
        "who": who_applies(call),
        "page_meta": {
            "column_name": PUBLIC[0],
            "description": f"{call.title}申报公告",
            "article_title": f"{call.title}申报公告",
            "published_on": call.opened_at,
        },
        "breadcrumbs": public_crumbs((call.title, None)),
    }
    return render(request, "applications/public_round.html", context)
