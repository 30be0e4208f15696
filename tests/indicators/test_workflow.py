"""The workflow table against itself written out by hand, for every action, state and role."""

from itertools import product

import pytest

from county_portal.accounts.roles import ROLE_PERMISSIONS, Role
from county_portal.common.errors import Invalid, NotAllowed, Refused, Stale
from county_portal.common.workflow import Transition, Workflow
from indicators.enums import SubmissionAction, SubmissionState
from indicators.workflow import EDITABLE, REVIEWED, SUBMISSION_WORKFLOW

# action, from, to, the one role that may, whether words are needed
TABLE = {
    ("submit", "draft"): ("submitted", "county_lead", False),
    ("submit", "returned"): ("submitted", "county_lead", False),
    ("recall", "submitted"): ("draft", "county_lead", False),
    ("accept", "submitted"): ("city_review", "city_reviewer", False),
    ("approve", "city_review"): ("province_review", "city_reviewer", False),
    ("return", "city_review"): ("returned", "city_reviewer", True),
    ("receive", "province_review"): ("accepted", "province_manager", False),
    ("send_back", "province_review"): ("returned", "province_manager", True),
    ("reopen", "accepted"): ("returned", "province_manager", True),
}
DOERS = {
    "submit": "county_lead",
    "recall": "county_lead",
    "accept": "city_reviewer",
    "approve": "city_reviewer",
    "return": "city_reviewer",
    "receive": "province_manager",
    "send_back": "province_manager",
    "reopen": "province_manager",
}
EVERY = list(product(SubmissionAction, SubmissionState, Role))


def outcome(action, state, role, comment):
    try:
        return SUBMISSION_WORKFLOW.find(action, state, ROLE_PERMISSIONS[role], comment).target
    except Refused as refusal:
        return type(refusal)


@pytest.mark.parametrize("action, state, role", EVERY)
def test_find_is_the_table(action, state, role):
    target, doer, _ = TABLE.get((action, state), (Stale, DOERS[action], False))
    expected = target if role == doer else NotAllowed

    assert outcome(action, state, role, "意见") == expected


@pytest.mark.parametrize("action, state, role", EVERY)
def test_words_are_demanded_where_the_table_says(action, state, role):
    target, doer, needs_words = TABLE.get((action, state), (Stale, DOERS[action], False))
    expected = NotAllowed if role != doer else Invalid if needs_words else target

    assert outcome(action, state, role, " \n") == expected


@pytest.mark.parametrize("state, role", list(product(SubmissionState, Role)))
def test_buttons_are_the_table(state, role):
    expected = [
        action for (action, source), row in TABLE.items() if (source, row[1]) == (state, role)
    ]

    offered = SUBMISSION_WORKFLOW.actions_from(state, ROLE_PERMISSIONS[role])

    assert [row.action for row in offered] == expected


def test_states_by_what_they_allow():
    assert set(EDITABLE) == {"draft", "returned"}
    assert set(REVIEWED) == {"province_review", "accepted"}


def test_an_ambiguous_table_is_refused_at_import():
    row = Transition("submit", "draft", "city_review", "p", "提交")

    with pytest.raises(ValueError, match="share an action"):
        Workflow([row, row])
