"""The register of facts: who owns a figure, who reuses it, who differs; by hand and by many edits."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from county_portal.audit.models import Event
from county_portal.common.errors import Invalid, NotAllowed, Stale
from indicators.actions.claims import state_facts
from indicators.actions.facts import adopt_facts, explain_claim, reconcile_fact
from indicators.importer import import_facts, import_system
from indicators.models import Fact, FactClaim, FactMeaning
from indicators.rules import CellInput, read_cell
from indicators.rules.facts import Claim, Standing, restate
from indicators.selectors import list_indicators, spec_of
from indicators.selectors.catalogue import catalogue_of
from indicators.selectors.checks import evaluate
from indicators.selectors.facts import differing, facts_for, offers
from tests.factories.sheets import ANSWERS, fill, fill_whole, open_for_all, submission_of

FIRMS = "high-tech-enterprises"


def fact(submission, meaning=FIRMS):
    return Fact.objects.filter(region=submission.region, meaning__code=meaning).first()


def claims(submission, meaning=FIRMS):
    """Line and part -> figure, whether it reuses another's."""
    rows = FactClaim.objects.filter(fact__region=submission.region, fact__meaning__code=meaning)
    return {
        row.place.split(":", 2)[2]: (str(row.number.normalize()), row.is_reused) for row in rows
    }


def test_the_catalogue_is_loaded_once_and_follows_its_file(version):
    FactMeaning.objects.filter(code=FIRMS).update(name="旧名")

    assert import_system("hebei") == version
    assert len(import_facts("hebei")) == FactMeaning.objects.count() == 41
    assert FactMeaning.objects.get(code=FIRMS).name == "高新技术企业数量"
    assert version.indicators.get(code="05").denominator_fact.name == "工商注册企业数"
    assert version.checks.count() == 16


def test_the_first_place_owns_the_figure_and_equal_ones_reuse_it(submission, people):
    fill_whole(people.filler, submission)

    kept = fact(submission)
    assert (kept.number, kept.data_year) == (50, submission.collection.data_year)
    assert kept.place_label == f"{submission.collection.title}“高新技术企业数量”"
    assert claims(submission) == {"04:value": ("5E+1", False), "05:numerator": ("5E+1", True)}
    assert Fact.objects.count() == 11


def test_another_figure_stays_beside_the_first_until_it_is_settled(submission, people):
    fill_whole(people.filler, submission)
    fill(people.filler, submission, {"05": CellInput("", "49", "16625")})

    assert fact(submission).number == 50
    assert claims(submission)["05:numerator"] == ("49", False)
    [difference] = differing(submission)
    assert (difference.meaning.code, difference.numbers) == (FIRMS, [50, 49])


def test_when_the_first_place_changes_its_figure_the_fact_moves(submission, people):
    fill_whole(people.filler, submission)
    fill(people.filler, submission, {"04": CellInput("51")})

    assert fact(submission).number == 51
    assert claims(submission) == {"04:value": ("51", False), "05:numerator": ("5E+1", False)}


def test_a_blank_takes_the_claim_away_and_the_fact_passes_on_or_goes(submission, people):
    fill_whole(people.filler, submission)

    fill(people.filler, submission, {"04": CellInput(mode="missing", note="未公布")})
    assert fact(submission).place_label.endswith("“千家工商注册企业中高新技术企业数量”的分子")
    assert claims(submission) == {"05:numerator": ("5E+1", False)}

    fill(people.filler, submission, {"05": CellInput("3")})
    assert fact(submission) is None


def test_saving_costs_three_questions_more_whatever_the_number_of_cells(submission, people):
    specs = {row.code: spec_of(row) for row in list_indicators(submission.collection.version)}
    catalogue_of(submission.collection.version_id)
    figures = {code: read_cell(specs[code], typed)[0] for code, typed in ANSWERS.items()}

    with CaptureQueriesContext(connection) as first:
        state_facts(submission, people.filler, figures)
    with CaptureQueriesContext(connection) as again:
        state_facts(submission, people.filler, figures)

    asked = [each["sql"] for each in first if "SAVEPOINT" not in each["sql"]]
    assert len(asked) == 3
    assert len(again) == 1


def test_a_reason_stands_until_one_of_the_figures_moves(submission, people):
    fill_whole(people.filler, submission, i05=CellInput("", "49", "16625"))

    explain_claim(
        actor=people.filler,
        submission_id=submission.public_id,
        meaning=FIRMS,
        reason=" 口径不同。 ",
    )

    assert differing(submission)[0].reason == "口径不同。"
    [found] = [each for each in evaluate(submission) if each.rule == "facts_disagree"]
    assert (found.reason, found.lacks_reason) == ("口径不同。", False)

    fill(people.filler, submission, {"06": CellInput("342")})
    assert {each.meaning.code: each.reason for each in differing(submission)}[FIRMS] == "口径不同。"
    fill(people.filler, submission, {"04": CellInput("51")})
    assert {each.meaning.code: each.reason for each in differing(submission)}[FIRMS] == ""


def test_reconciling_writes_the_chosen_figure_everywhere(submission, people):
    fill_whole(people.filler, submission, i05=CellInput("", "49", "16625"))

    changed = reconcile_fact(
        actor=people.filler, submission_id=submission.public_id, meaning=FIRMS, number=Decimal(49)
    )

    assert changed == ["04"]
    assert differing(submission) == []
    value = submission.values.get(indicator__code="04")
    assert (value.text, value.number) == ("49", 49)
    assert Event.objects.filter(act="save_values").count() == 2


def test_a_figure_that_fits_no_cell_is_refused_and_changes_nothing(submission, people):
    fill_whole(people.filler, submission)

    with pytest.raises(Invalid) as refused:
        reconcile_fact(
            actor=people.filler,
            submission_id=submission.public_id,
            meaning=FIRMS,
            number=Decimal("49.5"),
        )

    assert refused.value.code == "number_not_an_integer"
    assert fact(submission).number == 50


def test_what_is_known_is_offered_and_adopted(submission, people):
    fill(people.filler, submission, {"04": CellInput("50"), "07": CellInput("", "341", "16625")})

    offered = {(each.code, each.part): str(each.number.normalize()) for each in offers(submission)}
    assert offered == {
        ("05", "numerator"): "5E+1",
        ("05", "denominator"): "16625",
        ("06", "value"): "341",
    }
    filled = adopt_facts(actor=people.filler, submission_id=submission.public_id)

    assert filled == ["05", "06"]
    value = submission.values.get(indicator__code="05")
    assert (value.numerator, value.denominator) == (50, 16625)
    assert claims(submission)["05:numerator"] == ("5E+1", True)
    assert adopt_facts(actor=people.filler, submission_id=submission.public_id) == []


def test_a_rate_takes_its_parts_together_or_not_at_all(submission, people):
    fill(people.filler, submission, {"04": CellInput("50")})

    assert adopt_facts(actor=people.filler, submission_id=submission.public_id) == []


def test_nothing_is_done_for_who_may_not_fill(submission, people):
    fill_whole(people.filler, submission, i05=CellInput("", "49", "16625"))

    for act in (explain_claim, reconcile_fact):
        rest = {"reason": "x"} if act is explain_claim else {"number": Decimal(1)}
        with pytest.raises(NotAllowed):
            act(actor=people.reviewer, submission_id=submission.public_id, meaning=FIRMS, **rest)
    with pytest.raises(Stale) as refused:
        explain_claim(
            actor=people.filler, submission_id=submission.public_id, meaning="gdp", reason="x"
        )
    assert refused.value.code == "facts_agree"


def test_the_register_lists_years_of_the_unit_it_continues(submission, people, version):
    fill_whole(people.filler, submission)
    earlier = submission_of(open_for_all(people.manager, version, years_ago=2), "131081")
    fill_whole(people.filler, earlier)
    stranger = submission_of(submission.collection, "130102")
    fill_whole(people.changan_lead, stranger)

    with CaptureQueriesContext(connection) as asked:
        years = facts_for(submission.region)

    year = submission.collection.data_year
    assert [(each.year, len(each.facts)) for each in years] == [(year, 11), (year - 1, 11)]
    assert len(asked) == 3
    assert [each.year for each in facts_for(submission.region, [year])] == [year]


PLACES = ["submission:1:04:value", "submission:1:05:numerator", "submission:2:04:value"]


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(PLACES),
            st.one_of(st.none(), st.integers(0, 3).map(Decimal)),
            min_size=1,
        ),
        max_size=8,
    )
)
def test_after_any_edits_the_register_says_what_the_places_say(edits):
    standing, told = None, {}
    for edit in edits:
        owner = standing and standing.place
        standing = restate(standing, edit)
        told = {place: number for place, number in (told | edit).items() if number is not None}

        if not told:
            assert standing is None
            continue
        assert {claim.place: claim.number for claim in standing.claims} == told
        assert standing.number == told[standing.place]
        assert standing.place == owner or owner not in told
        for claim in standing.claims:
            agrees = claim.number == standing.number and claim.place != standing.place
            assert claim.is_reused is agrees


def test_a_reason_falls_when_the_fact_moves():
    before = Standing("a", [Claim("a", Decimal(1)), Claim("b", Decimal(2), reason="口径不同")])

    moved = restate(before, {"a": Decimal(3)})
    kept = restate(before, {"c": Decimal(1)})

    assert [claim.reason for claim in moved.claims] == ["", ""]
    assert [claim.reason for claim in kept.claims] == ["", "口径不同", ""]
