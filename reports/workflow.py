"""The life of a progress report (S0 三(二): 经所在设区市科技局审核后报送省科技厅)."""

from county_portal.accounts.roles import Permission
from county_portal.common.workflow import Transition, Workflow
from reports.enums import ProgressAction as Action
from reports.enums import ProgressState as State

_P = Permission

PROGRESS_WORKFLOW = Workflow(
    [
        Transition(Action.SUBMIT, State.DRAFT, State.SUBMITTED, _P.HAND_IN, "报送"),
        Transition(Action.SUBMIT, State.RETURNED, State.SUBMITTED, _P.HAND_IN, "重新报送"),
        Transition(Action.RECALL, State.SUBMITTED, State.DRAFT, _P.HAND_IN, "撤回"),
        Transition(Action.ACCEPT, State.SUBMITTED, State.CITY_REVIEW, _P.RECOMMEND, "受理"),
        Transition(
            Action.APPROVE, State.CITY_REVIEW, State.PROVINCE_REVIEW, _P.RECOMMEND, "审核通过"
        ),
        Transition(
            Action.RETURN,
            State.CITY_REVIEW,
            State.RETURNED,
            _P.RECOMMEND,
            "退回",
            needs_comment=True,
        ),
        Transition(Action.RECEIVE, State.PROVINCE_REVIEW, State.RECEIVED, _P.RUN_PILOTS, "接收"),
        Transition(
            Action.SEND_BACK,
            State.PROVINCE_REVIEW,
            State.RETURNED,
            _P.RUN_PILOTS,
            "退回修改",
            needs_comment=True,
        ),
    ]
)
