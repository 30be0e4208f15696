"""Fixtures of all tests: a small province, its people, an open collection.

Files go to a directory of the test; append-only tables are protected by triggers here as anywhere.
"""

import gc
from itertools import count

import hypothesis
import pytest

from county_portal.documents.importer import import_registers
from indicators.importer import import_system
from tests.factories.people import People, build_people
from tests.factories.places import Province, build_province
from tests.factories.sheets import open_for_all, submission_of
from tests.scheduling import make_scheduler

_numbers = count(1)

# A busy machine must not fail a property by its speed.
hypothesis.settings.register_profile(
    "unhurried",
    hypothesis.settings(),  # what it chose for this place: on CI, no chance
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("unhurried")


def pytest_xdist_make_scheduler(config, log):
    """Asked where several processes share the tests (-n)."""
    return make_scheduler(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection(session):
    """What is collected stays to the end: the garbage collector need not look through it again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()


@pytest.fixture(autouse=True)
def files_dir(settings, tmp_path_factory):
    """Uploads and generated files of this test alone; the store makes it when there is something to keep.

    Not in `tmp_path`: pytest looks through the folders of all tests before for each one it makes.
    """
    settings.FILES_DIR = tmp_path_factory.getbasetemp() / "files" / str(next(_numbers))
    return settings.FILES_DIR


@pytest.fixture
def province(db) -> Province:
    """Two cities, three counties under them, one directly under the province; their registers."""
    made = build_province()
    import_registers("hebei")
    return made


@pytest.fixture
def people(province) -> People:
    """One person per role, and colleagues elsewhere."""
    return build_people(province)


@pytest.fixture
def version(db):
    """The locked system of 17 indicators."""
    return import_system("hebei")


@pytest.fixture
def collection(people, version):
    """Last year's figures, open to every county, days left on both deadlines."""
    return open_for_all(people.manager, version)


@pytest.fixture
def submission(collection):
    """霸州's, untouched."""
    return submission_of(collection, "131081")
