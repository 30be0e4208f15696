"""Lists to make cards from: the small province graded once, twice, and corrected; pilots that report."""

import pytest

from scoring.actions.schemes import import_scheme
from tests.common.committed import committed_db, owner_may_empty_tables
from tests.factories.pilots import open_a_round
from tests.reports.acts import graded_year
from tests.reports.building import YEAR, begin_building, on, open_on_new_year, write_report

__all__ = ["committed_db", "owner_may_empty_tables"]


@pytest.fixture
def scheme(version):
    """The locked scheme of the 17 indicators."""
    return import_scheme("hebei", version.system)


@pytest.fixture
def published(people, version, scheme):
    """Last year's list: 霸州 in class B, three others in class C and equal."""
    return graded_year(people, version, scheme, strong=("131081",))


@pytest.fixture
def two_years(people, version, scheme):
    """The list of the year before last with 霸州 weak, then last year's with 霸州 strong."""
    first = graded_year(people, version, scheme, years_ago=2, number=1)
    second = graded_year(people, version, scheme, strong=("131081",), number=2)
    return first, second


@pytest.fixture
def spring():
    """The whole test happens on 10 January of the year after the round's."""
    with on(YEAR + 1, 1, 10):
        yield


@pytest.fixture
def round_then(people):
    """A round opened in the spring of the year that will be reported."""
    with on(YEAR, 3, 1):
        return open_a_round(people.manager)


@pytest.fixture
def pilot(round_then, province, people):
    """霸州, being built since July of the round's year."""
    with on(YEAR, 3, 1):
        return begin_building(round_then, province.bureaus["bazhou"], people.publisher)


@pytest.fixture
def foreign_pilot(round_then, province, people):
    """长安, of another city."""
    with on(YEAR, 3, 1):
        return begin_building(round_then, province.bureaus["changan"], people.publisher)


@pytest.fixture
def opened(pilot, spring):
    """霸州's report, blank, as 1 January brought it."""
    return open_on_new_year(pilot)


@pytest.fixture
def written(opened):
    """The same with every figure at 11 (half of the way to the year's target or all of it) and every text."""
    return write_report(opened)
