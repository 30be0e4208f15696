"""The files of a published list."""

from collections.abc import Mapping
from typing import Any

from county_portal.accounts.roles import Permission
from county_portal.jobs.models import Job, JobUnit
from county_portal.jobs.registry import JobKind, Outcome, register
from scoring import exports
from scoring.enums import LIST_FILES_JOB
from scoring.models import PublishedList


def _make_file(job: Job, unit: JobUnit) -> Mapping[str, Any]:
    made = exports.make_list_file(PublishedList.objects.get(pk=job.params["list"]), unit.key)
    return {"sha256": made.file.sha256}


def _files_made(job: Job) -> Outcome:
    return Outcome(digest=PublishedList.objects.get(pk=job.params["list"]).digest)


register(JobKind(LIST_FILES_JOB, Permission.PUBLISH_LIST, _make_file, _files_made))
