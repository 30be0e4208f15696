"""The list of warnings and its workbook."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Level, Permission
from county_portal.common import clock
from county_portal.common.access import page
from county_portal.common.components import Turn
from county_portal.documents.workbook import XLSX
from monitoring.exports import warnings_workbook
from monitoring.forms import WarningFilterForm
from monitoring.selectors.findings import warning_settings
from monitoring.selectors.overview import count_silent
from monitoring.selectors.projections import newest_call
from monitoring.selectors.warnings import SEVERITIES, count_severities, search_warnings
from monitoring.templatetags.monitoring_ui import severity_tone
from monitoring.views.words import warning_turn

if TYPE_CHECKING:
    from county_portal.accounts.models import User
    from monitoring.models import Warning  # noqa: A004 -- the word of the field

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the list."""

    warning: "Warning"
    turn: Turn


@page(Permission.VIEW_WARNINGS)
def warnings(request: AuthenticatedRequest) -> HttpResponse:
    """The county's own, the city's counties', the province's all; the address carries the filters."""
    user = request.user
    form = WarningFilterForm(request.GET, user=user)
    found = search_warnings(user, form.wanted)
    shown = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    region = user.office.region
    context = {
        "page": shown,
        "rows": [Listed(row, warning_turn(row)) for row in shown],
        "silent": _silent(user),
        "form": form,
        "chips": form.chips(
            "severity",
            [(severity, severity.label) for severity in SEVERITIES],
            count_severities(user, form.wanted),
            {severity: severity_tone(severity) for severity in SEVERITIES},
        ),
        "is_narrowed": form.is_narrowed,
        "level": user.level,
        "own_url": reverse("monitoring:county", args=[region.public_id])
        if region and user.level == "county"
        else "",
        "export_url": reverse("monitoring:warnings_xlsx") + form.address(),
    }
    return render(request, "monitoring/warnings.html", context)


def _silent(user: "User") -> int:
    """Counties that are not warned because they have reported nothing; for those above them."""
    call = newest_call(clock.today().year)
    if call is None or user.level == Level.COUNTY or warning_settings().warns_silent:
        return 0
    return count_silent(user, call)


@page(Permission.VIEW_WARNINGS)
def warnings_xlsx(request: AuthenticatedRequest) -> HttpResponse:
    """The list as filtered."""
    form = WarningFilterForm(request.GET, user=request.user)
    found = list(search_warnings(request.user, form.wanted))
    headers = {
        "Content-Disposition": 'attachment; filename="warnings.xlsx"',
        "Cache-Control": "private, no-store",
    }
    content = warnings_workbook(found, clock.today())
    return HttpResponse(content, content_type=XLSX, headers=headers)
