"""试点申报: where everybody of the offices begins."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from applications.enums import PilotState
from applications.forms.overview import OverviewForm
from applications.selectors.applications import list_rounds
from applications.selectors.overview import (
    count_pilots,
    count_stages,
    list_in_notice,
    list_pilots_of,
    list_running,
    list_wanted,
    may_select,
)
from applications.selectors.rounds import STAGES, recommended_ids
from applications.views.application_wording import turn_of
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.components import Chip

PAGE_SIZE = 50


@page(Permission.VIEW_PILOTS)
def home(request: AuthenticatedRequest) -> HttpResponse:
    """Rounds under way, applications with whose turn it is, pilots: as far as one's own level sees them."""
    form = OverviewForm(request.GET, user=request.user, rounds=list_rounds(request.user))
    wanted = form.wanted
    rows = Paginator(list_wanted(request.user, wanted), PAGE_SIZE).get_page(request.GET.get("page"))
    recommended = recommended_ids(list(rows))
    turns = [(row, turn_of(row, is_recommended=row.pk in recommended)) for row in rows]
    pilots = count_pilots(request.user)
    context = {
        "running": list_running(request.user),
        "page": rows,
        "rows": turns,
        "form": form,
        "chips": _chips(request, count_stages(request.user, wanted), wanted.stage),
        "is_filtered": bool(request.GET),
        "pilots": list_pilots_of(request.user),
        "pilot_counts": [(state.label, pilots[state]) for state in PilotState if pilots[state]],
        "in_notice": list_in_notice(request.user),
        "level": request.user.level,
        "may_run": request.user.holds(Permission.RUN_PILOTS),
        "may_select": may_select(request.user),
    }
    return render(request, "applications/home.html", context)


def _chips(request: HttpRequest, counts: Mapping[str, int], chosen: str) -> list[Chip]:
    kept = {name: request.GET[name] for name in ("round", "office") if request.GET.get(name)}
    whole = Chip("全部", f"?{urlencode(kept)}", sum(counts.values()), not chosen)
    return [
        whole,
        *(
            Chip(label, f"?{urlencode({**kept, 'stage': stage})}", counts[stage], stage == chosen)
            for stage, (label, _) in STAGES.items()
            if counts[stage] or stage == chosen
        ),
    ]
