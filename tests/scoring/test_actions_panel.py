"""Experts' scores: all or nothing, only one's own, every change on record."""

from decimal import Decimal

import pytest

from county_portal.audit.models import Event
from county_portal.common.errors import Invalid, NotAllowed
from scoring.actions.panel import give_panel_scores
from scoring.models import PanelScore
from scoring.selectors.panel import list_panel_indicators, list_panel_sheets, list_panel_tasks
from tests.factories.people import make_person
from tests.scoring.acts import CODES, hand_in, score


@pytest.fixture
def indicator(reviewed):
    (found,) = list_panel_indicators([reviewed])
    return found


@pytest.fixture
def ids(reviewed):
    """Public ids of the submissions by county code."""
    return dict(reviewed.submissions.values_list("region__code", "public_id"))


def give(actor, reviewed, indicator, scores):
    return give_panel_scores(actor=actor, collection=reviewed, indicator=indicator, scores=scores)


def stored():
    return list(
        PanelScore.objects.order_by("submission__region__code").values_list("score", flat=True)
    )


def test_scores_are_given_and_recorded(people, reviewed, scheme, indicator, ids):
    scores = {ids["131081"]: Decimal("4.25"), ids["130102"]: Decimal(0)}

    assert give(people.expert, reviewed, indicator, scores) == 2

    assert stored() == [Decimal("0.00"), Decimal("4.25")]
    events = Event.objects.filter(act="give_panel_score")
    assert {event.region_code: event.detail["score"] for event in events} == {
        "131081": ["", "4.25"],
        "130102": ["", "0"],
    }


def test_scores_unchanged_write_nothing(people, reviewed, scheme, indicator, ids):
    give(people.expert, reviewed, indicator, {ids["131081"]: Decimal("4.2")})

    assert give(people.expert, reviewed, indicator, {ids["131081"]: Decimal("4.20")}) == 0

    assert Event.objects.filter(act="give_panel_score").count() == 1


def test_score_is_changed_and_taken_back(people, reviewed, scheme, indicator, ids):
    key = ids["131081"]
    give(people.expert, reviewed, indicator, {key: Decimal(4)})

    assert give(people.expert, reviewed, indicator, {key: Decimal(3)}) == 1
    assert stored() == [Decimal(3)]
    assert give(people.expert, reviewed, indicator, {key: None}) == 1
    assert stored() == []
    changes = Event.objects.filter(act="give_panel_score").order_by("serial")
    assert [event.detail["score"] for event in changes] == [["", "4"], ["4", "3"], ["3", ""]]


@pytest.mark.parametrize("wrong", ["5.01", "-0.5", "3.333"])
def test_one_score_out_of_range_refuses_all(people, reviewed, scheme, indicator, ids, wrong):
    scores = {ids["131081"]: Decimal(4), ids["130102"]: Decimal(wrong)}

    with pytest.raises(Invalid, match=r"score_out_of_range.*长安区"):
        give(people.expert, reviewed, indicator, scores)

    assert stored() == []


def test_unreviewed_county_cannot_be_scored(people, collection, scheme):
    hand_in(people, collection, "131081")

    (indicator,) = list_panel_indicators([collection])
    key = collection.submissions.get(region__code="130102").public_id

    with pytest.raises(Invalid, match="submission_not_reviewed"):
        give(people.expert, collection, indicator, {key: Decimal(4)})


def test_only_experts_score(people, reviewed, scheme, indicator, ids):
    with pytest.raises(NotAllowed):
        give(people.manager, reviewed, indicator, {ids["131081"]: Decimal(4)})


def test_indicator_without_panel_is_refused(people, reviewed, scheme, ids):
    other = reviewed.version.indicators.get(code="01")

    with pytest.raises(Invalid, match="not_a_panel_indicator"):
        give(people.expert, reviewed, other, {ids["131081"]: Decimal(4)})


def test_indicator_of_a_system_without_scheme_is_refused(people, reviewed, indicator, ids):
    with pytest.raises(Invalid, match="not_a_panel_indicator"):
        give(people.expert, reviewed, indicator, {ids["131081"]: Decimal(4)})


def test_sheets_show_only_ones_own_scores(people, province, reviewed, scheme, indicator):
    other = make_person("hebei.expert2", people.expert.role, province.office)
    score(people.expert, reviewed, "4")
    score(other, reviewed, "2", codes=["131081"])

    sheets = list_panel_sheets(other, reviewed, indicator)

    assert [(row.submission.region.code, row.score) for row in sheets] == [
        ("130102", None),
        ("130121", None),
        ("130181", None),
        ("131081", Decimal(2)),
    ]
    assert {row.text for row in sheets} == {"成立科技创新工作领导小组，县长任组长。"}


def test_tasks_count_what_is_open(people, reviewed, scheme):
    score(people.expert, reviewed, codes=CODES[:3])

    (task,) = list_panel_tasks(people.expert)

    assert (task.total, task.given, task.open) == (4, 3, 1)
    assert list_panel_tasks(people.manager) == []
