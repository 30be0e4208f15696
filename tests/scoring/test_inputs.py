"""What is frozen: the same whatever order the rows come in, and true to what was typed."""

import random
from decimal import Decimal

import pytest

from county_portal.common import clock
from indicators.models import EvidenceItem, MonthlyCall, MonthlyTarget, Value
from scoring.engine.codec import inputs_bytes, inputs_from_bytes, sha256
from scoring.engine.types import Absence, FigureStatus
from scoring.models import PanelScore
from scoring.selectors.inputs import list_unreviewed, lock_submissions, read_inputs
from tests.factories.people import make_person
from tests.factories.sheets import add_item, submission_of, submit
from tests.scoring.acts import hand_in, score


def frozen(collection, scheme, submissions=None):
    rows = lock_submissions(collection) if submissions is None else submissions
    return read_inputs(collection, rows, scheme.sha256)


def figure(inputs, county, indicator):
    (found,) = [row for row in inputs.counties if row.code == county]
    return {row.indicator: row for row in found.figures}[indicator]


def reinsert(model, seed):
    """Store the same rows again in another order, under other keys."""
    rows = list(model.objects.order_by("pk"))
    random.Random(seed).shuffle(rows)
    model.objects.all().delete()
    for row in rows:
        row.pk = None
    model.objects.bulk_create(rows)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_digest_does_not_depend_on_row_order(people, province, reviewed, scheme, seed):
    lead, submission = people.lead, submission_of(reviewed, "131081")
    for name in ("乙孵化器", "甲孵化器", "Alpha", "beta"):
        EvidenceItem.objects.create(
            submission=submission,
            kind=reviewed.version.indicators.get(code="10").evidence_kinds.first(),
            name=name,
            created_by=lead,
            created_at=submission.state_since,
        )
    score(people.expert, reviewed, "4")
    score(make_person("hebei.expert2", people.expert.role, province.office), reviewed, "3")
    before = sha256(inputs_bytes(frozen(reviewed, scheme)))

    for model in (Value, EvidenceItem, PanelScore):
        reinsert(model, seed)

    assert sha256(inputs_bytes(frozen(reviewed, scheme))) == before


def test_digest_depends_on_every_figure(reviewed, scheme):
    before = inputs_bytes(frozen(reviewed, scheme))
    Value.objects.filter(submission__region__code="130121", indicator__code="04").update(number=51)

    assert inputs_bytes(frozen(reviewed, scheme)) != before


def test_counties_stand_by_code_and_indicators_in_order(reviewed, scheme):
    inputs = frozen(reviewed, scheme)

    assert [row.code for row in inputs.counties] == ["130102", "130121", "130181", "131081"]
    assert [row.indicator for row in inputs.counties[0].figures] == [
        f"{n:02}" for n in range(1, 18)
    ]
    assert (inputs.data_year, inputs.evaluation_year) == (
        reviewed.data_year,
        reviewed.evaluation_year,
    )


def test_figures_keep_parts_absence_status_and_text(people, collection, scheme):
    hand_in(people, collection, "130102")
    inputs = frozen(collection, scheme)

    parts = figure(inputs, "130102", "05")
    assert (parts.measure.numerator, parts.measure.denominator, parts.measure.factor) == (
        50,
        16625,
        1000,
    )
    assert parts.status == FigureStatus.CITY_REVIEWED
    assert figure(inputs, "130102", "06").status == FigureStatus.FORECAST
    assert figure(inputs, "130102", "14").absence == Absence.MISSING
    assert figure(inputs, "130102", "17").absence == Absence.QUALITATIVE
    assert figure(inputs, "130102", "01").measure.value == Decimal("7351.2")


def test_line_never_answered_is_missing_and_not_zero(collection, scheme):
    blank = figure(frozen(collection, scheme), "131081", "01")

    assert (blank.absence, blank.measure.value) == (Absence.MISSING, None)


def test_items_alone_answer_an_itemised_line(people, collection, scheme):
    submission = submission_of(collection, "131081")
    add_item(people.lead, submission, "霸州孵化器")

    listed = figure(frozen(collection, scheme), "131081", "10")

    assert listed.absence is None
    assert [(item.kind, item.name) for item in listed.measure.items] == [
        ("incubator-provincial", "霸州孵化器")
    ]


def test_panel_scores_stand_beside_the_text(people, reviewed, scheme):
    score(people.expert, reviewed, "3.5")

    given = figure(frozen(reviewed, scheme), "131081", "17")

    assert given.measure.panel == (Decimal("3.50"),)


def test_inputs_survive_freezing(reviewed, scheme):
    inputs = frozen(reviewed, scheme)

    assert inputs_from_bytes(inputs_bytes(inputs)) == inputs


def test_unreviewed_are_listed_by_code(people, collection):
    hand_in(people, collection, "130102")
    submit(people.lead, submission_of(collection, "131081"))

    codes = [row.region.code for row in list_unreviewed(collection)]

    assert codes == ["130121", "130181", "131081"]


def test_inputs_take_the_same_queries_for_one_county_and_for_four(
    reviewed, scheme, django_assert_num_queries
):
    submissions = lock_submissions(reviewed)

    with django_assert_num_queries(7):
        frozen(reviewed, scheme, submissions[:1])
    with django_assert_num_queries(7):
        frozen(reviewed, scheme, submissions)


def test_no_counties_no_inputs(collection, scheme):
    assert frozen(collection, scheme, []).counties == ()


def aim(lead, collection, code, indicator, number):
    """A county's target for the data year, as the monthly pages write it."""
    call, _ = MonthlyCall.objects.get_or_create(
        version=collection.version,
        year=collection.data_year,
        defaults={"opened_by": lead, "opened_at": clock.now()},
    )
    return MonthlyTarget.objects.create(
        call=call,
        region=submission_of(collection, code).region,
        indicator=collection.version.indicators.get(code=indicator),
        number=Decimal(number),
        set_by=lead,
        set_at=clock.now(),
    )


def test_targets_are_frozen_only_where_the_scheme_scores_by_them(people, reviewed, scheme):
    aim(people.lead, reviewed, "131081", "04", "60")
    rows = lock_submissions(reviewed)

    aimed = read_inputs(reviewed, rows, scheme.sha256, aimed={"04"})

    assert figure(aimed, "131081", "04").measure.target == Decimal(60)
    assert figure(aimed, "130102", "04").measure.target is None
    assert inputs_from_bytes(inputs_bytes(aimed)) == aimed
    assert b"target" not in inputs_bytes(frozen(reviewed, scheme))


def test_targets_cost_one_query_more(reviewed, scheme, django_assert_num_queries):
    rows = lock_submissions(reviewed)

    with django_assert_num_queries(8):
        read_inputs(reviewed, rows, scheme.sha256, aimed={"04", "05"})
