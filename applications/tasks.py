"""Job handlers of the pilot programme, one application's files, one unit a kind; the calendar of acceptances."""

from collections.abc import Mapping
from typing import Any

from celery import shared_task

from applications.actions.acceptance_reminding import send_acceptance_reminders
from applications.actions.exporting import keep_materials
from applications.enums import MATERIALS_JOB, MaterialsKind
from applications.selectors.applications import find_application
from county_portal.accounts.roles import Permission
from county_portal.jobs.models import Job, JobUnit
from county_portal.jobs.registry import JobKind, Outcome, register


def _make_file(job: Job, unit: JobUnit) -> Mapping[str, Any]:
    application = find_application(job.params["application"])
    made, is_new = keep_materials(application, MaterialsKind(unit.key))
    return {"sha256": made.file.sha256, "digest": made.digest, "rendered": is_new}


def _finish(job: Job) -> Outcome:
    """No file of the job's own: whoever may see the application fetches its files from its page."""
    [*digests] = {unit.result["digest"] for unit in job.units.all()}
    return Outcome(digest=digests[0] if len(digests) == 1 else "")


@shared_task(name="applications.acceptance_calendar")
def acceptance_calendar() -> None:
    """Tell whom an acceptance waits for; run again it tells nothing twice."""
    send_acceptance_reminders()


register(JobKind(MATERIALS_JOB, Permission.VIEW_PILOTS, _make_file, _finish, is_private=True))
