"""The life of a submission, as one table (S0 part 三, S3 part 四: county fills, city reviews, province receives)."""

from county_portal.accounts.roles import Permission
from county_portal.common.workflow import Transition, Workflow
from indicators.enums import EDITABLE, REVIEWED
from indicators.enums import SubmissionAction as Action
from indicators.enums import SubmissionState as State

__all__ = ["EDITABLE", "REVIEWED", "SUBMISSION_WORKFLOW"]

SUBMISSION_WORKFLOW = Workflow(
    [
        Transition(Action.SUBMIT, State.DRAFT, State.SUBMITTED, Permission.SUBMIT, "提交"),
        Transition(Action.SUBMIT, State.RETURNED, State.SUBMITTED, Permission.SUBMIT, "重新提交"),
        # Accepting is not approving: from here on the county's copy is frozen.
        Transition(Action.RECALL, State.SUBMITTED, State.DRAFT, Permission.SUBMIT, "撤回"),
        Transition(Action.ACCEPT, State.SUBMITTED, State.CITY_REVIEW, Permission.REVIEW, "受理"),
        Transition(
            Action.APPROVE, State.CITY_REVIEW, State.PROVINCE_REVIEW, Permission.REVIEW, "审核通过"
        ),
        Transition(
            Action.RETURN,
            State.CITY_REVIEW,
            State.RETURNED,
            Permission.REVIEW,
            "退回",
            needs_comment=True,
        ),
        Transition(
            Action.RECEIVE, State.PROVINCE_REVIEW, State.ACCEPTED, Permission.COLLECT, "接收"
        ),
        Transition(
            Action.SEND_BACK,
            State.PROVINCE_REVIEW,
            State.RETURNED,
            Permission.COLLECT,
            "退回县级",
            needs_comment=True,
        ),
        Transition(
            Action.REOPEN,
            State.ACCEPTED,
            State.RETURNED,
            Permission.COLLECT,
            "重新开放填报",
            needs_comment=True,
        ),
    ]
)
