"""Appeals: who may do what when, what is refused in words, and what a correction leads to."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.http import Http404

from county_portal.accounts.roles import ROLE_PERMISSIONS, Role
from county_portal.administration.actions.deputies import end_deputy
from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Refused, Stale
from county_portal.notices.models import Notice
from indicators.models import Value
from scoring.actions.appeal_reminders import remind_of_appeals
from scoring.actions.appeals import (
    AppealInput,
    Opinion,
    Review,
    decide_appeal,
    file_appeal,
    go_on_without_city,
    opine,
    reopen_appeal,
    review_appeal,
    stamp_of,
    withdraw_appeal,
)
from scoring.claims import AddedItem, ClaimInput
from scoring.corrections import figure_from_document
from scoring.enums import AppealAction, AppealState
from scoring.models import Appeal, AppealFile, AppealStep, FigureCorrection, PublishedList, Result
from scoring.selectors.appeal_effects import read_effect
from scoring.selectors.appeals import AppealFilter, appeals_summary, count_appeals, get_appeal
from scoring.selectors.corrections import list_errata, list_waiting_years
from scoring.workflow import APPEAL_WORKFLOW
from tests.factories.deputies import stand_in
from tests.factories.people import make_person
from tests.scoring.acts import (
    appeal,
    decided,
    examined,
    grade,
    opined,
    publish,
    upheld,
)

COUNTY, CITY = {Role.COUNTY_LEAD}, {Role.CITY_REVIEWER}
REVIEWER, DECIDER = {Role.PROVINCE_MANAGER}, {Role.PROVINCE_PUBLISHER}
A, S = AppealAction, AppealState
WHO = {
    A.OPINE: CITY,
    A.GO_ON: REVIEWER,
    A.REVIEW: REVIEWER,
    A.REOPEN: DECIDER,
    A.UPHOLD: DECIDER,
    A.REJECT: DECIDER,
    A.WITHDRAW: COUNTY,
}
TARGETS = {
    (A.OPINE, S.FILED): S.OPINED,
    (A.GO_ON, S.FILED): S.OPINED,
    (A.REVIEW, S.OPINED): S.REVIEWED,
    (A.REOPEN, S.REVIEWED): S.OPINED,
    (A.UPHOLD, S.REVIEWED): S.UPHELD,
    (A.REJECT, S.REVIEWED): S.REJECTED,
    (A.WITHDRAW, S.FILED): S.WITHDRAWN,
    (A.WITHDRAW, S.OPINED): S.WITHDRAWN,
}
SAY = "情况说明。"


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("state", AppealState)
@pytest.mark.parametrize("action", WHO)
def test_appeal_workflow(action, state, role):
    permissions = ROLE_PERMISSIONS[role]
    target = TARGETS.get((action, state))

    if role not in WHO[action]:
        with pytest.raises(NotAllowed):
            APPEAL_WORKFLOW.find(action, state, permissions, SAY)
    elif target is None:
        with pytest.raises(Stale):
            APPEAL_WORKFLOW.find(action, state, permissions, SAY)
    else:
        assert APPEAL_WORKFLOW.find(action, state, permissions, SAY).target == target


@pytest.mark.parametrize("key", [key for key in TARGETS if key[0] != A.WITHDRAW])
def test_every_step_but_withdrawing_needs_words(key):
    (role,) = WHO[key[0]]
    with pytest.raises(Invalid, match="comment_required"):
        APPEAL_WORKFLOW.find(*key, ROLE_PERMISSIONS[role], "　")


# filing


def test_a_filed_appeal_keeps_figure_claim_and_evidence(people, published):
    scan = SimpleUploadedFile("认定文件.pdf", b"%PDF-1.7\n%%EOF", "application/pdf")

    row = appeal(people, published, files=[scan])

    row.refresh_from_db()
    assert (row.state, row.office, row.filed_by) == (S.FILED, people.lead.office, people.lead)
    assert row.reviewing_office == people.reviewer.office
    assert figure_from_document(row.scored_figure).measure.value == Decimal(97)
    assert figure_from_document(row.claimed_figure).measure.value == Decimal(120)
    assert [file.name for file in row.files.all()] == ["认定文件.pdf"]
    assert Event.objects.get(act="file_appeal").detail["county"] == "131081"


def test_the_window_is_set_when_a_list_is_published(published):
    assert published.appeals_until == clock.today() + timedelta(days=15)


def test_filing_tells_county_and_city_but_not_who_filed(people, published):
    appeal(people, published)

    told = set(Notice.objects.filter(kind="appeal_file").values_list("recipient__login", flat=True))
    assert told == {"bazhou.filler", "langfang.reviewer"}


@pytest.mark.parametrize("days, is_open", [(15, True), (16, False)])
def test_the_window_closes_after_its_last_day(people, published, days, is_open):
    with clock.playing(clock.now() + timedelta(days=days)):
        if is_open:
            assert appeal(people, published).pk
            return
        with pytest.raises(Stale, match="appeal_window_closed"):
            appeal(people, published)
    assert not Appeal.objects.exists()


def test_only_the_head_of_the_county_files(people, published):
    region = published.rows.get(code="131081").region
    for person in (people.filler, people.reviewer, people.manager, people.publisher):
        data = AppealInput(published.public_id, region.public_id, "04", SAY)
        with pytest.raises(NotAllowed):
            file_appeal(actor=person, data=data)


def test_against_a_foreign_county_is_a_404(people, published):

    region = published.rows.get(code="130102").region
    data = AppealInput(published.public_id, region.public_id, "04", SAY)
    with pytest.raises(Http404):
        file_appeal(actor=people.lead, data=data)


def test_a_draft_and_an_unknown_line_are_404s(people, drafted):
    with pytest.raises(Http404):
        appeal(people, drafted)


def test_an_unknown_line_is_a_404(people, published):
    with pytest.raises(Http404):
        appeal(people, published, indicator="99")


def test_blank_reason_changes_nothing(people, published):

    region = published.rows.get(code="131081").region
    data = AppealInput(published.public_id, region.public_id, "04", "　 ")
    with pytest.raises(Invalid, match="words_required"):
        file_appeal(actor=people.lead, data=data)
    assert not Appeal.objects.exists()


def test_one_appeal_under_way_per_line(people, published):
    appeal(people, published)

    with pytest.raises(Stale, match="appeal_under_way"):
        appeal(people, published)
    assert appeal(people, published, ClaimInput("20"), indicator="05").pk
    assert Appeal.objects.count() == 2


def test_after_withdrawing_it_may_be_filed_again(people, published):
    row = appeal(people, published)
    withdraw_appeal(actor=people.lead, appeal_id=row.public_id)

    assert appeal(people, published).state == S.FILED


def test_a_replaced_list_takes_no_more(people, reviewed, scheme, published):
    upheld(people, published)
    publish(people, grade(people, reviewed, scheme), 2, "更正")

    with pytest.raises(Stale, match="list_replaced"):
        appeal(people, published, ClaimInput("20"), indicator="05")


def test_what_was_decided_is_not_taken_again(people, reviewed, scheme, published):
    upheld(people, published)

    with pytest.raises(Stale, match="appeal_decided"):
        appeal(people, published)
    newer = publish(people, grade(people, reviewed, scheme), 2, "更正")
    with pytest.raises(Stale, match="appeal_decided"):
        appeal(people, newer, ClaimInput("130"))


@pytest.mark.parametrize(
    "indicator, figure, code, field",
    [
        ("04", ClaimInput("许多"), "number_not_a_number", "text"),
        ("04", ClaimInput("-5"), "number_negative", "text"),
        ("04", ClaimInput("97"), "figure_unchanged", "text"),
        ("05", ClaimInput("", "50", "0"), "denominator_zero", "denominator"),
        ("05", ClaimInput("", "50", ""), "rate_part_missing", "denominator"),
        ("10", ClaimInput(added=(AddedItem("no-such-kind", "甲"),)), "item_kind_required", "added"),
    ],
)
def test_a_figure_that_is_none_is_refused_in_words(
    people, published, indicator, figure, code, field
):
    with pytest.raises(Invalid, match=code) as refused:
        appeal(people, published, figure, indicator=indicator)
    assert refused.value.field == field
    assert not Appeal.objects.exists()


def test_too_many_files_are_refused(people, published):
    files = [SimpleUploadedFile(f"{n}.pdf", b"%PDF-1.7\n%%EOF") for n in range(6)]

    with pytest.raises(Invalid, match="too_many_files"):
        appeal(people, published, files=files)
    assert not AppealFile.objects.exists()


# on its way


def test_the_city_gives_its_opinion(people, published):
    row = opined(people, appeal(people, published), is_for=False)

    row.refresh_from_db()
    assert (row.state, row.city_supports, row.city_opinion) == (S.OPINED, False, "情况属实。")


def test_another_city_sees_nothing(people, published):
    row = appeal(people, published)
    opinion = Opinion(True, SAY, stamp_of(row))

    with pytest.raises(Http404):
        opine(actor=people.shijiazhuang_reviewer, appeal_id=row.public_id, opinion=opinion)
    with pytest.raises(Http404):
        get_appeal(people.changan_lead, row.public_id)


def test_the_province_goes_on_only_when_the_city_is_overdue(people, published):
    row = appeal(people, published)
    with pytest.raises(Stale, match="city_not_overdue"):
        go_on_without_city(actor=people.manager, appeal_id=row.public_id, words=SAY)

    with clock.playing(clock.now() + timedelta(days=11)):
        row = go_on_without_city(actor=people.manager, appeal_id=row.public_id, words=SAY)

    assert (row.state, row.city_supports, row.city_opinion) == (S.OPINED, None, "")


def test_blank_words_of_a_review_change_nothing(people, published):
    row = opined(people, appeal(people, published))
    review = Review(True, "  ", stamp_of(row), ClaimInput("120"))

    with pytest.raises(Invalid, match="comment_required"):
        review_appeal(actor=people.manager, appeal_id=row.public_id, review=review)
    row.refresh_from_db()
    assert (row.state, row.proposed_figure, row.review_words) == (S.OPINED, None, "")


@pytest.mark.parametrize(
    "figure, code",
    [(ClaimInput(), "figure_required"), (ClaimInput("-1"), "number_negative")],
)
def test_a_correction_needs_a_figure_that_can_be_scored(people, published, figure, code):
    row = opined(people, appeal(people, published))

    with pytest.raises(Invalid, match=code):
        examined(people, row, figure)
    row.refresh_from_db()
    assert row.state == S.OPINED


def test_what_the_engine_refuses_is_answered_with_its_sentence(people, published):
    row = opined(people, appeal(people, published, ClaimInput(), indicator="17"))

    with pytest.raises(Invalid, match="figure_refused") as refused:
        examined(people, row, ClaimInput(panel=("9",)))
    assert "霸州市" in refused.value.sentence
    row.refresh_from_db()
    assert (row.state, row.proposed_figure) == (S.OPINED, None)


def test_the_reviewer_never_decides(people, published):
    row = examined(people, opined(people, appeal(people, published)))
    both = make_person("hebei.both", Role.PROVINCE_PUBLISHER, people.publisher.office)
    Appeal.objects.filter(pk=row.pk).update(reviewed_by=both)
    row.refresh_from_db()

    decision = Opinion(True, SAY, stamp_of(row))
    with pytest.raises(NotAllowed, match="second_person_required"):
        decide_appeal(actor=both, appeal_id=row.public_id, decision=decision)
    with (
        pytest.raises(IntegrityError, match="appeal_decided_by_second_person"),
        transaction.atomic(),
    ):
        Appeal.objects.filter(pk=row.pk).update(decided_by=both)


def test_upholding_without_a_proposed_figure_is_refused(people, published):
    row = opined(people, appeal(people, published))
    review = Review(False, "数据无误。", stamp_of(row))
    row = review_appeal(actor=people.manager, appeal_id=row.public_id, review=review)

    with pytest.raises(Invalid, match="no_correction_proposed"):
        decided(people, row)
    assert decided(people, row, is_for=False).state == S.REJECTED
    assert not FigureCorrection.objects.exists()


def test_sent_back_it_is_reviewed_again_and_the_old_page_is_stale(people, published):
    row = examined(people, opined(people, appeal(people, published)))
    seen = stamp_of(row)
    row = reopen_appeal(
        actor=people.publisher, appeal_id=row.public_id, words="请核对年鉴。", seen=seen
    )
    row = examined(people, row, ClaimInput("110"))

    decision = Opinion(True, SAY, seen)
    with pytest.raises(Stale, match="stale_state"):
        decide_appeal(actor=people.publisher, appeal_id=row.public_id, decision=decision)
    decided(people, row)
    assert FigureCorrection.objects.get().figure["value"] == "110"
    assert list(AppealStep.objects.order_by("pk").values_list("action", flat=True)) == [
        *("file", "opine", "review", "reopen", "review", "uphold")
    ]


def test_a_reviewed_appeal_cannot_be_withdrawn(people, published):
    row = examined(people, opined(people, appeal(people, published)))

    with pytest.raises(Stale):
        withdraw_appeal(actor=people.lead, appeal_id=row.public_id)


def test_a_decided_appeal_never_changes(people, published):
    row = upheld(people, published)

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Appeal.objects.filter(pk=row.pk).update(claim="改写")
    with pytest.raises(Refused):
        decided(people, row)


def test_the_calendar_reminds_once_before_the_day_and_once_after(people, published):
    appeal(people, published)
    told = Notice.objects.filter(kind="appeal_due")

    remind_of_appeals()
    assert not told.exists()
    for days in (8, 9, 10):
        with clock.playing(clock.now() + timedelta(days=days)):
            remind_of_appeals()
    assert list(told.values_list("recipient__login", flat=True)) == ["langfang.reviewer"]
    with clock.playing(clock.now() + timedelta(days=11)):
        remind_of_appeals()
    late = told.filter(title__contains="已逾期").values_list("recipient__login", flat=True)
    assert set(late) == {"langfang.reviewer", "hebei.manager"}


# corrections


def test_the_effect_is_what_the_later_run_gives(people, reviewed, scheme, published):
    """To the hundredth, for the county and for everybody else."""
    row = opined(people, appeal(people, published, ClaimInput("30")))
    row = examined(people, row, ClaimInput("30"))
    effect = read_effect(row, figure_from_document(row.proposed_figure))
    decided(people, row)

    run = grade(people, reviewed, scheme)

    after = Result.objects.get(run=run, region__code="131081")
    before = Result.objects.get(run=published.run, region__code="131081")
    line = after.lines.get(indicator_code="04")
    assert (effect.own.before.total, effect.own.after.total) == (before.total, after.total)
    assert (effect.line_after.score, effect.own.after.rank) == (line.score, after.rank)
    assert effect.gain == after.total - before.total
    assert effect.gain < 0
    assert {name: now for name, _, now in effect.classes}[after.class_name] >= 1


def test_the_effect_names_all_whose_rank_moves(people, published):
    """长安, last with two others, would stand before them, in the same place as now."""
    row = appeal(people, published, ClaimInput("80"), code="130102")
    effect = read_effect(row, figure_from_document(row.claimed_figure))

    assert (effect.own.before.rank, effect.own.after.rank) == (2, 2)
    assert [(moved.after.code, moved.before.rank, moved.after.rank) for moved in effect.moved] == [
        ("130121", 2, 3),
        ("130181", 2, 3),
    ]


def test_a_correction_overlays_later_runs_and_leaves_the_sheet(people, reviewed, scheme, published):
    upheld(people, published)

    run = grade(people, reviewed, scheme)

    assert run.inputs != published.run.inputs
    assert '"value":"120"' in run.inputs.replace(" ", "")
    assert Value.objects.get(
        submission__region__code="131081", indicator__code="04"
    ).number == Decimal(97)
    assert [row.correction.region.code for row in run.applied_corrections.all()] == ["131081"]


def test_without_corrections_the_bytes_are_those_of_before(people, reviewed, scheme, published):
    assert grade(people, reviewed, scheme).same_as == published.run


def test_a_correction_waits_until_the_list_shows_it(people, reviewed, scheme, published):
    upheld(people, published)

    (year,) = list_waiting_years(people.manager)
    assert (year.published, year.run, year.in_preparation) == (published, None, None)
    assert list_waiting_years(people.lead) == []
    run = grade(people, reviewed, scheme)
    (year,) = list_waiting_years(people.manager)
    assert year.run == run
    newer = publish(people, run, 2, "经申诉复查更正。")
    assert list_waiting_years(people.manager) == []
    region = newer.rows.get(code="131081").region
    name = newer.collection.version.indicators.get(code="04").name
    assert [(row.county, list(row.indicators)) for row in list_errata(newer)] == [
        (region.full_name, [name])
    ]


def test_the_database_keeps_one_correction_an_appeal_and_never_changes_it(people, published):
    upheld(people, published)

    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        FigureCorrection.objects.update(figure={})


def test_numbers_of_the_summary(people, published):
    upheld(people, published)
    appeal(people, published, ClaimInput("20"), indicator="05")

    summary = appeals_summary()
    assert (summary.filed, summary.open, summary.upheld, summary.corrections) == (2, 1, 1, 1)
    assert count_appeals(people.manager, AppealFilter()).total() == 2
    assert PublishedList.objects.count() == 1


def test_nor_does_whoever_reviewed_it_in_the_managers_stead(people, published):
    """Reviewed by the checker for the manager, sent back, reviewed by the manager: still the checker's hands."""
    row = opined(people, appeal(people, published))
    covering = stand_in(people.checker, people.manager)
    review = Review(False, SAY, stamp_of(row))
    row = review_appeal(actor=people.checker, appeal_id=row.public_id, review=review)
    row = reopen_appeal(
        actor=people.publisher, appeal_id=row.public_id, words=SAY, seen=stamp_of(row)
    )
    end_deputy(actor=people.manager, deputyship_id=covering.public_id)
    row = examined(people, row)
    assert row.reviewed_by == people.manager

    stand_in(people.checker, people.publisher)
    decision = Opinion(False, SAY, stamp_of(row))
    with pytest.raises(NotAllowed, match="second_person_required"):
        decide_appeal(actor=people.checker, appeal_id=row.public_id, decision=decision)
