"""The life of a list, as one table (S2-1: published with the leading group's consent)."""

from county_portal.accounts.roles import Permission
from county_portal.common.workflow import Transition, Workflow
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
