"""The county government's approval of a sheet, and what was changed after it."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from indicators.models import GovernmentApproval, Submission
from indicators.selectors.changes import list_changes_since_approval
from indicators.selectors.submissions import get_submission, why_not_fillable


def approval_of(submission: Submission) -> GovernmentApproval | None:
    """The approval on record, if any, with its scan."""
    rows = GovernmentApproval.objects.filter(submission=submission)
    return rows.select_related("file").first()


def _shown_approval(submission: Submission) -> GovernmentApproval | None:
    """The same with whoever recorded it, for pages."""
    rows = GovernmentApproval.objects.filter(submission=submission)
    return rows.select_related("file", "recorded_by__office").first()


def get_approval(user: User, public_id: UUID) -> GovernmentApproval:
    """The approval of a submission within the user's jurisdiction; 404 otherwise."""
    approval = _shown_approval(get_submission(user, public_id))
    if approval is None:
        raise Http404
    return approval


@dataclass(frozen=True, slots=True)
class ApprovalStanding:
    """An approval beside the sheet as it stands; `changed` are codes of lines touched since."""

    approval: GovernmentApproval | None
    changed: tuple[str, ...] = ()

    @property
    def is_outdated(self) -> bool:
        """Whether the sheet is not any more what was approved."""
        return bool(self.changed)


def read_standing(submission: Submission) -> ApprovalStanding:
    """The approval and how many lines differ from what was approved."""
    approval = _shown_approval(submission)
    if approval is None:
        return ApprovalStanding(None)
    return ApprovalStanding(approval, tuple(sorted(list_changes_since_approval(submission))))


def may_record_approval(user: User, submission: Submission) -> bool:
    """Whether the user may record the approval now."""
    holds = user.holds(Permission.FILL) or user.holds(Permission.SUBMIT)
    return holds and why_not_fillable(submission) is None
