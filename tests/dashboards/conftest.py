"""Two published years of the small province: 霸州 weak, then strong enough for the class above."""

import pytest

from scoring.actions.schemes import import_scheme
from tests.reports.acts import graded_year


@pytest.fixture
def scheme(version):
    """The locked scheme of the 17 indicators."""
    return import_scheme("hebei", version.system)


@pytest.fixture
def first(people, version, scheme):
    """The list of the year before last: everybody weak."""
    return graded_year(people, version, scheme, years_ago=2, number=1)


@pytest.fixture
def second(people, version, scheme, first):
    """Last year's list: 霸州 rose."""
    return graded_year(people, version, scheme, strong=("131081",), number=2)
