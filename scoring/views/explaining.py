"""A county's own result line by line, for the county and the office that reviews it, once it is published."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from scoring.origins import NOT_KEPT
from scoring.selectors.lists import get_published
from scoring.selectors.reach import get_listed_row
from scoring.selectors.results import read_result
from scoring.views.as_of import list_of_day


@page(
    Permission.VIEW_REPORT_CARD,
    objects={"public_id": "published_list", "region_id": "listed_region"},
)
def own_result(request: AuthenticatedRequest, public_id: UUID, region_id: UUID) -> HttpResponse:
    """The result behind a published list: source, confirmation, arithmetic and points of every line."""
    published, moment = list_of_day(request, get_published(public_id))
    row = get_listed_row(request.user, published, region_id)
    sheet = read_result(published.run, row.region.public_id)
    context = {
        "run": published.run,
        "as_of": moment,
        "sheet": sheet,
        "result": sheet.result,
        "not_kept": NOT_KEPT,
        "published": published,
        "breadcrumbs": [
            ("得分说明书", reverse("reports:cards")),
            (
                f"{published.collection.data_year}年度",
                reverse("reports:card", args=[published.public_id, region_id]),
            ),
            ("逐项得分", None),
        ],
    }
    return render(request, "scoring/result.html", context)
