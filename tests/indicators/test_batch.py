"""Accepting and approving by the batch: a result per county."""

import re

import pytest

from county_portal.common.errors import NotAllowed
from indicators.actions.bulk import move_submissions
from indicators.enums import SubmissionAction as Act
from tests.factories.people import signed_in
from tests.factories.sheets import fresh, move, submission_of, submit
from tests.indicators.browsing import text


@pytest.fixture
def pair(collection, people):
    """Two counties of one city: one handed in, one not."""
    changan = submission_of(collection, "130102")
    submit(people.changan_lead, changan)
    return changan, submission_of(collection, "130121")


def test_one_refusal_stops_no_other(pair, people, submission):
    handed_in, draft = pair
    ids = [draft.public_id, handed_in.public_id, handed_in.public_id, submission.public_id]

    result = move_submissions(
        actor=people.shijiazhuang_reviewer, submission_ids=ids, action=Act.ACCEPT
    )

    assert result.done == ["石家庄市长安区"]
    assert [row.sentence for row in result.skipped] == [
        "当前为“填报中”，不在“受理”环节。",
        "没有这份填报表。",
    ]
    assert (fresh(handed_in).state, fresh(draft).state) == ("city_review", "draft")


def test_approving_needs_acceptance(pair, people):
    handed_in, _ = pair
    ids = [handed_in.public_id]
    skipped = move_submissions(
        actor=people.shijiazhuang_reviewer, submission_ids=ids, action=Act.APPROVE
    )
    assert "待市级受理" in skipped.skipped[0].sentence

    move(people.shijiazhuang_reviewer, handed_in, Act.ACCEPT)
    done = move_submissions(
        actor=people.shijiazhuang_reviewer, submission_ids=ids, action=Act.APPROVE
    )

    assert done.done == ["石家庄市长安区"]
    assert fresh(handed_in).state == "province_review"


@pytest.mark.parametrize("who", ["lead", "signer", "manager"])
def test_others_do_not(pair, people, who):
    with pytest.raises(NotAllowed):
        move_submissions(
            actor=getattr(people, who), submission_ids=[pair[0].public_id], action=Act.ACCEPT
        )


def test_the_page_asks_before_it_acts_and_tells_what_it_did(pair, people):
    handed_in, draft = pair
    browser = signed_in(people.shijiazhuang_reviewer)
    data = {"act": "accept", "chosen": [str(handed_in.public_id), str(draft.public_id)]}

    asked = browser.post("/indicators/submissions/batch/", data)
    assert "对勾选的2份填报表办理“受理”" in text(asked)
    assert fresh(handed_in).state == "submitted"

    done = text(browser.post("/indicators/submissions/batch/", data | {"confirmed": "yes"}))

    assert "受理1份，跳过1份" in done
    assert "当前为“填报中”" in done
    assert fresh(handed_in).state == "city_review"


@pytest.mark.parametrize(
    "data", [{"act": "accept"}, {"act": "receive", "chosen": "x"}, {"chosen": "x"}]
)
def test_nothing_chosen_is_said(people, data):
    response = signed_in(people.reviewer).post("/indicators/submissions/batch/", data)

    assert response.status_code == 422


def test_only_counties_whose_step_is_due_can_be_chosen(pair, people):
    client = signed_in(people.shijiazhuang_reviewer)
    handed_in, draft = pair

    page = client.get("/indicators/submissions/?chosen=all").content.decode()

    boxes = re.findall(r'<input[^>]*name="chosen"[^>]*>', page)
    assert [str(handed_in.public_id) in box for box in boxes] == [True]
    assert " checked" in boxes[0]
    assert str(draft.public_id) in page
