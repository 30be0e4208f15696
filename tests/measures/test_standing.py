"""How a measure's standing changes: the table by hand, reasons, whose hands."""

import pytest

from county_portal.accounts.roles import ROLE_PERMISSIONS, Role
from county_portal.audit.selectors import list_events
from county_portal.common.errors import Invalid, NotAllowed, Stale
from measures.actions.standing import set_standing
from measures.actions.urging import urge_units
from measures.enums import Standing
from measures.models import StandingStep
from measures.workflow import STANDING_WORKFLOW
from tests.measures.acts import small_ledger

# From → where each act leads; what is not here is refused.
TABLE = {
    "not_started": {
        "begin": "under_way",
        "start": "under_way",
        "lag": "lagging",
        "adjust": "adjusted",
        "end": "ended",
    },
    "under_way": {"lag": "lagging", "adjust": "adjusted", "complete": "done", "end": "ended"},
    "lagging": {
        "catch_up": "under_way",
        "adjust": "adjusted",
        "complete": "done",
        "end": "ended",
    },
    "adjusted": {"lag": "lagging", "resume": "under_way", "complete": "done", "end": "ended"},
    "done": {"reopen": "under_way"},
    "ended": {"reopen": "under_way"},
}


def test_the_table():
    rows = STANDING_WORKFLOW.transitions
    assert {(row.source, row.action): row.target for row in rows} == {
        (source, act): target for source, acts in TABLE.items() for act, target in acts.items()
    }
    assert {row.action for row in rows if not row.needs_comment} == {"begin"}
    assert set(TABLE) == set(Standing.values)


def test_who_keeps():
    keepers = {role for role in Role if "measures.keep" in ROLE_PERMISSIONS[role]}
    assert keepers == {Role.COUNTY_LEAD, Role.CITY_REVIEWER, Role.PROVINCE_MANAGER}


@pytest.fixture
def measure(people):
    return small_ledger(people).measures.get(number=2)


def stand(actor, measure, act="lag", comment="进度慢。", **more):
    return set_standing(actor=actor, measure_id=measure.public_id, act=act, comment=comment, **more)


class TestActs:
    def test_with_its_reason(self, people, measure):
        step = stand(people.lead, measure)

        measure.refresh_from_db()
        assert (measure.state, step.comment) == ("lagging", "进度慢。")
        event = list_events(act="set_measure_standing")[0]
        assert event.detail["state"] == ["not_started", "lagging"]

    def test_a_blank_reason_changes_nothing(self, people, measure):
        with pytest.raises(Invalid, match="comment_required"):
            stand(people.lead, measure, comment=" \n")

        measure.refresh_from_db()
        assert measure.state == "not_started"
        assert not StandingStep.objects.exists()

    def test_a_stale_page(self, people, measure):
        stand(people.lead, measure, act="start")
        with pytest.raises(Stale, match="standing_changed"):
            stand(people.lead, measure, act="lag", seen="not_started")
        with pytest.raises(Stale, match="stale_state"):
            stand(people.lead, measure, act="start")

    def test_only_whoever_keeps_it(self, people, measure):
        for person in (people.filler, people.reviewer, people.manager):
            with pytest.raises(NotAllowed):
                stand(person, measure)
        with pytest.raises(NotAllowed):
            stand(people.lead, measure, act="begin")

    def test_urged_once_a_day_in_words(self, people, measure):
        with pytest.raises(Invalid, match="words_required"):
            urge_units(actor=people.lead, measure_id=measure.public_id, words=" ")
        urge_units(actor=people.lead, measure_id=measure.public_id, words="请补报。")
        with pytest.raises(Stale, match="urged_today"):
            urge_units(actor=people.lead, measure_id=measure.public_id, words="请补报。")
        with pytest.raises(NotAllowed):
            urge_units(actor=people.reviewer, measure_id=measure.public_id, words="请补报。")
