"""The lives of a list (S2-1: published with the leading group's consent) and of an appeal, as tables."""

from county_portal.accounts.roles import Permission
from county_portal.common.workflow import Transition, Workflow
from scoring.enums import AppealAction, AppealState
from scoring.enums import ListAction as Action
from scoring.enums import ListState as State

LIST_WORKFLOW = Workflow(
    [
        Transition(
            Action.CONSENT,
            State.DRAFT,
            State.CONSENTED,
            Permission.PREPARE_LIST,
            "登记领导小组意见",
        ),
        Transition(
            Action.PUBLISH, State.CONSENTED, State.PUBLISHED, Permission.PUBLISH_LIST, "公布"
        ),
        Transition(
            Action.WITHDRAW,
            State.DRAFT,
            State.WITHDRAWN,
            Permission.PREPARE_LIST,
            "撤回拟稿",
            needs_comment=True,
        ),
        Transition(
            Action.WITHDRAW,
            State.CONSENTED,
            State.WITHDRAWN,
            Permission.PREPARE_LIST,
            "撤回拟稿",
            needs_comment=True,
        ),
    ]
)

_A, _S, _P = AppealAction, AppealState, Permission

APPEAL_WORKFLOW = Workflow(
    [
        Transition(_A.OPINE, _S.FILED, _S.OPINED, _P.OPINE_APPEAL, "提出意见", needs_comment=True),
        # Only once the city is overdue, which the action asks.
        Transition(
            _A.GO_ON, _S.FILED, _S.OPINED, _P.REVIEW_APPEAL, "转省级复查", needs_comment=True
        ),
        Transition(
            _A.REVIEW, _S.OPINED, _S.REVIEWED, _P.REVIEW_APPEAL, "提出复查意见", needs_comment=True
        ),
        # The one who decides may want it looked at once more.
        Transition(
            _A.REOPEN, _S.REVIEWED, _S.OPINED, _P.DECIDE_APPEAL, "退回复查", needs_comment=True
        ),
        Transition(
            _A.UPHOLD, _S.REVIEWED, _S.UPHELD, _P.DECIDE_APPEAL, "申诉成立", needs_comment=True
        ),
        Transition(
            _A.REJECT, _S.REVIEWED, _S.REJECTED, _P.DECIDE_APPEAL, "申诉不成立", needs_comment=True
        ),
        Transition(_A.WITHDRAW, _S.FILED, _S.WITHDRAWN, _P.APPEAL, "撤回申诉"),
        Transition(_A.WITHDRAW, _S.OPINED, _S.WITHDRAWN, _P.APPEAL, "撤回申诉"),
    ]
)
