"""Robustness before publishing: the study of a run, the word on boundary counties, the gate, the pages."""

import json
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from county_portal.accounts.models import User
from county_portal.accounts.roles import Role
from county_portal.audit.models import Event
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.jobs import runner
from scoring.actions.publishing import publish_list
from scoring.actions.robustness import (
    ReviewInput,
    StudyOrder,
    complete_study,
    fail_study,
    review_case,
    start_study,
)
from scoring.engine.codec import sha256
from scoring.enums import ListState, StudyState
from scoring.models import BoundaryCase, BoundaryReview, GradingRun, PublishedList
from scoring.robustness.report import read_report
from scoring.robustness.settings import StudySettings
from scoring.selectors.robustness import (
    newest_study,
    publication_gate,
    robustness_summary,
)
from tests.scoring.acts import (
    CODES,
    check_robustness,
    consented,
    draft,
    grade,
    hand_in_all,
    score,
    study,
)

# Wide enough that every county of the small province hangs on little.
LOOSE = StudyOrder(StudySettings(epsilon=Decimal(10)), draws=100)
BAZHOU = CODES[0]


@pytest.fixture
def near(people, collection, scheme):
    """A complete run, studied: 霸州 at 64.90 points plus the experts', some 5 above the limit of class B."""
    hand_in_all(people, collection, strong=[BAZHOU])
    score(people.expert, collection, "0.5")
    run = grade(people, collection, scheme)
    study(run)
    loose, _ = start_study(actor=people.manager, run_id=run.public_id, order=LOOSE)
    runner.work(loose.job.pk)
    return run


def said(run, code=BAZHOU, word="已核对年报和佐证，结果无误。"):
    region = run.results.get(region__code=code).region
    return ReviewInput(newest_study(run).public_id, region.public_id, word)


def test_a_complete_run_is_studied_without_being_asked(run):
    waiting = run.robustness_studies.get()
    assert waiting.state == StudyState.QUEUED
    assert waiting.seed == int(run.digest[:12], 16)
    runner.work(waiting.job.pk)
    done = newest_study(run)
    assert done == waiting
    assert done.digest == sha256(done.report.encode())
    report = read_report(done.report)
    stored = {row.region.code: row for row in run.results.select_related("region")}
    assert {row.code for row in report.counties} == set(stored)
    for row in report.counties:
        result = stored[row.code]
        assert (row.total, row.class_name, row.rank) == (
            result.total,
            result.class_name,
            result.rank,
        )


def test_the_same_seed_gives_the_same_report(people, run):
    study(run)
    again, is_new = start_study(actor=people.checker, run_id=run.public_id)
    assert is_new
    runner.work(again.job.pk)
    first, second = run.robustness_studies.order_by("created_at")
    assert first.report == second.report
    other, _ = start_study(actor=people.checker, run_id=run.public_id, order=StudyOrder(seed=5))
    runner.work(other.job.pk)
    assert newest_study(run).digest != first.digest


def test_a_second_start_returns_the_unfinished_study(people, run):
    waiting = run.robustness_studies.get()
    assert start_study(actor=people.manager, run_id=run.public_id) == (waiting, False)


@pytest.mark.parametrize(
    ("order", "field"),
    [
        (StudyOrder(draws=99), "draws"),
        (StudyOrder(draws=5001), "draws"),
        (StudyOrder(StudySettings(epsilon=Decimal("10.01"))), "epsilon"),
        (StudyOrder(StudySettings(weights=Decimal("0.51"))), "weights"),
        (StudyOrder(StudySettings(warnings=Decimal("-0.1"))), "warnings"),
        (StudyOrder(StudySettings(threshold=Decimal(0))), "threshold"),
        (StudyOrder(seed=2**63), "seed"),
    ],
)
def test_settings_out_of_bounds_are_refused(people, run, order, field):
    study(run)
    with pytest.raises(Invalid) as refusal:
        start_study(actor=people.manager, run_id=run.public_id, order=order)
    assert refusal.value.field == field
    assert run.robustness_studies.count() == 1


def test_only_those_who_check_start_and_review(people, near):
    for actor in (people.publisher, people.expert, people.lead):
        with pytest.raises(NotAllowed):
            start_study(actor=actor, run_id=near.public_id)
        with pytest.raises(NotAllowed):
            review_case(actor=actor, run_id=near.public_id, review=said(near))


def test_a_study_done_twice_keeps_its_cases_once(near):
    newest = newest_study(near)
    cases = newest.cases.count()
    assert complete_study(newest.pk).digest == newest.digest
    assert newest.cases.count() == cases > 0


def test_a_failed_study_makes_room_for_another(people, run):
    waiting = run.robustness_studies.get()
    # Who started it may no longer: the job stops and says so.
    User.objects.filter(pk=people.manager.pk).update(role=Role.PROVINCE_EXPERT)
    runner.work(waiting.job.pk)
    waiting.refresh_from_db()
    assert waiting.state == StudyState.FAILED
    assert not publication_gate(run).is_studied
    another, is_new = start_study(actor=people.checker, run_id=run.public_id)
    assert is_new
    runner.work(another.job.pk)
    assert publication_gate(run).is_studied
    # Retried, the first is done too.
    assert complete_study(waiting.pk).state == StudyState.COMPLETE


def test_a_case_says_why(near):
    case = newest_study(near).cases.get(region__code=BAZHOU)
    assert case.limit_class == "B"
    assert case.reasons[0] == f"高出B类分档线{case.distance}分"
    assert Decimal(0) <= case.change_probability <= 1
    assert case.best_rank == case.worst_rank == 1


def test_a_word_is_kept_with_who_and_when(people, near):
    made = review_case(actor=people.checker, run_id=near.public_id, review=said(near))
    assert (made.reviewed_by, made.region.code) == (people.checker, BAZHOU)
    second = review_case(
        actor=people.manager, run_id=near.public_id, review=said(near, word="同意。")
    )
    (row,) = [row for row in publication_gate(near).cases if row.case.region.code == BAZHOU]
    assert list(row.reviews) == [made, second]
    assert row.review == second
    assert Event.objects.filter(act="review_boundary").count() == 2


@pytest.mark.parametrize("word", ["", "   ", "　\n"])
def test_a_blank_word_marks_nothing(people, near, word):
    with pytest.raises(Invalid) as refusal:
        review_case(actor=people.manager, run_id=near.public_id, review=said(near, word=word))
    assert refusal.value.field == "word"
    assert not BoundaryReview.objects.exists()


def test_a_word_on_an_older_study_is_refused(people, near):
    stale = said(near)
    newer, _ = start_study(actor=people.manager, run_id=near.public_id, order=LOOSE)
    runner.work(newer.job.pk)
    with pytest.raises(Stale) as refusal:
        review_case(actor=people.manager, run_id=near.public_id, review=stale)
    assert refusal.value.code == "study_renewed"
    assert not BoundaryReview.objects.exists()


def test_a_county_that_is_no_case_needs_no_word(people, run):
    study(run)
    assert not BoundaryCase.objects.filter(region__code=CODES[1]).exists()
    with pytest.raises(Stale) as refusal:
        review_case(actor=people.manager, run_id=run.public_id, review=said(run, CODES[1]))
    assert refusal.value.code == "not_a_boundary_case"


def ready(people, run):
    """A list with its consent, and the words on its boundary counties taken for granted no more."""
    made = consented(people, run)
    loose, _ = start_study(actor=people.manager, run_id=run.public_id, order=LOOSE)
    runner.work(loose.job.pk)
    return made


def test_no_list_is_published_before_its_run_is_studied(people, run):
    made = draft(people, run)
    PublishedList.objects.filter(pk=made.pk).update(
        state=ListState.CONSENTED,
        consent_on=made.publish_on,
        consent_by=people.manager,
        consent_number="1号",
    )
    with pytest.raises(Stale) as refusal:
        publish_list(actor=people.publisher, list_id=made.public_id)
    assert refusal.value.code == "robustness_missing"
    assert "正在进行" in refusal.value.sentence
    fail_study(run.robustness_studies.get().pk)
    with pytest.raises(Stale, match="还没有进行"):
        publish_list(actor=people.publisher, list_id=made.public_id)


def test_words_hold_for_the_run_whatever_was_studied_since(people, near):
    made = consented(people, near)
    stricter = StudyOrder(StudySettings(epsilon=Decimal(10), threshold=Decimal("0.01")), draws=100)
    newer, _ = start_study(actor=people.manager, run_id=near.public_id, order=stricter)
    runner.work(newer.job.pk)
    assert publish_list(actor=people.publisher, list_id=made.public_id).state == ListState.PUBLISHED


def test_the_gate_names_who_lacks_a_word(people, run):
    made = ready(people, run)
    gate = publication_gate(run)
    assert [row.case.region.code for row in gate.unreviewed] == [BAZHOU]
    with pytest.raises(Stale, match="霸州市尚未复核") as refusal:
        publish_list(actor=people.publisher, list_id=made.public_id)
    assert refusal.value.code == "boundary_unreviewed"
    assert not PublishedList.objects.get(pk=made.pk).document_number
    check_robustness(people.checker, run)
    assert publish_list(actor=people.publisher, list_id=made.public_id).state == ListState.PUBLISHED


def test_a_laxer_study_undoes_no_case(people, near):
    lax = StudyOrder(StudySettings(epsilon=Decimal(0), threshold=Decimal(1)), draws=100)
    newer, _ = start_study(actor=people.manager, run_id=near.public_id, order=lax)
    runner.work(newer.job.pk)
    assert not newest_study(near).cases.exists()
    assert publication_gate(near).unreviewed


def test_reading_the_gate_costs_the_same_however_many_cases(near, django_assert_num_queries):
    with django_assert_num_queries(3):
        gate = publication_gate(near)
        assert [row.city for row in gate.cases]


def test_the_summary_counts_cases_of_published_runs(people, published):
    assert robustness_summary()["boundary"] == robustness_summary()["reviewed"]
    check_robustness(people.manager, published.run)
    loose, _ = start_study(actor=people.manager, run_id=published.run.public_id, order=LOOSE)
    runner.work(loose.job.pk)
    summary = robustness_summary()
    assert summary["boundary"] == 1
    assert summary["reviewed"] == 0
    assert Decimal(summary["max_p_change"]) >= 0


def urls(run, code=BAZHOU):
    region = run.results.get(region__code=code).region
    return {
        "study": reverse("scoring:robustness", args=[run.public_id]),
        "start": reverse("scoring:robustness_start", args=[run.public_id]),
        "progress": reverse("scoring:robustness_progress", args=[run.public_id]),
        "report": reverse("scoring:robustness_report", args=[run.public_id]),
        "county": reverse("scoring:robustness_county", args=[run.public_id, region.public_id]),
        "review": reverse("scoring:robustness_review", args=[run.public_id, region.public_id]),
    }


def test_pages_show_cases_and_take_the_word(client, people, near):
    client.force_login(people.checker)
    pages = urls(near)
    text = client.get(pages["study"]).content.decode()
    assert "霸州市" in text
    assert "待复核" in text
    assert "名单还不能公布" in text
    county = client.get(pages["county"]).content.decode()
    assert "列为临界县的缘由" in county
    blank = client.post(pages["review"], {"study": newest_study(near).public_id, "word": " "})
    assert blank.status_code == 422
    assert "请写明复核了什么" in blank.content.decode()
    given = client.post(
        pages["review"], {"study": newest_study(near).public_id, "word": "已核对，维持B类。"}
    )
    assert given.headers["Location"] == pages["study"]
    after = client.get(pages["study"]).content.decode()
    assert "已核对，维持B类。" in after
    assert people.checker.display_name in after


def test_pages_of_a_county_without_a_case_ask_nothing(client, people, run):
    study(run)
    client.force_login(people.checker)
    text = client.get(urls(run, CODES[2])["county"]).content.decode()
    assert "不是临界县" in text
    assert "标记已复核" not in text


def test_a_publisher_reads_and_does_not_review(client, people, near):
    client.force_login(people.publisher)
    pages = urls(near)
    assert "标记已复核" not in client.get(pages["county"]).content.decode()
    assert client.post(pages["review"], {"word": "同意"}).status_code == 403
    assert client.get(pages["start"]).status_code == 403


@pytest.mark.parametrize("role", ["lead", "reviewer", "expert"])
def test_others_see_nothing(client, people, near, role):
    client.force_login(getattr(people, role))
    for name, url in urls(near).items():
        answer = client.post(url) if name == "review" else client.get(url)
        assert answer.status_code == 403, name


def test_a_foreign_county_is_not_found(client, people, near):
    client.force_login(people.manager)
    url = reverse("scoring:robustness_county", args=[near.public_id, uuid4()])
    assert client.get(url).status_code == 404


def test_starting_by_hand_with_other_settings(client, people, run):
    study(run)
    client.force_login(people.manager)
    pages = urls(run)
    words = {
        "epsilon": "2",
        "threshold": "5",
        "weights": "20",
        "warnings": "10",
        "draws": "200",
        "seed": "7",
    }
    assert "临界范围" in client.get(pages["start"]).content.decode()
    wrong = client.post(pages["start"], words | {"draws": "9", "seed": "abc"})
    assert wrong.status_code == 422
    assert client.post(pages["start"], words).headers["Location"] == pages["study"]
    made = run.robustness_studies.get(seed=7)
    assert made.settings == {
        "epsilon": "2",
        "threshold": "0.05",
        "weights": "0.2",
        "warnings": "0.1",
    }
    assert "排队中" in client.get(pages["study"]).content.decode()
    assert client.get(pages["progress"]).status_code == 200


def test_the_report_is_served_to_the_byte(client, people, near):
    client.force_login(people.manager)
    answer = client.get(urls(near)["report"])
    assert sha256(answer.content) == newest_study(near).digest
    assert json.loads(answer.content)["run"] == GradingRun.objects.get(pk=near.pk).digest


def test_the_lists_page_says_what_it_waits_for(client, people, run):
    made = ready(people, run)
    client.force_login(people.publisher)
    text = client.get(reverse("scoring:list", args=[made.public_id])).content.decode()
    assert "霸州市尚未复核" in text
    assert urls(run)["study"] in text
    confirm = client.get(reverse("scoring:list_publish", args=[made.public_id])).content.decode()
    assert "霸州市尚未复核" in confirm
    refused = client.post(reverse("scoring:list_publish", args=[made.public_id]))
    assert refused.status_code == 409
    assert "boundary_unreviewed" in refused.content.decode()
