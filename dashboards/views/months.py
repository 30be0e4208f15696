"""Monthly progress: counties beside each other, and one county beside its path."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Stale
from dashboards.charts import Chart
from dashboards.forms import ALL, MonthsForm
from dashboards.months import months_table, paces_chart, path_chart
from dashboards.selectors.months import ended_months, list_calls, read_months
from dashboards.selectors.reach import Place, Reach, reach_of
from dashboards.tables import Table
from dashboards.views.pages import (
    INTERNAL,
    county_urls,
    csv_file,
    files,
    filter_words,
    pages,
    xlsx_file,
)
from indicators.selectors.monthly import list_monthly_indicators

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indicators.models import Indicator, MonthlyCall

_FILES = {"dashboards:months_xlsx": "Excel", "dashboards:months_csv": "CSV"}


@dataclass(frozen=True, slots=True)
class _Asked:
    """Monthly progress as the address asks for it; `chart` is of one county where one is chosen."""

    form: MonthsForm
    chart: Chart
    table: Table


def _asked(request: AuthenticatedRequest) -> _Asked | None:
    """None where no monthly figures were ever asked for."""
    calls = list_calls()
    call = next((row for row in calls if str(row.year) == request.GET.get("year")), None)
    call = call or next(iter(calls), None)
    indicators = list_monthly_indicators(call.version) if call else []
    if call is None or not indicators:
        return None
    reach = reach_of(request.user)
    form = _form(request, calls, call, indicators, reach)
    code, city, county = form.chosen("indicator"), form.chosen("city"), form.chosen("county")
    indicator = next(row for row in indicators if row.code == code)
    places = _places(reach, city, county)
    rows = read_months(call, indicator, places)
    name = f"{call.year}年{indicator.name}（{indicator.unit}）"
    lines = (f"来源：{call}", f"筛选：{filter_words(form)}", INTERNAL)
    if len(rows) == 1:
        title = f"{rows[0].place.region.name}{name}月度进展"
        chart = path_chart(rows[0], indicator.unit, title, lines)
    else:
        chart = paces_chart(rows, ended_months(call), f"{name}各月进度", lines)
    title, urls = f"{name}月度进展", county_urls(reach, "")
    return _Asked(form, chart, months_table(rows, form.chosen("pace"), title, lines, urls))


def _places(reach: Reach, city: str, county: str) -> list[Place]:
    return [
        place
        for place in reach.living
        if (not city or place.city_code == city) and (not county or place.code == county)
    ]


def _form(
    request: AuthenticatedRequest,
    calls: "Sequence[MonthlyCall]",
    call: "MonthlyCall",
    indicators: "Sequence[Indicator]",
    reach: Reach,
) -> MonthsForm:
    opens_with = {"year": str(call.year), "indicator": indicators[0].code}
    form = MonthsForm(request.GET, opens_with=opens_with)
    form.offer("year", [(str(row.year), f"{row.year}年") for row in calls])
    form.offer("indicator", [(row.code, f"{row.code} {row.name}") for row in indicators])
    seen = {place.city_code for place in reach.living}
    form.offer("city", [ALL, *(row for row in reach.cities if row[0] in seen)])
    names = [(place.code, place.region.full_name) for place in reach.living]
    form.offer("county", [ALL, *names])
    return form


@page(Permission.VIEW_DASHBOARDS)
def months(request: AuthenticatedRequest) -> HttpResponse:
    """Who is ahead and who behind, month by month."""
    asked = _asked(request)
    context: dict[str, Any] = {"pages": pages("dashboards:months"), "asked": asked}
    if asked:
        context["files"] = files(asked.form, _FILES)
        context["reset_url"] = reverse("dashboards:months")
    return render(request, "dashboards/months.html", context)


def _table(request: AuthenticatedRequest) -> Table:
    asked = _asked(request)
    if asked is None:
        raise Stale("no_monthly_figures", "还没有布置过月报，没有可以下载的内容。")
    return asked.table


@page(Permission.VIEW_DASHBOARDS)
def months_csv(request: AuthenticatedRequest) -> StreamingHttpResponse:
    """The table as filtered."""
    table = _table(request)
    return csv_file(table, table.title)


@page(Permission.VIEW_DASHBOARDS)
def months_xlsx(request: AuthenticatedRequest) -> HttpResponse:
    """The same as a workbook."""
    table = _table(request)
    return xlsx_file(table, table.title)
