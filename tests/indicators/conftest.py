"""Fixtures of the tests of indicators."""

import pytest

from county_portal.accounts.roles import Role
from tests.common.committed import committed_db, owner_may_empty_tables
from tests.factories.people import make_person

__all__ = ["committed_db", "owner_may_empty_tables"]


@pytest.fixture
def clerk(people):
    """A second filler beside the first, for everything two people do at once."""
    return make_person("bazhou.clerk", Role.COUNTY_FILLER, people.filler.office, "刘填报")
