"""PDFs of progress reports, a year's in one zip, and the province's workbook: made by jobs, each content once."""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from county_portal.common.errors import NotAllowed, Stale
from county_portal.documents.pdf import PdfUnavailable, pdf_available
from county_portal.documents.workbook import XLSX
from county_portal.files.actions import keep_blob, keep_generated
from county_portal.files.models import StoredFile
from county_portal.files.store import path_of, put_file
from county_portal.jobs.actions import Order, start_job
from county_portal.jobs.models import Job
from reports.archive import Archive
from reports.enums import PROGRESS_PDF_JOB, PROGRESS_PDFS_JOB, PROGRESS_WORKBOOK_JOB
from reports.models import ProgressPdf, ProgressReport
from reports.progress_document import document_digest, render_progress
from reports.progress_workbook import year_workbook
from reports.selectors.progress import get_report
from reports.selectors.progress_year import document_of, last_contents, list_year, read_year


def report_subject(report: ProgressReport) -> str:
    """What the job of one report's PDF is about."""
    return f"progress:{report.pk}"


def year_subject(year: int) -> str:
    """What a year's jobs are about."""
    return f"progress-year:{year}"


def start_pdf(*, actor: User, report_id: UUID) -> tuple[Job, bool]:
    """Have the PDF of one report made. Raises Stale where it was never handed in, PdfUnavailable."""
    report = get_report(actor, report_id)
    _require_pdf()
    if document_of(report) is None:
        raise Stale("not_handed_in", f"“{report}”还没有报送，报送后才能生成PDF。")
    order = Order(PROGRESS_PDF_JOB, f"生成{report}", report_subject(report), [str(report.pk)])
    return start_job(actor=actor, order=order)


def start_pdfs(*, actor: User, year: int) -> tuple[Job, bool]:
    """Have all reports of a year made and zipped. Raises Stale where none was handed in."""
    _require_manager(actor)
    _require_pdf()
    handed_in = sorted(last_contents(list_year(year)))
    if not handed_in:
        raise Stale("none_handed_in", f"{year}年度还没有已报送的进展报告，无需生成。")
    keys = [str(pk) for pk in handed_in]
    order = Order(
        PROGRESS_PDFS_JOB,
        f"生成{year}年度进展报告（{len(keys)}份）",
        year_subject(year),
        keys,
        {"year": year},
    )
    return start_job(actor=actor, order=order)


def start_workbook(*, actor: User, year: int) -> tuple[Job, bool]:
    """Have the province's workbook of a year made."""
    _require_manager(actor)
    order = Order(
        PROGRESS_WORKBOOK_JOB,
        f"汇总{year}年度建设进展",
        year_subject(year),
        ["workbook"],
        {"year": year},
    )
    return start_job(actor=actor, order=order)


def _require_manager(actor: User) -> None:
    if not actor.holds(Permission.RUN_PILOTS):
        raise NotAllowed


def _require_pdf() -> None:
    if not pdf_available():
        raise PdfUnavailable


@transaction.atomic
def make_pdf(report_pk: int) -> tuple[ProgressPdf, bool]:
    """The PDF of what the report says now, and whether it had to be rendered.

    Raises Stale where it was never handed in (or was taken back).
    """
    # Two workers at one report: the second finds what the first made.
    report = (
        ProgressReport.objects.select_for_update(of=("self",))
        .select_related("pilot__region__parent", "pilot__office", "pilot__reviewing_office")
        .get(pk=report_pk)
    )
    document = document_of(report)
    if document is None:
        raise Stale("not_handed_in", f"“{report}”还没有报送，报送后才能生成PDF。")
    digest = document_digest(document)
    existing = report.pdfs.filter(digest=digest).select_related("file").order_by("pk").last()
    if existing:
        return existing, False
    rendered = render_progress(document)
    name = f"{report.pilot.region.code}{report.pilot.region.name}{report.year}年度建设进展报告.pdf"
    file = keep_generated(content=rendered.content, name=name, content_type="application/pdf")
    made = ProgressPdf.objects.create(
        report=report, digest=digest, file=file, rendered_at=clock.now()
    )
    return made, True


def zip_pdfs(year: int, pdf_pks: Iterable[int]) -> StoredFile:
    """These PDFs in one zip, by region code; the same PDFs give the same bytes."""
    pdfs = ProgressPdf.objects.filter(pk__in=list(pdf_pks)).select_related("file")
    with tempfile.TemporaryDirectory() as folder:
        aside = Path(folder) / "reports.zip"
        with Archive(aside) as archive:
            for pdf in sorted(pdfs, key=lambda row: (row.file.name, row.pk)):
                archive.add_file(pdf.file.name, path_of(pdf.file.sha256))
        blob = put_file(aside)
    name = f"{year}年度建设进展报告（{len(pdfs)}份）.zip"
    return keep_blob(blob=blob, name=name, content_type="application/zip")


def make_workbook(year: int) -> StoredFile:
    """Pilots × assessed indicators of a year."""
    content = year_workbook(year, read_year(year))
    name = f"{year}年度建设进展汇总.xlsx"
    return keep_generated(content=content, name=name, content_type=XLSX)
