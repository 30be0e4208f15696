"""The life of a version of a plan: drawn up by one, settled by another of the same office."""

from county_portal.accounts.roles import Permission
from county_portal.common.workflow import Transition, Workflow
from uplift.enums import PlanAction as Action
from uplift.enums import VersionState as State

_PLAN, _DECIDE = Permission.PLAN_UPLIFT, Permission.DECIDE_UPLIFT

PLAN_WORKFLOW = Workflow(
    [
        Transition(Action.SUBMIT, State.DRAFTED, State.SUBMITTED, _PLAN, "送审定"),
        Transition(Action.RECALL, State.SUBMITTED, State.DRAFTED, _PLAN, "收回修改"),
        Transition(
            Action.RETURN, State.SUBMITTED, State.DRAFTED, _DECIDE, "退回修改", needs_comment=True
        ),
        Transition(Action.SETTLE, State.SUBMITTED, State.SETTLED, _DECIDE, "审定"),
        # Taken together with settling the version that comes after.
        Transition(Action.REPLACE, State.SETTLED, State.REPLACED, _DECIDE, "由修订版替代"),
        Transition(
            Action.CLOSE, State.SETTLED, State.CLOSED, _DECIDE, "结束计划", needs_comment=True
        ),
        Transition(Action.DROP, State.DRAFTED, State.DROPPED, _PLAN, "放弃", needs_comment=True),
    ]
)
