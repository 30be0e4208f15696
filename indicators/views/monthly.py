"""Monthly figures: the county's table, the charts, the overview of all counties."""

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Refused, Stale
from county_portal.documents.workbook import XLSX
from indicators.actions.monthly import open_call, report_months
from indicators.exports import monthly_workbook
from indicators.forms.monthly import CallForm, MonthlyForm
from indicators.selectors.monthly import (
    get_call,
    get_region,
    list_calls,
    list_regions,
    own_county,
    read_counties,
    read_county,
)

if TYPE_CHECKING:
    from indicators.models import MonthlyCall

Crumbs = list[tuple[str, str | None]]


def _crumbs(*last: tuple[str, str | None]) -> Crumbs:
    return [("月报", reverse("indicators:monthly")), *last]


@page(Permission.FILL, Permission.REVIEW, Permission.COLLECT, Permission.SUBMIT)
def monthly(request: AuthenticatedRequest) -> HttpResponse:
    """All calls, newest first, each leading to what the reader does with it."""
    user = request.user
    is_county = not (user.holds(Permission.REVIEW) or user.holds(Permission.COLLECT))
    context = {
        "rows": [(call, _address(request, call, is_county=is_county)) for call in list_calls(user)],
        "may_call": user.holds(Permission.COLLECT),
    }
    return render(request, "indicators/monthly.html", context)


def _address(request: AuthenticatedRequest, call: "MonthlyCall", *, is_county: bool) -> str:
    if not is_county:
        return reverse("indicators:monthly_overview", args=[call.public_id])
    if request.user.holds(Permission.FILL):
        return reverse("indicators:monthly_fill", args=[call.public_id])
    region = request.user.office.region
    return (
        reverse("indicators:monthly_county", args=[call.public_id, region.public_id])
        if region
        else ""
    )


@page(Permission.COLLECT, methods="GET POST")
def monthly_new(request: AuthenticatedRequest) -> HttpResponse:
    """Call for a year's months."""
    form = CallForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            call = open_call(actor=request.user, **form.cleaned_data)
        except Invalid as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, f"{call.year}年月报已布置，各县已收到站内通知。")
            return redirect("indicators:monthly_overview", call.public_id)
    context = {
        "label": "布置月报",
        "name": "按月报送的指标在指标体系中设定",
        "title": "向全省各县（市、区）布置月报？",
        "consequences": [
            "每月结束后由县级报送，次月截止日前未报的自动提醒，逾期依次上报市级、省级。"
        ],
        "mail": "全省各县级科技局的填报人员和负责人（站内通知）",
        "form": form,
        "cancel_url": reverse("indicators:monthly"),
        "breadcrumbs": _crumbs(("布置月报", None)),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "indicators/confirm.html", context, status=status)


@page(Permission.FILL, methods="GET POST", objects={"public_id": "monthly_call"})
def monthly_fill(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The county's table: targets and the months that are over."""
    call = get_call(request.user, public_id)
    year = read_county(call, own_county(request.user, call))
    if request.method != "POST":
        return _fill_page(request, MonthlyForm.of(year))
    form = MonthlyForm.read(year, request.POST)
    if form.faults:
        return _fill_page(request, form)
    try:
        count = report_months(actor=request.user, call_id=public_id, entered=form.entered)
    except Invalid as refusal:
        form.blame(refusal.field, refusal.sentence)
        return _fill_page(request, form, refusal)
    except Stale as refusal:
        return _fill_page(request, form, refusal)
    messages.success(request, f"已保存{count}处。" if count else "内容没有变化，无需保存。")
    return redirect("indicators:monthly_fill", public_id)


def _fill_page(
    request: AuthenticatedRequest, form: MonthlyForm, refusal: Refused | None = None
) -> HttpResponse:
    call = form.year.call
    context = {
        "call": call,
        "year": form.year,
        "form": form,
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": _crumbs((f"{call.year}年", None)),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.faults else HTTPStatus.OK
    status_code = refusal.status if refusal else status
    return render(request, "indicators/monthly_fill.html", context, status=status_code)


@page(
    Permission.VIEW_SUBMISSIONS, objects={"public_id": "monthly_call", "region": "monthly_region"}
)
def monthly_county(request: AuthenticatedRequest, public_id: UUID, region: UUID) -> HttpResponse:
    """One county's charts, for whoever has it in his jurisdiction."""
    call = get_call(request.user, public_id)
    year = read_county(call, get_region(request.user, call, region))
    context = {
        "call": call,
        "year": year,
        "breadcrumbs": _crumbs((f"{call.year}年", None), (year.region.full_name, None)),
    }
    return render(request, "indicators/monthly_county.html", context)


@page(Permission.REVIEW, Permission.COLLECT, objects={"public_id": "monthly_call"})
def monthly_overview(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """All counties × indicators: where the latest month stands to the path, and which months are late."""
    call = get_call(request.user, public_id)
    years = read_counties(call, list(list_regions(request.user, call)))
    context = {
        "call": call,
        "years": years,
        "indicators": [line.indicator for line in years[0].lines] if years else [],
        "late": sum(bool(year.late) for year in years),
        "reported": sum(any(line.latest for line in year.lines) for year in years),
        "breadcrumbs": _crumbs((f"{call.year}年", None)),
    }
    return render(request, "indicators/monthly_overview.html", context)


@page(Permission.REVIEW, Permission.COLLECT, objects={"public_id": "monthly_call"})
def monthly_export(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The same as a workbook."""
    call = get_call(request.user, public_id)
    content = monthly_workbook(call, read_counties(call, list(list_regions(request.user, call))))
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="monthly-{call.year}.xlsx"'
    return response
