"""The responsibility table 责任分工表: the county keeps it, those above read it."""

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Level, Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Refused, Stale
from indicators.actions.duties import keep_duties
from indicators.forms.duties import DutyForm
from indicators.selectors.duties import (
    duty_version,
    get_duty_county,
    list_duty_counties,
    read_duties,
)

if TYPE_CHECKING:
    from county_portal.accounts.models import Region, User
    from indicators.models import SystemVersion

PER_PAGE = 60
_TITLE = "责任分工表"
READERS = (Permission.FILL, Permission.SUBMIT, Permission.REVIEW, Permission.COLLECT)


@page(*READERS)
def duties(request: AuthenticatedRequest) -> HttpResponse:
    """One's own county's table, or the counties whose tables one may read."""
    text = request.GET.get("q", "").strip()
    counties = list_duty_counties(request.user, text)
    if request.user.level == Level.COUNTY and (own := counties.first()):
        return redirect("indicators:duty_table", own.public_id)
    context = {
        "page": Paginator(counties, PER_PAGE).get_page(request.GET.get("page")),
        "q": text,
        "version": duty_version(),
    }
    return render(request, "indicators/duties.html", context)


@page(*READERS, objects={"public_id": "county"})
def duty_table(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """One county's table."""
    return _page(request, get_duty_county(request.user, public_id), _version())


@page(Permission.FILL, methods="POST", objects={"public_id": "county"})
def duty_keep(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Its bureau writes it."""
    region, version = get_duty_county(request.user, public_id), _version()
    form = DutyForm.read(read_duties(version, region), request.POST)
    try:
        count = keep_duties(actor=request.user, version=version, typed=form.typed, seen=form.seen)
    except Invalid as refusal:
        form = form.refused(refusal.field, refusal.sentence)
        return _page(request, region, version, form, refusal)
    except Stale as refusal:
        return _page(request, region, version, form, refusal)
    messages.success(
        request, f"责任分工表已保存，改动{count}项。" if count else "责任分工表没有变化。"
    )
    return redirect("indicators:duty_table", region.public_id)


def _version() -> "SystemVersion":
    version = duty_version()
    if version is None:
        raise Http404
    return version


def _may_keep(user: "User", region: "Region") -> bool:
    return user.holds(Permission.FILL) and user.office.region_id == region.pk


def _page(
    request: AuthenticatedRequest,
    region: "Region",
    version: "SystemVersion",
    form: DutyForm | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    context = {
        "region": region,
        "version": version,
        "form": form or DutyForm.of(read_duties(version, region)),
        "may_keep": _may_keep(request.user, region),
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": [(_TITLE, reverse("indicators:duties")), (region.full_name, None)],
    }
    status: int = refusal.status if refusal else HTTPStatus.OK
    return render(request, "indicators/duty_table.html", context, status=status)
