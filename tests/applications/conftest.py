"""A small province with its people, and a round open to all."""

import pytest

from tests.common.committed import committed_db, owner_may_empty_tables
from tests.factories.people import build_people
from tests.factories.pilots import admitted, draft_pilots, open_a_round, put_on_notice
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


@pytest.fixture
def bazhou(call, province):
    return admitted(call, province.bureaus["bazhou"])


@pytest.fixture
def changan(call, province):
    return admitted(call, province.bureaus["changan"])


@pytest.fixture
def on_notice(call, bazhou, changan):
    return put_on_notice(draft_pilots(call, [bazhou], [changan]))
