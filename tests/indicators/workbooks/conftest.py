"""A colleague who fills the same sheet."""

import pytest

from county_portal.accounts.models import User
from county_portal.accounts.roles import Role
from tests.factories.people import People, make_person


@pytest.fixture
def clerk(people: People) -> User:
    """Another clerk of the filler's office."""
    return make_person("bazhou.colleague", Role.COUNTY_FILLER, people.filler.office, "刘填报")
