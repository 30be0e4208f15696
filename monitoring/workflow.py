"""The life of a warning as a table; what the portal does by itself is not chosen by anybody and not in it."""

from county_portal.accounts.roles import Permission
from county_portal.common.workflow import Transition, Workflow
from monitoring.enums import WarningAction as Act
from monitoring.enums import WarningState as State

_ANSWER, _FOLLOW = Permission.ANSWER_WARNING, Permission.FOLLOW_WARNINGS

WARNING_WORKFLOW = Workflow(
    [
        Transition(
            Act.ANSWER, State.RAISED, State.ANSWERED, _ANSWER, "说明原因和措施", needs_comment=True
        ),
        # A promise may be made anew while it is being kept.
        Transition(
            Act.ANSWER, State.ANSWERED, State.ANSWERED, _ANSWER, "补充说明", needs_comment=True
        ),
        Transition(Act.URGE, State.RAISED, State.RAISED, _FOLLOW, "督办", needs_comment=True),
        Transition(Act.URGE, State.ANSWERED, State.RAISED, _FOLLOW, "督办", needs_comment=True),
        Transition(Act.CLOSE, State.RAISED, State.CLOSED, _FOLLOW, "解除", needs_comment=True),
        Transition(Act.CLOSE, State.ANSWERED, State.CLOSED, _FOLLOW, "解除", needs_comment=True),
    ]
)
