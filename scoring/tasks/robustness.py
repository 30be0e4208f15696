"""Studying how firm the classes of a run are."""

from collections.abc import Mapping
from typing import Any

from county_portal.accounts.roles import Permission
from county_portal.jobs.models import Job, JobUnit
from county_portal.jobs.registry import JobKind, Outcome, register
from scoring.actions import robustness
from scoring.enums import ROBUSTNESS_JOB
from scoring.models import RobustnessStudy


def _study(job: Job, unit: JobUnit) -> Mapping[str, Any]:
    return {"digest": robustness.complete_study(job.params["study"]).digest}


def _studied(job: Job) -> Outcome:
    return Outcome(digest=RobustnessStudy.objects.get(pk=job.params["study"]).digest)


def _not_studied(job: Job) -> None:
    robustness.fail_study(job.params["study"])


register(JobKind(ROBUSTNESS_JOB, Permission.CHECK_ROBUSTNESS, _study, _studied, _not_studied))
