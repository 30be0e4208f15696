"""Each named constraint violated once, and the table that only grows."""

from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from county_portal.common import clock
from indicators.models import (
    Collection,
    EvidenceItem,
    EvidenceKind,
    Indicator,
    IndicatorGroup,
    ReviewStep,
    Submission,
    SystemVersion,
    Value,
)
from tests.factories.sheets import add_item, give_back, submission_of


@contextmanager
def violating(name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        yield


def test_a_version_number_is_used_once(version):
    with violating("system_version_number_unique"):
        SystemVersion.objects.create(system=version.system, number=1, source="", digest="")


def test_groups_and_indicators_have_their_place_once(version):
    group = version.groups.get(order=1)
    with violating("indicator_group_order_unique"):
        IndicatorGroup.objects.create(version=version, order=1, name="又一组")
    with violating("indicator_code_unique"):
        Indicator.objects.create(
            version=version, group=group, code="01", order=99, name="重复", kind="number"
        )


@pytest.mark.parametrize(
    "changed, name",
    [
        ({"kind": "rate"}, "indicator_rate_names_its_parts"),
        ({"factor": Decimal(0)}, "indicator_factor_positive"),
    ],
)
def test_an_indicator_is_complete(version, changed, name):
    with violating(name):
        version.indicators.filter(code="01").update(**changed)


def test_an_evidence_kind_is_named_once(version):
    kind = EvidenceKind.objects.filter(indicator__version=version).first()
    with violating("evidence_kind_code_unique"):
        EvidenceKind.objects.create(indicator=kind.indicator, code=kind.code, order=9, name="重复")


def test_a_year_is_collected_once(collection, people):
    with violating("collection_year_unique"):
        Collection.objects.create(
            version=collection.version,
            title="重复",
            data_year=collection.data_year,
            evaluation_year=collection.evaluation_year,
            opens_on=collection.opens_on,
            county_due_on=collection.county_due_on,
            city_due_on=collection.city_due_on,
            created_by=people.manager,
        )


@pytest.mark.parametrize(
    "changed, name",
    [
        ({"county_due_on": "2000-01-01"}, "collection_dates_in_order"),
        ({"city_due_on": "2000-01-01"}, "collection_dates_in_order"),
        ({"evaluation_year": 2000}, "collection_evaluates_a_past_year"),
        ({"opened_at": None}, "collection_opened_has_time"),
    ],
)
def test_a_collection_is_consistent(collection, changed, name):
    with violating(name):
        Collection.objects.filter(pk=collection.pk).update(**changed)


@pytest.mark.parametrize(
    "changed, name",
    [
        ({"state": "city_review"}, "submission_submitted_has_time_and_digest"),
        (
            {"state": "accepted", "submitted_at": clock.now()},
            "submission_submitted_has_time_and_digest",
        ),
        ({"extended_to": "2030-01-01"}, "submission_extension_has_reason"),
    ],
)
def test_a_submission_is_consistent(submission, changed, name):
    with violating(name):
        Submission.objects.filter(pk=submission.pk).update(**changed)


def test_a_county_has_one_submission(submission):
    with violating("submission_one_per_county"):
        Submission.objects.create(
            collection=submission.collection,
            region=submission.region,
            office=submission.office,
            reviewing_office=submission.reviewing_office,
            state_since=clock.now(),
        )


def value(submission, people, **parts):
    indicator = submission.collection.version.indicators.get(code="02")
    return Value.objects.create(
        submission=submission,
        indicator=indicator,
        updated_by=people.filler,
        updated_at=clock.now(),
        **parts,
    )


@pytest.mark.parametrize(
    "parts, name",
    [
        ({"absence": "missing", "number": 1}, "value_absent_has_no_figure"),
        ({"numerator": 1, "denominator": 0}, "value_denominator_positive"),
        ({"numerator": 1}, "value_parts_come_together"),
        ({"denominator": 1}, "value_parts_come_together"),
    ],
)
def test_a_value_is_a_figure_or_an_absence(submission, people, parts, name):
    with violating(name):
        value(submission, people, **parts)


def test_an_indicator_has_one_value(submission, people):
    value(submission, people, number=1)
    with violating("value_one_per_indicator"):
        value(submission, people, number=2)


def test_an_item_is_named_once(submission, people):
    item = add_item(people.filler, submission, "科技企业孵化器")
    with violating("evidence_item_named_once"):
        EvidenceItem.objects.create(
            submission=submission,
            kind=item.kind,
            name=item.name,
            created_by=people.filler,
            created_at=clock.now(),
        )


@pytest.mark.parametrize("action", ["return", "send_back", "reopen"])
def test_a_return_has_words(submission, people, action):
    with violating("review_step_return_has_comment"):
        ReviewStep.objects.create(
            submission=submission,
            action=action,
            from_state="city_review",
            to_state="returned",
            label="退回",
            actor=people.reviewer,
            comment=" \n",
            revision=1,
            at=clock.now(),
        )


@pytest.mark.parametrize("act", ["update", "delete"])
def test_steps_taken_stay_as_they_were(submission, people, act):
    give_back(people.lead, people.reviewer, submission)
    steps = ReviewStep.objects.filter(submission=submission)
    statements = {
        "update": "UPDATE indicators_reviewstep SET comment = '改写'",
        "delete": "DELETE FROM indicators_reviewstep",
    }

    # Past the application, which protects steps that a version or a return hangs on by itself.
    with (
        pytest.raises(DatabaseError, match="append_only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statements[act])
    assert [step.comment for step in steps] == ["", "", "请核对。"]


def test_the_day_depends_on_whose_turn_it_is(submission):
    collection = submission.collection

    assert submission.due_on == submission.due_on_in("draft") == collection.county_due_on
    assert submission.due_on_in("returned") == collection.city_due_on
    submission.extended_to = collection.city_due_on + timedelta(days=5)
    assert submission.due_on == submission.extended_to


def test_rows_name_themselves(collection, submission, people):
    item = add_item(people.filler, submission, "孵化器")
    step = give_back(people.lead, people.reviewer, submission).steps.last()

    assert str(collection.version).endswith("（第1版）")
    assert str(submission) == f"廊坊市霸州市 {collection.title}"
    assert str(item) == "孵化器"
    assert str(step).startswith("退回 ")
    assert str(submission.values.get(indicator__code="04")).endswith(": 50")


@pytest.mark.parametrize(
    "who, codes",
    [
        ("filler", ["131081"]),
        ("provider", []),
        ("changan_lead", ["130102"]),
        ("reviewer", ["131081"]),
        ("signer", ["131081"]),
        ("shijiazhuang_reviewer", ["130102", "130121"]),
        ("xinji_reviewer", ["130181"]),
        ("manager", ["130102", "130121", "130181", "131081"]),
        ("expert", ["130102", "130121", "130181", "131081"]),
        ("system_admin", []),
        ("security_admin", []),
        ("auditor", []),
    ],
)
def test_who_sees_which_submissions(collection, people, who, codes):
    seen = Submission.objects.visible_to(getattr(people, who)).order_by("region__code")

    assert [row.region.code for row in seen] == codes


def test_the_reviewing_office_is_a_field_never_the_code(collection):
    # 辛集's code begins with 石家庄's, yet 石家庄 does not review it.
    assert submission_of(collection, "130181").reviewing_office.name.startswith("辛集市")
