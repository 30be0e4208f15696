"""What everybody may read of the programme: rounds as announced, pilots as published."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from applications.enums import PilotState, RoundState
from applications.selectors.notice import list_running_notices, running_notice
from applications.selectors.programme import (
    get_published_pilot,
    list_by_city,
    list_conclusions,
    list_promises,
    list_published_pilots,
    published_list,
    published_lists,
    rounds_of,
)
from applications.selectors.rounds import (
    basis_file_of,
    get_announced,
    list_announced,
    list_postponements,
)
from applications.views.promises import promises_of, years_of
from applications.views.round_words import (
    material_words,
    public_crumbs,
    who_applies,
    year_words,
)
from applications.views.tiles import pilot_keys, pilot_tiles, round_marks
from county_portal.common.access import Audience, page
from county_portal.common.province import words
from county_portal.files.responses import serve


@page(Audience.PUBLIC)
def programme(request: HttpRequest) -> HttpResponse:
    """Rounds as announced, and every pilot: as tiles, and round by round with its list."""
    pilots = list(list_published_pilots())
    rounds = rounds_of(pilots)
    marks = round_marks(rounds.values())
    lists = published_lists(rounds.values())
    states = [pilot.state for pilot in pilots]
    context = {
        "rounds": list_announced(),
        "notices": list_running_notices(),
        "pilots": pilots,
        "counts": [(state.label, states.count(state)) for state in PilotState if state in states],
        "tiles": pilot_tiles(list_by_city(pilots), marks) if pilots else [],
        "keys": pilot_keys(rounds, marks),
        "batches": [
            (call, marks[pk], lists[pk], [each for each in pilots if each.round_id == pk])
            for pk, call in reversed(list(rounds.items()))
        ],
        "page_meta": {
            "column_name": words().pilots,
            "description": f"{words().pilots}申报和建设情况",
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
        "is_open": call.state == RoundState.OPEN,
        "list": published_list(call),
        "notice": running_notice(call),
        "postponements": list_postponements(call),
        "basis_url": reverse("applications:public_round_basis", args=[public_id])
        if call.basis_file
        else "",
        "page_meta": {
            "column_name": words().pilots,
            "description": f"{call.title}申报公告",
            "article_title": f"{call.title}申报公告",
            "published_on": call.opened_at,
        },
        "breadcrumbs": public_crumbs((call.title, None)),
    }
    return render(request, "applications/public_round.html", context)


@page(Audience.PUBLIC, objects={"public_id": "based_round"})
def basis(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """The basis document in full."""
    return serve(basis_file_of(get_announced(public_id)), is_public=True)


@page(Audience.PUBLIC, objects={"public_id": "published_pilot"})
def pilot(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One pilot: its term, what it promised, and what was published of what it reached."""
    row = get_published_pilot(public_id)
    targets = list_promises(row)
    lines = promises_of(targets)
    context = {
        "pilot": row,
        "list": published_list(row.round),
        "conclusions": list_conclusions(row),
        "years": years_of(targets),
        "lines": [line for line in lines if not line.target.is_qualitative],
        "worded": [line for line in lines if line.target.is_qualitative],
        "charted": [line for line in lines if line.is_charted],
        "page_meta": {
            "column_name": words().pilots,
            "description": f"{row.region.full_name}{words().pilots}建设情况",
        },
        "breadcrumbs": public_crumbs((row.region.full_name, None)),
    }
    return render(request, "applications/public_pilot.html", context)
