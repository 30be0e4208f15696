"""A scheme, a graded collection and a published list of the small province."""

import pytest

from county_portal.files.actions import keep_generated
from scoring.actions.schemes import import_scheme
from tests.scoring.acts import CODES, draft, grade, hand_in_all, publish, score


@pytest.fixture
def scheme(version):
    """The locked scheme of the 17 indicators."""
    return import_scheme("hebei", version.system)


@pytest.fixture
def reviewed(people, collection):
    """Every county past its city's review: one strong, the others weak."""
    hand_in_all(people, collection, strong=CODES[:1])
    return collection


@pytest.fixture
def run(people, reviewed, scheme):
    """A complete run: 霸州 in class B, three others in class C."""
    score(people.expert, reviewed)
    return grade(people, reviewed, scheme)


@pytest.fixture
def drafted(people, run):
    """A list drafted from it."""
    return draft(people, run)


@pytest.fixture
def published(people, run):
    """A list published from it; its files are not made yet."""
    return publish(people, run)


@pytest.fixture
def stored_file(db):
    """Some generated file."""
    return keep_generated(content=b"%PDF-1.7", name="名单.pdf", content_type="application/pdf")
