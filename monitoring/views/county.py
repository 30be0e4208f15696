"""One county's year: every monthly indicator with its fan, the outlook of score and class, its warnings."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from county_portal.common.access import page
from indicators.selectors.monthly import get_region
from monitoring.selectors.outlooks import read_outlook
from monitoring.selectors.projections import (
    list_call_years,
    newest_call,
    project_county,
    teaching_of,
)
from monitoring.selectors.warnings import list_open_of

if TYPE_CHECKING:
    from indicators.models import MonthlyCall


@page(Permission.VIEW_WARNINGS, objects={"public_id": "warned_county"})
def county(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The year asked for, or the newest there is."""
    call = _call(request)
    region = get_region(request.user, call, public_id)
    lines = project_county(call, region)
    outlook = read_outlook(call, region, lines, teaching_of(call))
    names = {line.code: line.indicator.name for line in lines}
    open_warnings = list(list_open_of([region], call.year))
    context = {
        "call": call,
        "years": list_call_years(),
        "region": region,
        "lines": lines,
        "outlook": outlook,
        "skipped": [names[code] for code in outlook.skipped] if outlook else [],
        "warnings": open_warnings,
        "may_plan_ahead": region.pk == request.user.office.region_id
        and request.user.holds(Permission.PLAN_AHEAD),
        "breadcrumbs": [
            ("监测预警", reverse("monitoring:warnings")),
            (region.full_name, None),
        ],
    }
    return render(request, "monitoring/county.html", context)


def _call(request: AuthenticatedRequest) -> "MonthlyCall":
    """404 where no year was called for; a year that cannot be understood is the newest."""
    years = list_call_years()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else None
    today = clock.today().year
    chosen = year or next((each for each in years if each <= today), None)
    call = newest_call(chosen) if chosen else None
    if call is None:
        raise Http404
    return call
