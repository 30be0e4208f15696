"""A county's own result line by line, and its figures in four statuses: for county, city and province."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from scoring.forms import DifferenceForm
from scoring.origins import NOT_KEPT
from scoring.selectors.lists import get_published
from scoring.selectors.reach import get_listed_row
from scoring.selectors.results import get_result, list_result_cities, read_result
from scoring.selectors.runs import engine_scheme
from scoring.selectors.statuses import list_differences, read_statuses
from scoring.statuses import Status
from scoring.views.as_of import list_of_day
from scoring.views.runs import complete_run

if TYPE_CHECKING:
    from scoring.models import GradingRun, Result

PAGE_SIZE = 50


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
        "statuses_url": reverse("scoring:own_statuses", args=[published.public_id, region_id]),
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


@page(
    Permission.VIEW_REPORT_CARD,
    objects={"public_id": "published_list", "region_id": "listed_region"},
)
def own_statuses(request: AuthenticatedRequest, public_id: UUID, region_id: UUID) -> HttpResponse:
    """What the county expected and handed in, what its city confirmed, what was decided."""
    published = get_published(public_id)
    row = get_listed_row(request.user, published, region_id)
    result = get_result(published.run, row.region.public_id)
    trail = [
        ("得分说明书", reverse("reports:cards")),
        ("逐项得分", reverse("scoring:own_result", args=[public_id, region_id])),
        ("四种口径对照", None),
    ]
    return _statuses(request, published.run, result, trail)


@page(Permission.VIEW_RESULTS, objects={"public_id": "run", "region_id": "graded_region"})
def statuses(request: AuthenticatedRequest, public_id: UUID, region_id: UUID) -> HttpResponse:
    """The same for the province, of any complete run."""
    run = complete_run(request, public_id)
    result = get_result(run, region_id)
    trail = [
        ("评价运行", reverse("scoring:runs")),
        (str(run), reverse("scoring:run", args=[public_id])),
        (result.region.full_name, reverse("scoring:result", args=[public_id, region_id])),
        ("四种口径对照", None),
    ]
    return _statuses(request, run, result, trail)


def _statuses(
    request: AuthenticatedRequest,
    run: "GradingRun",
    result: "Result",
    breadcrumbs: list[tuple[str, str | None]],
) -> HttpResponse:
    (county,) = read_statuses(run, result.region)
    context: dict[str, Any] = {
        "run": run,
        "county": county,
        "columns": list(Status),
        "breadcrumbs": breadcrumbs,
    }
    return render(request, "scoring/statuses.html", context)


@page(Permission.VIEW_RESULTS, objects={"public_id": "run"})
def differences(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Every line of the province on which two statuses differ, with the reasons given."""
    run = complete_run(request, public_id)
    indicators = [(row.code, row.name) for row in engine_scheme(run.scheme_version).indicators]
    form = DifferenceForm(request.GET, cities=list_result_cities(run), indicators=indicators)
    found = list_differences(run, form.wanted)
    context = {
        "run": run,
        "columns": list(Status),
        "form": form,
        "total": len(found),
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "breadcrumbs": [
            ("评价运行", reverse("scoring:runs")),
            (str(run), reverse("scoring:run", args=[public_id])),
            ("四种口径差异", None),
        ],
    }
    return render(request, "scoring/differences.html", context)
