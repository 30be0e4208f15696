"""A small province with its people, and a round open to all."""

import pytest

from tests.common.committed import committed_db, owner_may_empty_tables
from tests.factories.people import build_people
from tests.factories.pilots import open_a_round
from tests.factories.places import build_province

__all__ = ["committed_db", "owner_may_empty_tables"]


@pytest.fixture
def province(db):
    return build_province()


@pytest.fixture
def people(province):
    return build_people(province)


@pytest.fixture
def call(people):
    return open_a_round(people.manager)
