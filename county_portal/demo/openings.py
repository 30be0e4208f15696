"""One county let in after the close, through the acts of those concerned."""

from datetime import datetime, timedelta

from county_portal.common import clock
from county_portal.demo.acts import Counties
from county_portal.demo.figures import Answer
from indicators.actions.openings import open_late
from indicators.models import LateOpening, Submission

REASON = "统计部门数据核定延后，县科技局书面申请补报。"
DAYS = 7


def play_late_opening(
    counties: Counties, submission: Submission, answers: list[Answer], moment: datetime
) -> LateOpening:
    """The province opens the county's sheet of a closed collection; it fills, hands in and is approved.

    `moment` is when the province decides; the county answers the day after, the city the day after that.
    """
    with clock.playing(moment):
        opening = open_late(
            actor=counties.cast.manager,
            submission_id=submission.public_id,
            until=clock.today() + timedelta(days=DAYS),
            reason=REASON,
        )
    with clock.playing(moment + timedelta(days=1)):
        counties.fill(submission, answers)
        counties.hand_in(submission)
    with clock.playing(moment + timedelta(days=2)):
        counties.approve(submission)
    return opening
