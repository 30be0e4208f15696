"""Every action in every state for every role, against the table written out by hand."""

import pytest

from county_portal.accounts.roles import ROLE_PERMISSIONS, Role
from county_portal.common.errors import Invalid, NotAllowed, Stale
from scoring.enums import ListAction, ListState
from scoring.workflow import LIST_WORKFLOW

MANAGER, PUBLISHER = Role.PROVINCE_MANAGER, Role.PROVINCE_PUBLISHER
WHO = {ListAction.CONSENT: MANAGER, ListAction.PUBLISH: PUBLISHER, ListAction.WITHDRAW: MANAGER}
TARGETS = {
    (ListAction.CONSENT, ListState.DRAFT): ListState.CONSENTED,
    (ListAction.PUBLISH, ListState.CONSENTED): ListState.PUBLISHED,
    (ListAction.WITHDRAW, ListState.DRAFT): ListState.WITHDRAWN,
    (ListAction.WITHDRAW, ListState.CONSENTED): ListState.WITHDRAWN,
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("state", ListState)
@pytest.mark.parametrize("action", ListAction)
def test_list_workflow(action, state, role):
    permissions = ROLE_PERMISSIONS[role]
    target = TARGETS.get((action, state))

    if WHO[action] != role:
        with pytest.raises(NotAllowed):
            LIST_WORKFLOW.find(action, state, permissions, "原因")
    elif target is None:
        with pytest.raises(Stale):
            LIST_WORKFLOW.find(action, state, permissions, "原因")
    else:
        assert LIST_WORKFLOW.find(action, state, permissions, "原因").target == target


@pytest.mark.parametrize("state", [ListState.DRAFT, ListState.CONSENTED])
def test_withdrawing_needs_a_reason(state):
    with pytest.raises(Invalid, match="comment_required"):
        LIST_WORKFLOW.find(ListAction.WITHDRAW, state, ROLE_PERMISSIONS[MANAGER], "　")
