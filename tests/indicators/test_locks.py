"""Only what a return names opens, and what states the same fact."""

import pytest

from county_portal.common.errors import Stale
from indicators.actions.evidence import remove_evidence
from indicators.enums import SubmissionAction as Act
from indicators.rules import CellInput
from indicators.selectors.locks import linked_codes, locked_codes
from tests.factories.sheets import add_item, fill, fresh, give_back, hand_in_again, move


def test_a_draft_has_no_locks(submission):
    assert locked_codes(submission) == frozenset()


def test_a_return_opens_its_lines_alone(submission, people):
    give_back(people.lead, people.reviewer, submission, flagged=["08"])

    assert "08" not in locked_codes(fresh(submission))
    with pytest.raises(Stale) as refused:
        fill(people.lead, submission, {"09": CellInput("3")})

    assert refused.value.code == "cell_locked"
    assert submission.values.get(indicator__code="09").text == "0"
    fill(people.lead, submission, {"08": CellInput("1")})
    assert submission.values.get(indicator__code="08").text == "1"


def test_lines_that_state_the_same_fact_open_too(submission, people):
    indicators = {row.code: row for row in submission.collection.version.indicators.all()}
    assert indicators["04"].fact_id == indicators["05"].numerator_fact_id is not None

    give_back(people.lead, people.reviewer, submission, flagged=["04"])

    assert "05" in linked_codes(submission, {"04"})
    assert "05" not in locked_codes(fresh(submission))
    fill(
        people.lead,
        submission,
        {"04": CellInput("51"), "05": CellInput("", "51", "16625")},
    )
    assert submission.values.get(indicator__code="05").numerator == 51


def test_evidence_of_a_locked_line_stays(submission, people):
    item = add_item(people.lead, submission, "甲孵化器")
    give_back(people.lead, people.reviewer, submission, flagged=["04"])

    with pytest.raises(Stale):
        remove_evidence(actor=people.filler, evidence_id=item.public_id)
    with pytest.raises(Stale):
        add_item(people.lead, submission, "乙孵化器")
    assert [row.name for row in submission.evidence.all()] == ["甲孵化器"]


def test_recalling_an_answered_return_unlocks_nothing(submission, people):
    give_back(people.lead, people.reviewer, submission, flagged=["08"])
    hand_in_again(people.lead, submission)
    assert locked_codes(fresh(submission)) == frozenset()

    move(people.lead, submission, Act.RECALL)

    assert fresh(submission).state == "draft"
    assert "09" in locked_codes(fresh(submission))
    with pytest.raises(Stale):
        fill(people.lead, submission, {"09": CellInput("3")})
