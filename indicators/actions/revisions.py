"""What every change of a sheet's content has in common: one more revision, and what was issued on it lapses."""

from county_portal.accounts.models import User
from county_portal.common import clock
from county_portal.common.text import chinese_date
from county_portal.documents.actions.standing import lapse_papers
from indicators.enums import SUBMISSION_DATA
from indicators.models import Submission


def count_revision(actor: User, submission: Submission) -> None:
    """Count one revision of a locked sheet whose content was changed: who reviews must know that it moved."""
    submission.revision += 1
    submission.save(update_fields=["revision"])
    lapse_letters(actor, submission)


def lapse_letters(actor: User, submission: Submission) -> None:
    """In the transaction of a change, mark the documents that speak of this sheet as lapsed.

    No query for a sheet never handed in, which no document can speak of; one where none is bound.
    """
    if submission.submitted_at is None:
        return
    reason = f"{submission.region.full_name}填报内容于{chinese_date(clock.today())}变更。"
    lapse_papers(actor=actor, kind=SUBMISSION_DATA, keys=[str(submission.public_id)], reason=reason)
