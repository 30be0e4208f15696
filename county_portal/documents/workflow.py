"""The life of a draft, as one table: drafted, checked (核稿), signed (签发) by another person."""

from county_portal.accounts.roles import Permission
from county_portal.common.workflow import Transition, Workflow
from county_portal.documents.enums import DraftAction as Action
from county_portal.documents.enums import DraftState as State

_DRAFT, _CHECK, _SIGN = (
    Permission.DRAFT_DOCUMENT,
    Permission.CHECK_DOCUMENT,
    Permission.SIGN_DOCUMENT,
)

DRAFT_WORKFLOW = Workflow(
    [
        Transition(Action.SEND, State.DRAFT, State.CHECKING, _DRAFT, "送核稿"),
        Transition(Action.CHECK, State.CHECKING, State.SIGNING, _CHECK, "核稿通过"),
        Transition(
            Action.GIVE_BACK, State.CHECKING, State.DRAFT, _CHECK, "退回修改", needs_comment=True
        ),
        Transition(Action.ISSUE, State.SIGNING, State.ISSUED, _SIGN, "签发"),
        Transition(
            Action.GIVE_BACK, State.SIGNING, State.DRAFT, _SIGN, "退回修改", needs_comment=True
        ),
        Transition(
            Action.DISCARD, State.DRAFT, State.DISCARDED, _DRAFT, "作废文稿", needs_comment=True
        ),
    ]
)
