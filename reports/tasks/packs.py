"""Job handlers of evidence packs: a year's report per unit, the archive at the end."""

from collections.abc import Mapping
from typing import Any

from county_portal.accounts.roles import Permission
from county_portal.jobs.models import Job, JobUnit
from county_portal.jobs.registry import JobKind, Outcome, register
from reports.actions.outputs import make_pdf
from reports.actions.packs import build_pack
from reports.enums import EVIDENCE_PACK_JOB


def _make_pdf(job: Job, unit: JobUnit) -> Mapping[str, Any]:
    if not unit.key.isdigit():
        return {}
    made, is_new = make_pdf(int(unit.key))
    return {"sha256": made.file.sha256, "rendered": is_new}


def _build(job: Job) -> Outcome:
    pack, _ = build_pack(actor=job.requested_by, pilot_pk=job.params["pilot"])
    return Outcome(digest=pack.file.sha256, file=pack.file)


# Whoever sees one pilot must not follow the jobs of another.
register(JobKind(EVIDENCE_PACK_JOB, Permission.VIEW_PILOTS, _make_pdf, _build, is_private=True))
