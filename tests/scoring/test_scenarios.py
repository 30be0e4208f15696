"""Scenarios: read like any form, scored by the engine, the county's own and never submitted."""

from decimal import Decimal

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from indicators.rules import CellInput
from indicators.selectors import read_content
from scoring.actions.scenarios import (
    AT_MOST,
    ScenarioInput,
    change_scenario,
    create_scenario,
    remove_scenario,
)
from scoring.advice import read_standing
from scoring.levers import quantity_levers
from scoring.models import Result, Scenario
from scoring.scenario_figures import TypedLine, outcome_of, read_changes
from scoring.selectors.advice import (
    list_results_ahead,
    list_sheets_ahead,
    result_basis,
    sheet_basis,
)
from scoring.selectors.scenarios import basis_of, compare, get_scenario, list_scenarios
from tests.factories.sheets import fill

D = Decimal
RAISED = {"04": {"value": "100"}}


@pytest.fixture
def basis(people, published):
    """霸州's result on the published list: class B."""
    return result_basis(people.lead, published.public_id)


@pytest.fixture
def sheet(people, scheme, submission):
    """霸州's sheet with 50 高企."""
    fill(people.filler, submission, {"04": CellInput("50")})
    return sheet_basis(people.filler, submission.public_id)


def test_the_ground_of_a_result_is_what_the_run_gave(people, published, basis):
    result = published.run.results.get(region__code="131081")
    standing = read_standing(basis.ground)

    assert (standing.total, standing.class_name) == (result.total, result.class_name)
    stored = {line.indicator_code: line.score for line in result.lines.all()}
    assert {code: line.score for code, line in basis.ground.lines.items()} == stored
    assert [row.result for row in list_results_ahead(people.filler)] == [result]
    # The city, the province and strangers have none of it.
    for person in (people.reviewer, people.manager):
        assert list_results_ahead(person) == []
        with pytest.raises(Http404):
            result_basis(person, published.public_id)


def test_the_ground_of_a_sheet_is_its_forecast(people, sheet, submission):
    standing = read_standing(sheet.ground)

    # 10 − 50 ÷ 60 × 2; all else is missing, the panel open.
    assert standing.total == D("8.33")
    assert standing.open_points == 5
    assert list(list_sheets_ahead(people.filler)) == [submission]
    with pytest.raises(Http404):
        sheet_basis(people.changan_lead, submission.public_id)


def test_one_fact_behind_two_lines_is_one_lever(people, scheme, submission):
    both = {"04": CellInput("50"), "05": CellInput("3.01", "50", "16625")}
    fill(people.filler, submission, both)
    ground = sheet_basis(people.filler, submission.public_id).ground

    assert ("04", "05") in [lever.codes for lever in quantity_levers(ground)]


def typed(ground, **lines):
    return read_changes(ground, {key[1:]: line for key, line in lines.items()})


def test_reading_what_is_typed(basis):
    ground = basis.ground

    changes, errors = typed(
        ground,
        i04=TypedLine(" １００ "),
        i05=TypedLine(numerator="84", denominator="16625"),
        i02=TypedLine(""),
        i08=TypedLine(items={"key-laboratory-provincial": "3", "key-laboratory-national": ""}),
        i17=TypedLine(panel="4.5"),
    )

    assert errors == []
    assert changes == {
        "04": {"value": "100"},
        "05": {"numerator": "84", "denominator": "16625"},
        "08": {"items": {"key-laboratory-provincial": "3"}},
        "17": {"panel": "4.5"},
    }


@pytest.mark.parametrize(
    ("code", "line", "part", "refusal"),
    [
        ("04", TypedLine("五十"), "text", "number_not_a_number"),
        ("04", TypedLine("-1"), "text", "number_negative"),
        ("04", TypedLine("50.5"), "text", "number_not_an_integer"),
        ("05", TypedLine("3", numerator="50", denominator="100"), "text", "value_and_parts"),
        ("05", TypedLine(numerator="50", denominator="0"), "denominator", "denominator_zero"),
        ("05", TypedLine(numerator="50"), "denominator", "rate_part_missing"),
        ("17", TypedLine(panel="5.5"), "panel", "score_out_of_range"),
        ("17", TypedLine(panel="-1"), "panel", "number_negative"),
        ("08", TypedLine(items={"key-laboratory-national": "1.5"}), "key-laboratory-national", "number_not_an_integer"),
        ("08", TypedLine(items={"key-laboratory-national": "61"}), "key-laboratory-national", "too_many_items"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_so_at_its_field(basis, code, line, part, refusal):
    changes, errors = read_changes(basis.ground, {code: line})

    assert changes == {}
    assert [(each.code, each.part, each.refusal) for each in errors] == [(code, part, refusal)]


def test_an_outcome_is_the_engines(sheet):
    outcome = outcome_of(sheet.ground, {"04": {"value": "63"}, "99": {"value": "1"}})

    (line,) = outcome.changed
    assert (line.before, line.after) == ("50家", "63家")
    # Recorded 8.33 and 8.77; by the arithmetic 13 ÷ 60 × 2 = 0.43.
    assert (line.gain, line.exact, line.shows_exact) == (D("0.44"), D("0.43"), True)
    assert outcome.total == D("8.77")
    assert outcome.gone == ["99"]


def test_items_are_counted_up_and_down(basis):
    ground = basis.ground
    more = outcome_of(ground, {"08": {"items": {"key-laboratory-provincial": "2"}}})
    none = outcome_of(ground, {"08": {"items": {"key-laboratory-provincial": "0"}}})

    assert more.lines["08"].after == "省级重点实验室2项"
    assert more.gain == 2
    assert none.gain == 0


def test_facts_that_were_changed_apart_are_named(people, scheme, submission):
    both = {"04": CellInput("50"), "05": CellInput("3.01", "50", "16625")}
    fill(people.filler, submission, both)
    ground = sheet_basis(people.filler, submission.public_id).ground

    apart = outcome_of(ground, {"04": {"value": "63"}})
    together = outcome_of(
        ground, {"04": {"value": "63"}, "05": {"numerator": "63", "denominator": "16625"}}
    )

    assert ["在第04项为63、在第05项为50" in clash.sentence for clash in apart.clashes] == [True]
    assert together.clashes == []


def make(people, basis, name="高企增至100家", changes=RAISED):
    return create_scenario(actor=people.lead, basis=basis, data=ScenarioInput(name, changes))


def test_keeping_changing_and_removing_is_recorded(people, basis):
    scenario = make(people, basis)
    change_scenario(
        actor=people.filler,
        scenario_id=scenario.public_id,
        revision=0,
        data=ScenarioInput("高企增至80家", {"04": {"value": "80"}}),
    )
    remove_scenario(actor=people.lead, scenario_id=scenario.public_id, revision=1)

    assert not Scenario.objects.exists()
    events = Event.objects.filter(kind="scenario").order_by("serial")
    assert [event.act for event in events] == [
        "create_scenario", "change_scenario", "remove_scenario",
    ]  # fmt: skip
    assert events[1].detail["name"] == ["高企增至100家", "高企增至80家"]
    assert {event.region_code for event in events} == {"131081"}


def test_nothing_of_the_sheet_or_the_result_moves(people, sheet, submission, published):
    before = read_content(submission), list(Result.objects.values())
    scenario = make(people, sheet)
    compare(sheet, [scenario])

    assert (read_content(submission), list(Result.objects.values())) == before


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (ScenarioInput("　", RAISED), "scenario_name_blank"),
        (ScenarioInput("高企增至100家", RAISED), "scenario_name_taken"),
        (ScenarioInput("空的", {}), "scenario_unchanged"),
    ],
)
def test_refusals_keep_nothing(people, basis, data, code):
    make(people, basis)

    with pytest.raises(Invalid) as refused:
        create_scenario(actor=people.lead, basis=basis, data=data)

    assert refused.value.code == code
    assert Scenario.objects.count() == 1


def test_no_more_than_anybody_looks_through(people, basis):
    for number in range(AT_MOST):
        make(people, basis, f"方案{number}")
    with pytest.raises(Invalid) as refused:
        make(people, basis)
    assert refused.value.code == "scenarios_too_many"


def test_a_stale_page_changes_nothing(people, basis):
    scenario = make(people, basis)
    data = ScenarioInput("他人所改", {"04": {"value": "80"}})
    change_scenario(actor=people.filler, scenario_id=scenario.public_id, revision=0, data=data)

    with pytest.raises(Stale):
        change_scenario(
            actor=people.lead, scenario_id=scenario.public_id, revision=0, data=ScenarioInput("我的", RAISED)
        )  # fmt: skip
    with pytest.raises(Stale):
        remove_scenario(actor=people.lead, scenario_id=scenario.public_id, revision=0)

    assert Scenario.objects.get().name == "他人所改"


def test_only_the_county_itself(people, basis):
    scenario = make(people, basis)
    data = ScenarioInput("别人的", RAISED)

    for person in (people.reviewer, people.manager):
        assert not list_scenarios(person).exists()
        with pytest.raises(NotAllowed):
            create_scenario(actor=person, basis=basis, data=data)
        with pytest.raises(NotAllowed):
            remove_scenario(actor=person, scenario_id=scenario.public_id, revision=0)
    with pytest.raises(Http404):
        change_scenario(
            actor=people.changan_lead, scenario_id=scenario.public_id, revision=0, data=data
        )
    assert get_scenario(people.filler, scenario.public_id) == scenario


def test_side_by_side_with_the_rank_they_would_have(people, basis):
    better = make(people, basis, "更好", {"08": {"items": {"key-laboratory-national": "4"}}})
    worse = make(
        people, basis, "更差", {"04": {"value": "0"}, "06": {"value": "0"}, "02": {"value": "0"}}
    )
    with CaptureQueriesContext(connection) as asked:
        up, down = compare(basis, [better, worse])

    assert len(asked) == 2
    assert up.outcome.gain == 8
    assert (up.rank, down.outcome.class_name) == (1, "C")
    others = basis.run.results.exclude(pk=basis.result.pk)
    assert down.rank == 1 + sum(row.total > down.outcome.total for row in others)


def orphan(people, run):
    """A scenario on a run that no published list rests on."""
    return Scenario.objects.create(
        region=people.lead.office.region,
        run=run,
        name="旧方案",
        changes=RAISED,
        created_by=people.lead,
        updated_at=clock.now(),
    )


def test_a_basis_that_is_gone_leaves_the_scenario_readable(people, run):
    scenario = orphan(people, run)

    assert basis_of(people.lead, scenario) is None
    remove_scenario(actor=people.lead, scenario_id=scenario.public_id, revision=0)
    assert not Scenario.objects.exists()


def test_a_basis_is_read_anew(people, basis):
    assert basis_of(people.lead, make(people, basis)).result == basis.result
