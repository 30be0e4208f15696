"""The province's page of a year, and what everybody may read of it."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import Audience, page
from county_portal.common.errors import Refused
from county_portal.common.province import words
from county_portal.documents.pdf import pdf_available
from county_portal.jobs.selectors import latest_job
from reports.actions.outputs import year_subject
from reports.actions.summaries import publish_summary, save_summary
from reports.enums import PROGRESS_PDFS_JOB, PROGRESS_WORKBOOK_JOB
from reports.forms.summaries import SummaryForm
from reports.rules.lagging import lagging_indicators
from reports.selectors.progress_year import (
    count_unpublished,
    find_summary,
    list_public,
    list_published_years,
    mark_of,
    read_public,
    read_year,
    require_year,
)
from reports.views.progress import PROVINCE
from reports.views.progress_wording import public_figures, summary_draft, year_figures

if TYPE_CHECKING:
    from reports.models import ProgressSummary

# Each pilot carries a table of its own: a year of 20 is one page.
PAGE_SIZE = 50


BY_CODE = "code"


@page(*PROVINCE, objects={"year": "progress_year"})
def year(request: AuthenticatedRequest, year: int) -> HttpResponse:
    """All pilots of a year side by side, the outputs, the summary."""
    return _year_page(request, year)


def _year_page(
    request: AuthenticatedRequest,
    year: int,
    form: SummaryForm | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    require_year(year)
    rows = read_year(year)
    user, summary = request.user, find_summary(year)
    initial = summary.text if summary else summary_draft(year, rows)
    waiting = count_unpublished(year)
    is_open = summary is None or summary.published_at is None
    context: dict[str, Any] = {
        "year": year,
        "rows": year_figures(rows, by_code=request.GET.get("order") == BY_CODE),
        "by_code": request.GET.get("order") == BY_CODE,
        "lagging": lagging_indicators(row.content for row in rows if row.content),
        "summary": summary,
        "form": form or SummaryForm(initial={"text": initial}) if is_open else None,
        "may_draft": user.holds(Permission.RUN_PILOTS),
        "may_publish": _may_publish(request, summary),
        "waiting": waiting,
        "mark": mark_of(summary, waiting) if summary else "",
        "jobs": [
            latest_job(kind, year_subject(year))
            for kind in (PROGRESS_PDFS_JOB, PROGRESS_WORKBOOK_JOB)
        ],
        "pdf_available": pdf_available(),
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": [("进展报告", reverse("reports:progress")), (f"{year}年度", None)],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form and form.errors else HTTPStatus.OK
    status_code = refusal.status if refusal else status
    return render(request, "reports/progress/year.html", context, status=status_code)


def _may_publish(request: AuthenticatedRequest, summary: "ProgressSummary | None") -> bool:
    return (
        summary is not None
        and request.user.holds(Permission.DECIDE_PILOTS)
        and summary.prepared_by_id != request.user.pk
    )


@page(Permission.RUN_PILOTS, methods="POST", objects={"year": "progress_year"})
def save(request: AuthenticatedRequest, year: int) -> HttpResponse:
    """Keep the draft."""
    require_year(year)
    form = SummaryForm(request.POST)
    if not form.is_valid():
        return _year_page(request, year, form)
    try:
        save_summary(actor=request.user, year=year, text=form.cleaned_data["text"])
    except Refused as refusal:
        return _year_page(request, year, form, refusal)
    messages.success(request, "总体情况已保存，由发布人核对后公布。")
    return redirect("reports:progress_year", year)


@page(Permission.DECIDE_PILOTS, methods="POST", objects={"year": "progress_year"})
def publish(request: AuthenticatedRequest, year: int) -> HttpResponse:
    """Publish it, and with it what pilots reached."""
    require_year(year)
    try:
        publish_summary(actor=request.user, year=year, seen=request.POST.get("seen"))
    except Refused as refusal:
        return _year_page(request, year, refusal=refusal)
    messages.success(request, f"{year}年度建设进展情况已公布。")
    return redirect("reports:progress_year", year)


@page(Audience.PUBLIC)
def public_years(request: HttpRequest) -> HttpResponse:
    """Years of which something was published."""
    context = {
        "summaries": list_published_years(),
        "page_meta": {
            "column_name": words().pilots,
            "description": "试点年度建设进展情况",
        },
        "breadcrumbs": [
            ("首页", reverse("home:front")),
            (words().pilots, reverse("applications:public_programme")),
            ("试点建设进展", None),
        ],
    }
    return render(request, "reports/progress/public_years.html", context)


@page(Audience.PUBLIC, objects={"year": "progress_year"})
def public_progress(request: HttpRequest, year: int) -> HttpResponse:
    """What each pilot promised and reached, once it is published; a page of pilots at a time."""
    summary = find_summary(year)
    if summary is None or summary.published_at is None:
        raise Http404
    shown = Paginator(list_public(year), PAGE_SIZE).get_page(request.GET.get("page"))
    pilots = read_public(year, shown.object_list)
    context = {
        "summary": summary,
        "page": shown,
        "pilots": [(pilot, public_figures(pilot)) for pilot in pilots],
        "page_meta": {
            "column_name": words().pilots,
            "description": f"{year}年度试点建设进展情况",
        },
        "breadcrumbs": [
            ("首页", reverse("home:front")),
            (words().pilots, reverse("applications:public_programme")),
            ("试点建设进展", reverse("reports:public_progress_years")),
            (f"{year}年度", None),
        ],
    }
    return render(request, "reports/progress/public_year.html", context)
