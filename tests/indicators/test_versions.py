"""What is kept at each step, and two of it side by side."""

import hashlib

import pytest
from django.http import Http404

from indicators.enums import SubmissionAction as Act
from indicators.models import Snapshot
from indicators.rules import CellInput
from indicators.selectors.versions import compare_versions, get_version, list_versions_of
from tests.factories.sheets import add_item, approve, fill, fresh, give_back, hand_in_again, move


def test_each_step_that_freezes_keeps_the_sheet(submission, people):
    approve(people.lead, people.reviewer, submission)
    move(people.manager, submission, Act.RECEIVE)

    kept = list(Snapshot.objects.order_by("number").values_list("number", "step__action", "digest"))

    digest = fresh(submission).content_digest
    assert kept == [
        (1, "submit", digest),
        (2, "accept", digest),
        (3, "approve", digest),
        (4, "receive", digest),
    ]
    first = Snapshot.objects.get(number=1)
    assert hashlib.sha256(first.content.encode()).hexdigest() == digest
    assert all(version.is_true for version in list_versions_of(submission))


def test_a_return_and_a_recall_keep_nothing_new(submission, people):
    give_back(people.lead, people.reviewer, submission)

    assert list(Snapshot.objects.values_list("step__action", flat=True)) == ["submit", "accept"]


def test_two_versions_differ_where_the_county_changed(submission, people):
    give_back(people.lead, people.reviewer, submission, flagged=["04", "10"])
    fill(people.lead, submission, {"04": CellInput("51", note="已核")})
    add_item(people.lead, submission, "甲孵化器")
    hand_in_again(people.lead, submission)

    before, after = get_version(submission, "1"), get_version(submission, "3")
    lines = compare_versions(submission, before, after)

    changed = {line.spec.code: line for line in lines if line.is_changed}
    assert {"04", "10"} <= set(changed)
    assert [line.is_changed for line in lines[: len(changed)]] == [True] * len(changed)
    four = changed["04"]
    assert (four.before.figure.text, four.after.figure.text) == ("50", "51")
    assert (four.before.figure.note, four.after.figure.note) == ("", "已核")
    assert [item.name for item in changed["10"].added] == ["甲孵化器"]
    assert changed["10"].removed == []


def test_now_is_a_version_too(submission, people):
    give_back(people.lead, people.reviewer, submission)
    assert get_version(submission, "now").digest == get_version(submission, "1").digest

    fill(people.lead, submission, {"04": CellInput("52")})

    assert get_version(submission, "now").digest != get_version(submission, "1").digest


@pytest.mark.parametrize("key", ["0", "9", "x", "-1", "1e3", "９", "123456"])
def test_other_versions_do_not_exist(submission, people, key):
    give_back(people.lead, people.reviewer, submission)

    with pytest.raises(Http404):
        get_version(submission, key)
