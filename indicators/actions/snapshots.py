"""Keeping a sheet as it was when a step was taken."""

import hashlib

from django.db.models import F

from indicators.actions.records import content_document
from indicators.enums import SubmissionAction
from indicators.models import ReviewStep, Snapshot
from indicators.selectors import Content, read_content

# Steps at which a sheet is kept; between them and the next return it cannot change.
KEPT_AT = frozenset(
    {
        SubmissionAction.SUBMIT,
        SubmissionAction.ACCEPT,
        SubmissionAction.APPROVE,
        SubmissionAction.RECEIVE,
    }
)


def keep_snapshot(step: ReviewStep, content: Content | None = None) -> Snapshot | None:
    """Keep the sheet of this step, in the step's transaction.

    Of a sheet that was kept at this revision the text is taken over: it is frozen, and what the rules say
    of it today is no part of what was handed in.
    """
    if step.action not in KEPT_AT:
        return None
    submission = step.submission
    kept = submission.snapshots.order_by("-number").annotate(revision=F("step__revision"))
    # The text, a long one, only where it is taken over.
    last = (kept if content is None else kept.defer("content")).first()
    if content is not None:
        text = content_document(content)
    elif last is not None and last.revision == step.revision:
        text = last.content
    else:
        text = content_document(read_content(submission))
    return Snapshot.objects.create(
        submission=submission,
        step=step,
        number=last.number + 1 if last else 1,
        content=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )
