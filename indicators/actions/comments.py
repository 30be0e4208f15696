"""Remarks on single lines: written by county, city or province, open until called settled."""

from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import User
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.common.wording import read_words
from indicators.actions.records import submission_entry
from indicators.models import CellComment, Submission
from indicators.notifications import COMMENT, tell_act
from indicators.selectors import get_submission, indicator_ids
from indicators.selectors.comments import get_comment, may_comment

MAX_COMMENT = 1000


@transaction.atomic
def write_comment(*, actor: User, submission_id: UUID, code: str, text: str) -> CellComment:
    """Write a remark on one line, in whatever state the sheet is; the other side is told."""
    submission = _lock(actor, submission_id)
    names = indicator_ids(submission.collection.version_id)
    if code not in names:
        raise Invalid("indicator_unknown", "批注的指标不在本表中，请刷新页面后重试。", "text")
    comment = CellComment.objects.create(
        submission=submission,
        indicator_code=code,
        author=actor,
        text=_words(text),
        written_at=clock.now(),
    )
    detail = {"indicator": code, "comment": str(comment.public_id), "text": comment.text}
    record(actor, submission_entry("write_comment", submission, detail))
    key = f"comment:{comment.public_id}"
    tell_act(submission, COMMENT, actor, key=key, body=f"第{code}项：{comment.text}")
    return comment


@transaction.atomic
def settle_comment(*, actor: User, comment_id: UUID) -> CellComment:
    """Call a remark settled. Raises Stale if somebody already did."""
    comment = _lock_comment(actor, comment_id)
    if comment.resolved_at is not None:
        raise Stale("comment_settled", "这条批注已经办结，无需重复办理。")
    comment.resolved_by, comment.resolved_at = actor, clock.now()
    return _saved(actor, comment, "settle_comment")


@transaction.atomic
def reopen_comment(*, actor: User, comment_id: UUID) -> CellComment:
    """Take that back. Raises Stale for a remark that is open."""
    comment = _lock_comment(actor, comment_id)
    if comment.resolved_at is None:
        raise Stale("comment_open", "这条批注尚未办结，无需重新打开。")
    comment.resolved_by = comment.resolved_at = None
    return _saved(actor, comment, "reopen_comment")


def _saved(actor: User, comment: CellComment, act: str) -> CellComment:
    comment.save(update_fields=["resolved_by", "resolved_at"])
    detail = {"indicator": comment.indicator_code, "comment": str(comment.public_id)}
    record(actor, submission_entry(act, comment.submission, detail))
    return comment


def _lock_comment(actor: User, comment_id: UUID) -> CellComment:
    seen = get_comment(actor, comment_id)
    submission = _lock(actor, seen.submission.public_id)
    comment = get_comment(actor, comment_id)
    comment.submission = submission
    return comment


def _lock(actor: User, submission_id: UUID) -> Submission:
    submission = get_submission(actor, submission_id, lock=True)
    if not may_comment(actor):
        raise NotAllowed
    return submission


def _words(text: str) -> str:
    missing = Invalid("words_required", "请填写批注内容。", "text")
    return read_words(text, "批注", "text", most=MAX_COMMENT, missing=missing)
