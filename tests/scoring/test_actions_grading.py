"""Runs: started once, refused while counties are unreviewed, frozen, repeatable to the bit."""

from decimal import Decimal

import pytest

from county_portal.accounts.models import Region
from county_portal.audit.models import Event
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.jobs import runner
from county_portal.jobs.actions import retry_job
from county_portal.jobs.models import Job
from indicators.enums import SubmissionAction
from indicators.rules import CellInput
from scoring.actions.grading import RunOrder, fail_run, grade_run, start_run
from scoring.actions.schemes import import_scheme
from scoring.enums import RunState, SchemeState
from scoring.models import GradingRun, PanelScore, Result, ResultLine, Scheme, SchemeVersion
from tests.factories.people import make_person
from tests.factories.sheets import (
    add_item,
    correct,
    draw_up,
    move,
    open_for_all,
    submission_of,
    submit,
)
from tests.scoring.acts import CODES, grade, hand_in, hand_in_all, read_source, score, start

EXCEPTION = "两县因机构改革不能按时填报，经厅务会同意先行评价。"


@pytest.mark.parametrize(
    "year, total", [*zip(read_source(), ["52.64", "61.33", "73.97"], strict=True)]
)
def test_source_figures_give_the_source_totals(people, version, scheme, year, total):
    """From printed figures to the total, through the forms' reading, evidence, experts and a worker.

    2020 leaves the first indicator blank and so carries 2019's figure forward, as the source does.
    """
    if year.data_year == 2020:
        _hand_in_source(
            people, open_for_all(people.manager, version, years_ago=2), read_source()[1]
        )
    collection = open_for_all(people.manager, version, years_ago=1)
    _hand_in_source(people, collection, year)

    run = grade(people, collection, scheme, EXCEPTION)

    assert run.results.get().total == Decimal(total)
    carried = run.results.get().lines.filter(flags__contains=["carried-forward"])
    assert [line.indicator_code for line in carried] == (["01"] if year.data_year == 2020 else [])


def _hand_in_source(people, collection, year):
    submission = submission_of(collection, "131081")
    for kind, name in year.items:
        add_item(people.lead, submission, name, kind=kind)
    submit(people.lead, submission, **year.answers)
    move(people.reviewer, submission, SubmissionAction.APPROVE)
    score(people.expert, collection, str(year.panel), codes=["131081"])


def test_start_run_writes_run_job_and_record(
    people, reviewed, scheme, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as callbacks:
        run = start(people, reviewed, scheme)

    assert (run.state, run.number, run.left_out, run.exception_reason) == (
        RunState.QUEUED,
        1,
        [],
        "",
    )
    assert run.job.title == f"{reviewed.data_year}年度第1次评价"
    assert Event.objects.filter(act="start_run", object_id=str(run.public_id)).count() == 1
    assert len(callbacks) == 1


def test_start_run_twice_returns_the_one_running(people, reviewed, scheme):
    order = RunOrder(reviewed.public_id, scheme.public_id)
    first, first_is_new = start_run(actor=people.manager, order=order)

    second, second_is_new = start_run(actor=people.manager, order=order)

    assert (first_is_new, second_is_new) == (True, False)
    assert second == first
    assert Job.objects.count() == 1


def test_start_run_again_unchanged_names_the_first_and_keeps_nothing(people, run, scheme):
    results, lines = Result.objects.count(), ResultLine.objects.count()

    again = grade(people, run.collection, scheme)

    assert (again.number, again.state, again.same_as) == (2, RunState.UNCHANGED, run)
    assert (again.inputs, again.digest) == ("", "")
    assert (Result.objects.count(), ResultLine.objects.count()) == (results, lines)
    assert again.job.digest == run.digest
    assert Event.objects.get(act="repeat_run").detail["same_as"] == str(run.public_id)


def test_a_third_run_unchanged_names_the_first_too(people, run, scheme):
    grade(people, run.collection, scheme)

    assert grade(people, run.collection, scheme).same_as == run


def test_start_run_again_after_a_change_makes_another(people, run, scheme):
    score(people.expert, run.collection, "4")

    again = grade(people, run.collection, scheme)

    assert (again.number, again.state, again.same_as) == (2, RunState.COMPLETE, None)
    assert again.inputs_sha256 != run.inputs_sha256


def test_start_run_by_another_role_is_refused(people, reviewed, scheme):
    order = RunOrder(reviewed.public_id, scheme.public_id)

    with pytest.raises(NotAllowed):
        start_run(actor=people.checker, order=order)

    assert not GradingRun.objects.exists()


def test_start_run_while_unreviewed_is_refused_naming_the_counties(people, collection, scheme):
    hand_in(people, collection, "131081")
    hand_in(people, collection, "130102")

    with pytest.raises(Invalid) as refusal:
        start(people, collection, scheme, reason="　")

    assert refusal.value.code == "submissions_unreviewed"
    assert refusal.value.sentence.startswith("石家庄市井陉县、辛集市的填报表尚未通过市级审核")
    assert not GradingRun.objects.exists()


def test_start_run_with_an_exception_leaves_counties_out_by_name(people, collection, scheme):
    hand_in(people, collection, "131081")
    hand_in(people, collection, "130102")

    run = grade(people, collection, scheme, EXCEPTION)

    assert run.left_out == ["130121", "130181"]
    assert run.exception_reason == EXCEPTION
    assert sorted(run.results.values_list("region__code", flat=True)) == ["130102", "131081"]


def test_start_run_keeps_no_reason_when_nobody_is_left_out(people, reviewed, scheme):
    assert start(people, reviewed, scheme, reason=EXCEPTION).exception_reason == ""


def test_start_run_with_nothing_reviewed_is_refused(people, collection, scheme):
    with pytest.raises(Stale, match="nothing_to_grade"):
        start(people, collection, scheme, reason=EXCEPTION)


def test_start_run_of_a_draft_collection_is_refused(people, version, scheme):
    with pytest.raises(Stale, match="nothing_to_grade"):
        start(people, draw_up(people.manager, version), scheme, reason=EXCEPTION)


@pytest.mark.parametrize("state", [SchemeState.DRAFT, SchemeState.LOCKED])
def test_start_run_takes_only_a_locked_scheme_of_the_system(people, reviewed, scheme, state):
    other_system = type(scheme.scheme.system).objects.create(code="other", name="另一体系")
    system = scheme.scheme.system if state == SchemeState.DRAFT else other_system
    other = Scheme.objects.create(code="other", name="另一方案", system=system)
    wrong = SchemeVersion.objects.create(
        scheme=other, number=1, state=state, document=scheme.document, sha256=scheme.sha256
    )

    with pytest.raises(Exception, match="No SchemeVersion"):
        start(people, reviewed, wrong)


def test_grade_run_freezes_inputs_and_ranks(run):
    ranked = [(row.region.code, row.class_name, row.rank) for row in run.results.order_by("rank")]

    assert ranked[0] == ("131081", "B", 1)
    assert {row[1:] for row in ranked[1:]} == {("C", 2)}
    assert run.completed_at is not None
    assert len(run.digest) == len(run.inputs_sha256) == 64
    assert ResultLine.objects.filter(result__run=run).count() == 4 * 17


def test_grade_run_twice_does_nothing_the_second_time(run):
    again = grade_run(run.pk)

    assert again.digest == run.digest
    assert Result.objects.filter(run=run).count() == 4


def test_grade_run_stops_when_a_county_was_sent_back_meanwhile(people, reviewed, scheme):
    """Otherwise the county would be missing from the list without anybody having said so."""
    run = start(people, reviewed, scheme)
    sent_back = submission_of(reviewed, "130121")
    move(people.manager, sent_back, SubmissionAction.SEND_BACK, "请核对第4项。")

    runner.work(run.job_id)

    run.refresh_from_db()
    run.job.refresh_from_db()
    assert run.state == RunState.FAILED
    assert "开始评价后石家庄市井陉县的填报表被退回" in run.job.error
    assert not Result.objects.exists()


def test_grade_run_names_county_and_indicator_it_cannot_score(people, reviewed, scheme):
    """A list with items declared missing contradicts itself; the engine refuses it by name."""
    value = submission_of(reviewed, "130121").values.get(indicator__code="04")
    type(value).objects.filter(pk=value.pk).update(number=None)
    run = start(people, reviewed, scheme)

    runner.work(run.job_id)

    run.job.refresh_from_db()
    assert "井陉县" in run.job.error
    assert "高新技术企业数量" in run.job.error or "04" in run.job.error


def test_failed_run_can_be_retried(people, reviewed, scheme):
    run = start(people, reviewed, scheme)
    submission = submission_of(reviewed, "130121")
    move(people.manager, submission, SubmissionAction.SEND_BACK, "请核对。")
    runner.work(run.job_id)
    correct(people.jingxing_lead, people.shijiazhuang_reviewer, submission)

    retry_job(actor=people.manager, public_id=run.job.public_id)
    runner.work(run.job_id)

    run.refresh_from_db()
    assert (run.state, run.results.count()) == (RunState.COMPLETE, 4)


def test_run_of_somebody_who_lost_the_post_does_not_start(people, reviewed, scheme):
    run = start(people, reviewed, scheme)
    type(people.manager).objects.filter(pk=people.manager.pk).update(is_active=False)

    runner.work(run.job_id)

    run.refresh_from_db()
    assert run.state == RunState.FAILED


def test_fail_run_leaves_a_complete_run_alone(run):
    fail_run(run.pk)

    run.refresh_from_db()
    assert run.state == RunState.COMPLETE


def test_panel_scores_of_several_experts_are_averaged(people, reviewed, scheme, province):
    second = make_person("hebei.expert2", people.expert.role, province.office)
    score(people.expert, reviewed, "3")
    score(second, reviewed, "4")

    run = grade(people, reviewed, scheme)

    lines = ResultLine.objects.filter(result__run=run, indicator_code="17")
    assert {line.score for line in lines} == {Decimal("3.50")}


def test_last_years_figure_is_carried_forward_by_lineage(people, version, scheme, province):
    """井陉县 was renamed since; what it reported under its old row still stands in for a blank."""
    before = open_for_all(people.manager, version, years_ago=2)
    hand_in(people, before, "130121", {"i04": CellInput("28")})
    old = province.counties["jingxing"]
    collection = open_for_all(people.manager, version, years_ago=1)
    new = _renamed(old)
    collection.submissions.filter(region=old).update(region=new)
    blank = CellInput(mode="missing", note="未核定。")
    submission = hand_in(people, collection, new.code, {"i04": blank})

    run = grade(people, collection, scheme, EXCEPTION)

    line = run.results.get(submission=submission).lines.get(indicator_code="04")
    assert (line.score, line.flags) == (Decimal("6.80"), ["carried-forward", "missing"])


def _renamed(old: Region) -> Region:
    Region.objects.filter(pk=old.pk).update(valid_to="2025-01-01")
    return Region.objects.create(
        code=old.code,
        name="井陉市",
        full_name="石家庄市井陉市",
        level=old.level,
        parent=old.parent,
        reviewing_office=old.reviewing_office,
        valid_from="2025-01-01",
        search_name="石家庄市井陉市",
        pinyin="jingxingshi",
    )


def test_import_scheme_twice_gives_the_same_version(version):
    first = import_scheme("hebei", version.system)

    assert import_scheme("hebei", version.system) == first
    assert SchemeVersion.objects.count() == 1


def test_every_county_of_the_register_is_in_the_inputs(run):
    assert all(f'"{code}"' in run.inputs for code in CODES)
    assert PanelScore.objects.count() == 4


def test_hand_in_all_reaches_class_a(people, collection, scheme):
    hand_in_all(people, collection, best=CODES[:1])
    score(people.expert, collection)

    run = grade(people, collection, scheme)

    assert run.results.get(region__code="131081").class_name == "A"
