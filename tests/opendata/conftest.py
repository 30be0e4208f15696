"""Tokens of the people of a small province."""

import pytest

from opendata.actions.tokens import NewToken, issue_token
from opendata.enums import Scope
from opendata.selectors.tokens import allowed_scopes
from tests.common.committed import committed_db, owner_may_empty_tables

__all__ = ["committed_db", "owner_may_empty_tables"]


@pytest.fixture
def token_of(people):
    """A token's text for somebody, with all that the post allows unless other scopes are named."""

    def issue(holder, scopes=None, days=30):
        chosen = [str(scope) for scope in (scopes or allowed_scopes(holder))]
        wanted = NewToken("试验系统", holder, chosen, days)
        return issue_token(actor=people.system_admin, wanted=wanted)[1]

    return issue


@pytest.fixture
def clerk(people, token_of):
    """The token of the county's clerk, with every scope."""
    return token_of(people.filler, list(Scope))
