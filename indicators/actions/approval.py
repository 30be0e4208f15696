"""县政府审定: recorded with date, number and scan; asked for when a sheet is handed in."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed
from county_portal.common.text import clean_text
from county_portal.files.actions import keep_scan
from county_portal.files.models import StoredFile
from indicators.actions.records import figures_digest, submission_entry
from indicators.actions.revisions import lapse_letters
from indicators.models import GovernmentApproval
from indicators.rules.approval import ApprovalDay, refuse_day, standard_number
from indicators.selectors import Content, get_submission, read_content, why_not_fillable
from indicators.selectors.approval import approval_of
from indicators.selectors.content import plain_approval

ACKNOWLEDGED = "县政府审定后的改动已报县政府同意。"


@dataclass(frozen=True, slots=True)
class ApprovalInput:
    """An approval as entered; without a scan the one on record stays."""

    approved_on: date
    document_number: str
    scan: UploadedFile | StoredFile | None = None


@transaction.atomic
def record_approval(
    *, actor: User, submission_id: UUID, approval: ApprovalInput
) -> GovernmentApproval:
    """Record what the county government approved: the sheet as it stands now.

    Recording again replaces date, number and, where a new one comes, the scan; the audit record keeps both.
    """
    submission = get_submission(actor, submission_id, lock=True)
    if not actor.holds_any(Permission.FILL, Permission.SUBMIT):
        raise NotAllowed
    refusal = why_not_fillable(submission)
    if refusal:
        raise refusal
    opened_on = submission.collection.opens_on
    refuse_day(ApprovalDay(approval.approved_on, opened_on, clock.today()))
    number = _number(approval.document_number)
    before = approval_of(submission)
    was = plain_approval(before) if before else None
    file = _scan(actor, approval, before)
    # The submission is locked: nobody else makes one meanwhile.
    after = before or GovernmentApproval(submission=submission)
    after.approved_on, after.document_number, after.file = approval.approved_on, number, file
    content = read_content(submission, with_findings=False, with_approval=False)
    after.content_digest = figures_digest(content)
    after.recorded_by, after.recorded_at = actor, clock.now()
    after.save()
    lapse_letters(actor, submission)
    detail = {"before": was, "after": plain_approval(after)}
    record(actor, submission_entry("record_approval", submission, detail))
    return after


def _number(text: str) -> str:
    try:
        number = standard_number(clean_text(text))
    except ValueError as error:
        raise Invalid(
            "text_control_character", "文号含有不可见的控制字符，请重新输入。", "document_number"
        ) from error
    if not number:
        raise Invalid(
            "number_required", "请填写县政府审定的文号或会议纪要编号。", "document_number"
        )
    return number


def _scan(actor: User, approval: ApprovalInput, before: GovernmentApproval | None) -> StoredFile:
    scan = approval.scan
    if scan is None:
        if before is None:
            raise Invalid(
                "scan_required", "请上传县政府审定材料的扫描件（PDF、JPG或PNG）。", "file"
            )
        return before.file
    return keep_scan(actor=actor, scan=scan, matter="审定材料")


def require_approval(content: Content, *, is_acknowledged: bool) -> bool:
    """Whether the sheet is what the county government approved.

    Raises Invalid without an approval, or if the sheet has moved on since and nobody acknowledged it.
    """
    if not content.approved:
        raise Invalid(
            "approval_missing",
            "还没有登记县政府审定，不能提交。请先登记审定日期、文号并上传扫描件。",
            "approval",
        )
    is_same = content.approved == figures_digest(content)
    if not is_same and not is_acknowledged:
        raise Invalid(
            "approval_outdated",
            "县政府审定后填报内容又有改动，不能提交。请重新登记审定，或确认改动已报县政府同意。",
            "approval_confirmed",
        )
    return is_same
