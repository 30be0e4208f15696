"""Remarks on single lines."""

from collections.abc import Mapping
from uuid import UUID

from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from indicators.models import CellComment, Submission

# Who writes remarks: those who fill or hand in, the reviewing office, the province.
COMMENTING = (Permission.FILL, Permission.SUBMIT, Permission.REVIEW, Permission.COLLECT)


def may_comment(user: User) -> bool:
    """Whether the role writes remarks."""
    return any(map(user.holds, COMMENTING))


def get_comment(user: User, public_id: UUID) -> CellComment:
    """A remark on a submission within the user's jurisdiction; 404 otherwise."""
    comments = CellComment.objects.filter(submission__in=Submission.objects.visible_to(user))
    return get_object_or_404(comments.select_related("submission"), public_id=public_id)


def comments_by_line(submission: Submission, code: str = "") -> dict[str, list[CellComment]]:
    """Remarks by indicator code, oldest first; of one line only if `code` is given."""
    comments = submission.comments.select_related("author__office", "resolved_by")
    if code:
        comments = comments.filter(indicator_code=code)
    grouped: dict[str, list[CellComment]] = {}
    for comment in comments.order_by("indicator_code", "written_at", "pk"):
        grouped.setdefault(comment.indicator_code, []).append(comment)
    return grouped


def count_open_comments(comments: Mapping[str, list[CellComment]]) -> int:
    """How many of these are not settled."""
    return sum(1 for line in comments.values() for each in line if each.resolved_at is None)
