"""Job handlers of report cards: one card per unit, one zip at the end."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from county_portal.accounts.roles import Permission
from county_portal.jobs.models import Job, JobUnit
from county_portal.jobs.registry import JobKind, Outcome, register
from reports.actions import cards as actions
from reports.enums import REPORT_CARDS_JOB
from scoring.models import PublishedList
from scoring.selectors.lists import list_published


@lru_cache(maxsize=2)
def _published(list_id: int) -> PublishedList:
    """A published list cannot change, so a worker reads it once."""
    return list_published().get(pk=list_id)


def _make_card(job: Job, unit: JobUnit) -> Mapping[str, Any]:
    published = _published(job.params["list"])
    region = published.rows.select_related("region").get(code=unit.key).region
    made, is_new = actions.make_card(published, region)
    return {"digest": made.digest, "rendered": is_new, "pages": made.pages}


def _zip(job: Job) -> Outcome:
    digests = {unit.result["digest"] for unit in job.units.all()}
    file = actions.zip_cards(_published(job.params["list"]), digests)
    return Outcome(digest=file.sha256, file=file)


register(JobKind(REPORT_CARDS_JOB, Permission.REPORT_CARDS, _make_card, _zip))
