"""City and province: counts, the tile grid, and starting a watch."""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Level, Permission
from county_portal.common import clock
from county_portal.common.access import page
from county_portal.common.components import Tile, TileGroup, TileKey
from county_portal.common.errors import Stale
from monitoring.actions.watching import start_watch
from monitoring.enums import Severity
from monitoring.selectors.findings import warning_settings
from monitoring.selectors.overview import Overview, read_overview
from monitoring.selectors.projections import newest_call

if TYPE_CHECKING:
    from collections.abc import Sequence

    from county_portal.accounts.models import Region

_SHADES = {
    Severity.SEVERE: ("严", "danger"),
    Severity.WARNING: ("警", "warning"),
    Severity.NOTICE: ("提", "info"),
}
_KEYS = [
    *(TileKey(letter, shade, severity.label) for severity, (letter, shade) in _SHADES.items()),
    TileKey("—", "none", "无预警"),
    TileKey("未", "none", "本年没有报过月报"),
]


@page(Permission.VIEW_WARNINGS)
def overview(request: AuthenticatedRequest) -> HttpResponse:
    """This year's open warnings of the counties one may see."""
    user = request.user
    call = newest_call(clock.today().year)
    found = read_overview(user, call) if call else None
    context = {
        "call": call,
        "overview": found,
        "silent": _by_city(found) if found else [],
        "warns_silent": warning_settings().warns_silent,
        "tiles": _tiles(found) if found else [],
        "keys": _KEYS,
        "list_url": reverse("monitoring:warnings"),
        "may_watch": _may_watch(request) and call is not None,
        "breadcrumbs": [("监测预警", reverse("monitoring:warnings")), ("总览", None)],
    }
    return render(request, "monitoring/overview.html", context)


def _may_watch(request: AuthenticatedRequest) -> bool:
    user = request.user
    return user.level == Level.PROVINCE and user.holds(Permission.FOLLOW_WARNINGS)


def _tiles(found: Overview) -> list[TileGroup]:
    """A group for each city; those directly under the province come last, whatever their codes."""
    silent = {region.pk for region in found.silent}
    ordered = sorted(found.counties, key=lambda row: _city(row[0]))
    return [
        TileGroup(name, [_tile(*row, is_silent=row[0].pk in silent) for row in rows])
        for (_, _, name), rows in groupby(ordered, key=lambda row: _city(row[0]))
    ]


@dataclass(frozen=True, slots=True)
class SilentCity:
    """A city's counties that have reported no month of the year, of how many."""

    name: str
    counties: "Sequence[Region]"
    total: int

    @property
    def is_whole(self) -> bool:
        """Whether it is all of them."""
        return len(self.counties) == self.total


def _by_city(found: Overview) -> list[SilentCity]:
    totals = Counter(_city(region) for region, _, _ in found.counties)
    ordered = sorted(found.silent, key=_city)
    return [
        SilentCity(city[-1], list(rows), totals[city]) for city, rows in groupby(ordered, key=_city)
    ]


def _city(region: "Region") -> tuple[bool, str, str]:
    parent = region.parent
    if parent is None or parent.level != Level.CITY:
        return True, "", "省直管"
    return False, parent.code, parent.name


def _tile(region: "Region", severity: str, count: int, *, is_silent: bool) -> Tile:
    if severity:
        letter, shade = _SHADES[Severity(severity)]
        word = f"{Severity(severity).label}，未解除{count}条"
    else:
        letter, shade = ("未" if is_silent else "—"), "none"
        word = "本年没有报过月报" if is_silent else "无预警"
    url = reverse("monitoring:county", args=[region.public_id])
    return Tile(region.name, letter, shade, word, str(count) if count else "", "", url)


@page(Permission.FOLLOW_WARNINGS, methods="POST")
def watch_now(request: AuthenticatedRequest) -> HttpResponse:
    """Hold every county against its targets now; the job's page shows how far it is."""
    call = newest_call(clock.today().year)
    if call is None:
        raise Stale("no_monthly_call", "本年度还没有布置月报，没有可以测算的数据。请先布置月报。")
    job, is_new = start_watch(actor=request.user, call=call)
    if not is_new:
        messages.info(request, "测算正在进行，没有重复开始；以下是正在进行的这一次。")
    return redirect("jobs:detail", job.public_id)
