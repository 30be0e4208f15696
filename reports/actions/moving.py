"""Moves of a progress report through the workflow table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from applications.actions.reached import ReachedInput, record_reached
from county_portal.accounts.hands import ensure_written_by_others
from county_portal.accounts.models import User
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed
from county_portal.common.steps import correction_day, ensure_seen
from reports.actions.records import report_entry
from reports.enums import GIVING_BACK, ProgressAction
from reports.models import ProgressReport, ProgressStep
from reports.notifications import tell_step
from reports.rules.progress import canonical_progress, digest_of, lacks_of
from reports.selectors.progress import get_report, was_returned, why_not_editable
from reports.selectors.progress_content import handed_in, list_targets, read_report
from reports.workflow import PROGRESS_WORKFLOW


@dataclass(frozen=True, slots=True)
class ReportMove:
    """A step somebody takes, seen at which revision, with which words; what goes back needs a day."""

    action: ProgressAction
    revision: int | None = None
    comment: str = ""
    due_on: date | None = None


@transaction.atomic
def move_report(*, actor: User, report_id: UUID, move: ReportMove) -> ProgressReport:
    """Take one step of the workflow table, on the locked row.

    Raises NotAllowed, Stale (state or revision) or Invalid (comment, day, completeness). Coming late is never
    a reason to refuse a report.
    """
    report = get_report(actor, report_id, lock=True)
    comment = move.comment.strip()
    row = PROGRESS_WORKFLOW.find(move.action, report.state, actor.permissions, comment)
    ensure_seen("进展报告", seen=move.revision, revision=report.revision)
    content = _PREPARE[move.action](actor, report, move) if move.action in _PREPARE else ""
    before = report.state
    report.state, report.state_since = row.target, clock.now()
    report.save()
    step = ProgressStep.objects.create(
        report=report,
        action=move.action,
        from_state=before,
        to_state=row.target,
        label=row.label,
        actor=actor,
        comment=comment,
        revision=report.revision,
        content=content,
        at=clock.now(),
    )
    detail = {
        "state": [before, row.target],
        "comment": comment,
        "digest": report.content_digest,
        "late": report.is_late,
    }
    record(actor, report_entry(f"{move.action}_progress_report", report, detail))
    tell_step(step)
    return report


# What whoever hands in does; all else that is done to a report in the county is writing it.
_HANDING_IN = tuple(
    f"{action}_progress_report" for action in (ProgressAction.SUBMIT, ProgressAction.RECALL)
)


def _submit(actor: User, report: ProgressReport, move: ReportMove) -> str:
    """By another than wrote it, and complete; what is handed in is kept as it is."""
    refusal = NotAllowed(
        "own_report",
        f"{report.pilot.region.full_name}{report.year}年度进展报告由您本人参与填写，填写和报送须由两人办理，"
        "请由本单位其他负责人报送。",
    )
    key = str(report.public_id)
    ensure_written_by_others(actor, "progress_report", key, besides=_HANDING_IN, refusal=refusal)
    shut = why_not_editable(report)
    if shut:
        raise shut
    content = read_report(report)
    lacks = list(lacks_of(content))
    if lacks:
        raise Invalid(
            "report_incomplete",
            f"还有{len(lacks)}处未填完，不能报送：{lacks[0].sentence}",
            lacks[0].place,
        )
    canonical = canonical_progress(content)
    report.content_digest = digest_of(canonical)
    report.submitted_at = report.submitted_at or clock.now()
    report.submitted_by = actor
    report.correction_due_on = None
    return canonical


def _recall(actor: User, report: ProgressReport, move: ReportMove) -> str:
    """As if it had not been handed in; a report that came back once was, and stays so."""
    if not was_returned(report):
        report.submitted_at = report.submitted_by = None
    return ""


def _give_back(actor: User, report: ProgressReport, move: ReportMove) -> str:
    report.correction_due_on = correction_day(move.due_on)
    return ""


def _receive(actor: User, report: ProgressReport, move: ReportMove) -> str:
    """What was reached is known from here on, as it was handed in."""
    content = handed_in(report)
    assert content is not None  # noqa: S101 -- nobody receives what was never handed in
    readings = {row.order: row for row in content.readings}
    record_reached(
        pilot=report.pilot,
        year=report.year,
        figures=[
            ReachedInput(target, readings[target.order].number, readings[target.order].words)
            for target in list_targets(report)
            if target.order in readings and not readings[target.order].is_blank
        ],
    )
    report.received_at = clock.now()
    report.province_comment = move.comment.strip()
    return ""


Prepare = Callable[[User, ProgressReport, ReportMove], str]
_PREPARE: Mapping[ProgressAction, Prepare] = {
    ProgressAction.SUBMIT: _submit,
    ProgressAction.RECALL: _recall,
    ProgressAction.RECEIVE: _receive,
    **dict.fromkeys(GIVING_BACK, _give_back),
}
