"""Grading a run."""

from collections.abc import Mapping
from typing import Any

from county_portal.accounts.roles import Permission
from county_portal.jobs.models import Job, JobUnit
from county_portal.jobs.registry import JobKind, Outcome, register
from scoring.actions import grading
from scoring.actions.robustness import study_after_grading
from scoring.enums import GRADE_JOB
from scoring.models import GradingRun


def _grade(job: Job, unit: JobUnit) -> Mapping[str, Any]:
    run = grading.grade_run(job.params["run"])
    return {"digest": (run.same_as or run).digest}


def _graded(job: Job) -> Outcome:
    run = GradingRun.objects.select_related("same_as").get(pk=job.params["run"])
    study_after_grading(run)
    return Outcome(digest=(run.same_as or run).digest)


def _not_graded(job: Job) -> None:
    grading.fail_run(job.params["run"])


register(JobKind(GRADE_JOB, Permission.GRADE, _grade, _graded, _not_graded))
