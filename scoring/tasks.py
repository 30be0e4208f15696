"""Job handlers of scoring: grading, and the files of a published list."""

from collections.abc import Mapping
from typing import Any

from county_portal.accounts.roles import Permission
from county_portal.jobs.models import Job, JobUnit
from county_portal.jobs.registry import JobKind, Outcome, register
from scoring import exports
from scoring.actions import grading
from scoring.enums import GRADE_JOB, LIST_FILES_JOB
from scoring.models import GradingRun, PublishedList


def _grade(job: Job, unit: JobUnit) -> Mapping[str, Any]:
    run = grading.grade_run(job.params["run"])
    return {"digest": (run.same_as or run).digest}


def _graded(job: Job) -> Outcome:
    run = GradingRun.objects.select_related("same_as").get(pk=job.params["run"])
    return Outcome(digest=(run.same_as or run).digest)


def _not_graded(job: Job) -> None:
    grading.fail_run(job.params["run"])


def _make_file(job: Job, unit: JobUnit) -> Mapping[str, Any]:
    made = exports.make_list_file(PublishedList.objects.get(pk=job.params["list"]), unit.key)
    return {"sha256": made.file.sha256}


def _files_made(job: Job) -> Outcome:
    return Outcome(digest=PublishedList.objects.get(pk=job.params["list"]).digest)


register(JobKind(GRADE_JOB, Permission.GRADE, _grade, _graded, _not_graded))
register(JobKind(LIST_FILES_JOB, Permission.PUBLISH_LIST, _make_file, _files_made))
