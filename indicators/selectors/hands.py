"""Whose hands a sheet is of: whoever filled does not submit it."""

from county_portal.accounts.hands import had_hand
from county_portal.accounts.models import User
from county_portal.common.errors import Invalid
from indicators.models import Submission


def own_figures_refusal(user: User, submission: Submission) -> Invalid | None:
    """Why this person may not submit the sheet, by the last writer of each line; two queries.

    Whoever filled may have become the head since, or stand in for the head.
    """
    hands: dict[int, str] = {
        **dict(submission.evidence.values_list("created_by", "name")),
        **dict(submission.values.values_list("updated_by", "indicator__name")),
    }
    if not had_hand(user, hands):
        return None
    return Invalid(
        "submitter_filled",
        f"“{hands[user.pk]}”等内容由您本人填写，填报和提交须由两人办理，"
        "请由本单位其他负责人提交，或由填报员核对后重新填写。",
        "values",
    )
