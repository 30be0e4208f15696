"""Trying a scheme on past years, a unit for each."""

from collections.abc import Mapping
from typing import Any

from county_portal.accounts.roles import Permission
from county_portal.jobs.models import Job, JobUnit
from county_portal.jobs.registry import JobKind, Outcome, register
from scoring.actions import rehearsals
from scoring.enums import REHEARSAL_JOB


def _try_year(job: Job, unit: JobUnit) -> Mapping[str, Any]:
    return rehearsals.try_year(job.params["rehearsal"], int(unit.key))


def _tried(job: Job) -> Outcome:
    years = [unit.result for unit in job.units.order_by("ordinal")]
    return Outcome(digest=rehearsals.complete_rehearsal(job.params["rehearsal"], years).digest)


def _not_tried(job: Job) -> None:
    rehearsals.fail_rehearsal(job.params["rehearsal"])


register(JobKind(REHEARSAL_JOB, Permission.EDIT_SCHEME, _try_year, _tried, _not_tried))
