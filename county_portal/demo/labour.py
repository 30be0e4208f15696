"""The division of labour in the county shown first: one department has signed, one is late, others have time."""

from datetime import timedelta

from county_portal.common import clock
from county_portal.demo.cast import Cast
from indicators.actions.labour import divide_by_default, sign_figures
from indicators.models import Submission
from indicators.rules.labour import signed_digest
from indicators.selectors import figure_of
from indicators.selectors.labour import list_assignments

# Whose signature is there; the others' are awaited.
SIGNED = "财政局"


def divide(cast: Cast, submission: Submission, *, days_ago: int) -> None:
    """Give out what the system names departments for, and have the first sign."""
    today = clock.today()
    with clock.playing(clock.now() - timedelta(days=days_ago)):
        divide_by_default(
            actor=cast.filler(submission),
            submission_id=submission.public_id,
            due_on=today - timedelta(days=1),
        )
    values = {row.indicator_id: row for row in submission.values.all()}
    own = [
        row
        for row in list_assignments(submission)
        if row.office.short_name == SIGNED and row.indicator_id in values
    ]
    seen = {row.indicator.code: signed_digest(figure_of(values[row.indicator_id])) for row in own}
    if seen:
        with clock.playing(clock.now() - timedelta(days=days_ago - 2)):
            sign_figures(
                actor=cast.provider(own[0].office_id),
                submission_id=submission.public_id,
                seen=seen,
            )
