"""The responsibility table as it is printed: three years beside the units."""

import io
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from county_portal.common.access import page
from county_portal.documents.workbook import XLSX
from indicators.selectors.duties import duty_version, get_duty_county
from reports.duty_workbook import duty_workbook
from reports.selectors.duty_table import list_target_years, read_duty_table

if TYPE_CHECKING:
    from reports.duty_table import DutyTable

READERS = (Permission.FILL, Permission.SUBMIT, Permission.REVIEW, Permission.COLLECT)


@page(*READERS, objects={"public_id": "county"})
def duty_table(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The table of one county for a year of targets."""
    years = list_target_years(clock.today().year)
    table = _table(request, public_id, years)
    context = {
        "table": table,
        "years": years,
        "year": table.columns[-1].year,
        "public_id": public_id,
        "breadcrumbs": [
            ("责任分工表", reverse("indicators:duties")),
            (table.region_name, reverse("indicators:duty_table", args=[public_id])),
            ("打印表", None),
        ],
    }
    return render(request, "reports/duty_table.html", context)


@page(*READERS, objects={"public_id": "county"})
def duty_workbook_file(request: AuthenticatedRequest, public_id: UUID) -> FileResponse:
    """The same as a workbook."""
    table = _table(request, public_id, list_target_years(clock.today().year))
    return FileResponse(
        io.BytesIO(duty_workbook(table)),
        as_attachment=True,
        filename=f"{table.columns[-1].year}年{table.title}.xlsx",
        content_type=XLSX,
    )


def _table(request: AuthenticatedRequest, public_id: UUID, years: list[int]) -> "DutyTable":
    """A year nobody has a table for is answered with this year's."""
    region = get_duty_county(request.user, public_id)
    version = duty_version()
    if version is None:
        raise Http404
    wanted = {str(year): year for year in years}.get(request.GET.get("year", ""))
    return read_duty_table(region, version, wanted or clock.today().year)
