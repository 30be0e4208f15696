"""Doors that stay shut: who sees runs, lists and what waits for grading."""

import pytest
from django.http import Http404

from scoring.selectors.lists import get_list, list_lists
from scoring.selectors.runs import get_run, list_gradable, list_ready, list_runs, list_undrafted
from tests.factories.sheets import draw_up
from tests.scoring.acts import grade, score

SHUT = [
    "lead",
    "filler",
    "reviewer",
    "signer",
    "expert",
    "system_admin",
    "security_admin",
    "auditor",
]


@pytest.mark.parametrize("role", SHUT)
def test_runs_and_lists_are_not_there_for_others(people, drafted, role):
    person = getattr(people, role)

    assert (list(list_runs(person)), list(list_lists(person))) == ([], [])
    with pytest.raises(Http404):
        get_run(person, drafted.run.public_id)
    with pytest.raises(Http404):
        get_list(person, drafted.public_id)


def test_runs_and_lists_are_there_for_the_province(people, drafted):
    for person in (people.manager, people.checker, people.publisher):
        assert list(list_runs(person)) == [drafted.run]
        assert list(list_lists(person)) == [drafted]


def test_only_opened_collections_may_be_graded(people, version, collection):
    draw_up(people.manager, version, years_ago=3)

    assert list(list_gradable(people.manager)) == [collection]
    assert list(list_gradable(people.checker)) == []


def test_ready_until_graded(people, reviewed, scheme):
    assert list_ready(people.manager) == [reviewed]
    assert list_undrafted(people.manager) == []

    first = grade(people, reviewed, scheme)
    assert list_undrafted(people.manager) == [first]
    grade(
        people, reviewed, scheme
    )  # nothing has changed since: the first still is the one to draft from
    assert list_undrafted(people.manager) == [first]
    score(people.expert, reviewed, "1")
    second = grade(people, reviewed, scheme)

    assert list_ready(people.manager) == []
    assert list_undrafted(people.manager) == [second]
    assert list_undrafted(people.checker) == []


def test_not_ready_while_one_is_unreviewed(people, collection, scheme):
    assert list_ready(people.manager) == []
