"""The candidates of a round over the rows of the table, as a meeting compares them."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from applications.forms.selection import FiguresForm
from applications.selectors.applications import get_round
from applications.selectors.comparison import SHOWN, read_comparison
from applications.selectors.narrowing import narrow
from applications.selectors.selection import list_candidates
from applications.views.round_words import year_words
from applications.views.selection import crumbs_of, tabs_of
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page


@page(Permission.RUN_PILOTS, Permission.DECIDE_PILOTS, objects={"public_id": "selection_round"})
def figures(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Rows of the table down, candidates across; the address carries filter, order and what is shown."""
    call = get_round(request.user, public_id)
    candidates = list_candidates(call)
    form = FiguresForm(request.GET, candidates=candidates, call=call)
    found = read_comparison(call, narrow(candidates, form.wanted), form.shown, form.row)
    context = {
        "call": call,
        "tabs": tabs_of(call, "selection_figures"),
        "form": form,
        "comparison": found,
        "total": len(candidates),
        "by": form.row,
        "shown": SHOWN[form.shown],
        "years": year_words(call),
        "query": request.GET.urlencode(),
        "lines": [(line, form.address(by=str(line.indicator.order))) for line in found.lines],
        "breadcrumbs": crumbs_of(call, "指标对比"),
    }
    return render(request, "applications/selection_figures.html", context)
