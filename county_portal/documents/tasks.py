"""Job handlers of documents: the files of an issued one."""

from collections.abc import Mapping
from typing import Any

from county_portal.accounts.roles import Permission
from county_portal.documents.actions.files import make_paper_file
from county_portal.documents.enums import PAPER_FILES_JOB
from county_portal.documents.models import Paper
from county_portal.jobs.models import Job, JobUnit
from county_portal.jobs.registry import JobKind, Outcome, register


def _make(job: Job, unit: JobUnit) -> Mapping[str, Any]:
    made = make_paper_file(Paper.objects.get(pk=job.params["paper"]), unit.key)
    return {"sha256": made.file.sha256, "pages": made.pages}


def _finish(job: Job) -> Outcome:
    return Outcome(digest=Paper.objects.get(pk=job.params["paper"]).content_sha256)


register(JobKind(PAPER_FILES_JOB, Permission.SIGN_DOCUMENT, _make, _finish))
