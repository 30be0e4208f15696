"""What the audit record and the digest say of a submission."""

import hashlib
from collections.abc import Mapping

from county_portal.audit.actions import Entry
from indicators.models import Submission
from indicators.selectors import Content
from indicators.selectors.canonical import content_document, figures_document, plain_figure

__all__ = ["content_digest", "content_document", "plain_figure", "submission_entry"]


def submission_entry(act: str, submission: Submission, detail: Mapping[str, object]) -> Entry:
    """An audit entry about a submission."""
    return Entry(
        act=act,
        kind="submission",
        object_id=str(submission.public_id),
        detail=detail,
        region_code=submission.region.code,
    )


def content_digest(content: Content) -> str:
    """SHA-256 of that text."""
    return hashlib.sha256(content_document(content).encode()).hexdigest()


def figures_digest(content: Content) -> str:
    """SHA-256 of figures and evidence alone: what a county government approves."""
    return hashlib.sha256(figures_document(content).encode()).hexdigest()
