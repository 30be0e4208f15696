"""Job handlers of progress reports: a PDF per unit, a zip or a workbook at the end."""

from collections.abc import Mapping
from typing import Any

from county_portal.accounts.roles import Permission
from county_portal.jobs.models import Job, JobUnit
from county_portal.jobs.registry import JobKind, Outcome, register
from reports.actions import outputs
from reports.enums import PROGRESS_PDF_JOB, PROGRESS_PDFS_JOB, PROGRESS_WORKBOOK_JOB


def _make_pdf(job: Job, unit: JobUnit) -> Mapping[str, Any]:
    made, is_new = outputs.make_pdf(int(unit.key))
    return {"pdf": made.pk, "sha256": made.file.sha256, "rendered": is_new}


def _finish_pdf(job: Job) -> Outcome:
    """The file is found on the report's page, by whoever may see the report."""
    return Outcome(digest=job.units.get().result["sha256"])


def _zip(job: Job) -> Outcome:
    pdfs = [unit.result["pdf"] for unit in job.units.all()]
    file = outputs.zip_pdfs(job.params["year"], pdfs)
    return Outcome(digest=file.sha256, file=file)


def _nothing(job: Job, unit: JobUnit) -> Mapping[str, Any]:
    """One piece of work, done at the end."""
    return {}


def _workbook(job: Job) -> Outcome:
    file = outputs.make_workbook(job.params["year"])
    return Outcome(digest=file.sha256, file=file)


# Whoever sees one pilot must not follow the jobs of another.
register(JobKind(PROGRESS_PDF_JOB, Permission.VIEW_PILOTS, _make_pdf, _finish_pdf, is_private=True))
register(JobKind(PROGRESS_PDFS_JOB, Permission.RUN_PILOTS, _make_pdf, _zip))
register(JobKind(PROGRESS_WORKBOOK_JOB, Permission.RUN_PILOTS, _nothing, _workbook))
