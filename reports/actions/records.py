"""What the audit record says of a progress report, and what every change of one has in common."""

from collections.abc import Mapping
from uuid import UUID

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry
from county_portal.common.errors import NotAllowed
from county_portal.common.steps import ensure_seen
from reports.models import ProgressReport
from reports.selectors.progress import get_report, why_not_editable


def report_entry(act: str, report: ProgressReport, detail: Mapping[str, object]) -> Entry:
    """An audit entry about a report."""
    return Entry(
        act=act,
        kind="progress_report",
        object_id=str(report.public_id),
        detail={"year": report.year, **detail},
        region_code=report.pilot.region.code,
    )


def lock_for_editing(actor: User, report_id: UUID, revision: int | None = None) -> ProgressReport:
    """The locked report, if this person may change it now and saw it as it is (`revision` as the page had it).

    Raises Stale `content_changed` where a colleague saved meanwhile.
    """
    report = get_report(actor, report_id, lock=True)
    if not actor.holds(Permission.APPLY):
        raise NotAllowed
    refusal = why_not_editable(report)
    if refusal:
        raise refusal
    ensure_seen("进展报告", seen=revision, revision=report.revision)
    return report


def count_revision(report: ProgressReport, *changed: str) -> None:
    """Count one change of a locked report, with the fields that changed."""
    report.revision += 1
    report.save(update_fields=["revision", *changed])
