"""Watching the months: the job somebody starts, and what runs every night."""

from collections.abc import Mapping
from typing import Any

from celery import shared_task

from county_portal.accounts.roles import Permission
from county_portal.jobs.models import Job, JobUnit
from county_portal.jobs.registry import JobKind, Outcome, register
from indicators.models import MonthlyCall
from monitoring.actions.calibrating import calibrate
from monitoring.actions.escalating import escalate_warnings
from monitoring.actions.watching import LEARN, watch, watch_nightly
from monitoring.enums import WATCH_JOB


def _unit(job: Job, unit: JobUnit) -> Mapping[str, Any]:
    call = MonthlyCall.objects.select_related("version__system").get(pk=job.params["call"])
    if unit.key == LEARN:
        return {"samples": calibrate(call).samples}
    return watch(call, int(unit.key)).counts


def _finished(job: Job) -> Outcome:
    return Outcome()


register(JobKind(WATCH_JOB, Permission.FOLLOW_WARNINGS, _unit, _finished))


@shared_task(name="monitoring.watch_months")
def watch_months() -> None:
    """Raise, recover, then take up what was let lie; run again it does nothing twice."""
    watch_nightly()
    escalate_warnings()
