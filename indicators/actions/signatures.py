"""Departments' signatures: void once the figure is another, and asked for before a sheet leaves the county."""

from collections.abc import Collection, Iterable

from django.db.models import Q
from django.urls import reverse

from county_portal.accounts.models import User
from county_portal.audit.actions import record
from county_portal.common.errors import Invalid
from county_portal.notices.actions import Message, notify
from indicators.actions.records import submission_entry
from indicators.models import Assignment, Submission
from indicators.selectors.labour import list_assignments


def void_signatures(actor: User, submission: Submission, codes: Collection[str]) -> None:
    """Take the signatures off figures that were just changed; whoever signed is told unless it was they."""
    concerned = Q(indicator__code__in=codes, signed_at__isnull=False)
    # Mostly none: asked without the names that only telling of it needs.
    if not submission.assignments.filter(concerned).exists():
        return
    signed = list(list_assignments(submission).filter(concerned))
    void = {"signed_by": None, "signed_at": None, "signed_figure": ""}
    Assignment.objects.filter(pk__in=[row.pk for row in signed]).update(**void)
    detail = {row.indicator.code: row.office.name for row in signed}
    record(actor, submission_entry("void_signatures", submission, detail))
    for assignment in signed:
        if assignment.signed_by and assignment.signed_by_id != actor.pk:
            notify([assignment.signed_by], _voided(submission, assignment))


def _voided(submission: Submission, assignment: Assignment) -> Message:
    signed_at = assignment.signed_at.isoformat() if assignment.signed_at else ""
    return Message(
        key=f"void:{assignment.public_id}:{signed_at}",
        kind="signature",
        title=f"“{assignment.indicator.name}”签字后被改动，请核对后重新签字",
        body=submission.collection.title,
        path=reverse("indicators:provide", args=[submission.public_id]),
    )


def refuse_unsigned(assignments: Iterable[Assignment]) -> None:
    """Stop a submission that waits for a department. Raises Invalid naming the first."""
    waiting = list(assignments)
    if waiting:
        first = waiting[0]
        raise Invalid(
            "assignment_unsigned",
            f"还有{len(waiting)}项分工指标没有签字，不能提交：“{first.indicator.name}”由{first.office.short_name}提供。"
            "请部门签字，或在分工页面收回后由本局填报。",
            "values",
        )
