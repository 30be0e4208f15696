"""Lists to make cards from: the small province graded once, twice, and corrected."""

import pytest

from scoring.actions.schemes import import_scheme
from tests.reports.acts import graded_year


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
