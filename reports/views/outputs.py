"""PDFs of reports: ordered, followed, downloaded."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Stale
from county_portal.documents.pdf import pdf_available
from county_portal.files.responses import serve
from county_portal.jobs.selectors import latest_job
from reports.actions.outputs import report_subject, start_pdf, start_pdfs, start_workbook
from reports.enums import PROGRESS_PDF_JOB
from reports.selectors.progress import get_report
from reports.selectors.progress_year import find_pdf, require_year

if TYPE_CHECKING:
    from reports.models import ProgressReport


def outputs_of(report: "ProgressReport") -> dict[str, Any]:
    """What the page of a report says of its PDF."""
    if not report.submitted_at:
        return {"pdf": None, "pdf_job": None, "may_make_pdf": False}
    pdf = find_pdf(report)
    job = None if pdf else latest_job(PROGRESS_PDF_JOB, report_subject(report))
    is_running = job is not None and job.is_unfinished
    return {
        "pdf": pdf,
        "pdf_job": job if is_running else None,
        "may_make_pdf": pdf is None and not is_running and pdf_available(),
    }


@page(Permission.VIEW_PILOTS, methods="POST", objects={"public_id": "progress_report"})
def pdf(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Have the PDF made, and follow it."""
    job, is_new = start_pdf(actor=request.user, report_id=public_id)
    if not is_new:
        return redirect("reports:progress_report", public_id)
    return redirect("jobs:detail", job.public_id)


@page(Permission.VIEW_PILOTS, objects={"public_id": "progress_report"})
def pdf_file(request: AuthenticatedRequest, public_id: UUID) -> HttpResponseBase:
    """The PDF of what the report says now."""
    report = get_report(request.user, public_id)
    made = find_pdf(report)
    if made is None:
        raise Stale("pdf_not_made", f"“{report}”还没有生成PDF，请在报告页面生成后再下载。")
    return serve(made.file)


@page(Permission.RUN_PILOTS, methods="POST", objects={"year": "progress_year"})
def batch(request: AuthenticatedRequest, year: int) -> HttpResponse:
    """Have a year's PDFs made and zipped, and follow it."""
    require_year(year)
    job, _ = start_pdfs(actor=request.user, year=year)
    return redirect("jobs:detail", job.public_id)


@page(Permission.RUN_PILOTS, methods="POST", objects={"year": "progress_year"})
def workbook(request: AuthenticatedRequest, year: int) -> HttpResponse:
    """Have the year's workbook made, and follow it."""
    require_year(year)
    job, _ = start_workbook(actor=request.user, year=year)
    return redirect("jobs:detail", job.public_id)
