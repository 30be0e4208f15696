"""Warnings are raised once, answered, urged, taken up by the timetable, and close themselves."""

from dataclasses import replace
from datetime import date
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404

from county_portal.audit.models import Event
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.jobs import runner
from county_portal.notices.models import Notice
from monitoring.actions.answering import Answer, answer_warning, close_warning, urge_warning
from monitoring.actions.escalating import escalate_warnings
from monitoring.actions.watching import start_watch, watch
from monitoring.enums import Stage, WarningAction, WarningState
from monitoring.models import Warning, WarningStep  # noqa: A004 -- the word of the field
from monitoring.selectors.findings import warning_settings
from monitoring.selectors.projections import list_projections, project_call
from monitoring.selectors.warnings import get_warning, list_waiting, list_warnings, stamp_of
from monitoring.workflow import WARNING_WORKFLOW
from tests.factories.people import signed_in
from tests.monitoring.conftest import YEAR, on, report


def own(people):
    """霸州's warning of the indicator."""
    return list_warnings(people.filler).get(indicator__code="04")


def answer(actor, warning, **changed):
    words = {"cause": "认定批次顺延。", "steps": "逐户辅导。", "promised_on": date(YEAR, 4, 30)}
    given = Answer(**{**words, "seen": stamp_of(warning), **changed})
    return answer_warning(actor=actor, warning_id=warning.public_id, answer=given)


@pytest.fixture
def every_county_warned(monkeypatch):
    """As in a province where every county has to report its months."""
    every = replace(warning_settings(), warns_silent=True)
    monkeypatch.setattr("monitoring.selectors.findings._settings_of", lambda _: every)


@pytest.fixture
def raised(people, behind):
    with on(4, 8):
        watch(behind)
    return own(people)


def test_what_is_off_is_raised_with_cause_and_unit(raised, people):
    assert (raised.kind, raised.severity) == ("unreachable", "2-warning")
    assert (raised.state, raised.stage, raised.due_on) == ("raised", "1-county", date(YEAR, 4, 18))
    assert "3月末为51家，比序时进度慢2家" in raised.cause
    assert raised.responsible == ["科技局"]
    assert raised.steps.get().action == WarningAction.RAISE
    told = set(Notice.objects.filter(kind="warning_raise").values_list("recipient", flat=True))
    # A copy for the city of what is graver than a hint.
    assert {people.filler.pk, people.lead.pk, people.reviewer.pk} <= told
    assert Event.objects.filter(act="watch_months").exists()


def test_twice_raises_nothing_twice(raised, behind):
    before = (Warning.objects.count(), WarningStep.objects.count(), Notice.objects.count())
    with on(4, 8):
        done = watch(behind)

    assert (done.raised, done.changed, done.recovered) == (0, 0, 0)
    assert (Warning.objects.count(), WarningStep.objects.count(), Notice.objects.count()) == before


def test_back_on_its_way_it_closes_itself_and_says_by_what(raised, behind, people):
    with on(5, 5):
        report(people.filler, behind, {("04", 4): "57"})
        done = watch(behind)
    raised.refresh_from_db()

    assert done.recovered >= 1
    assert (raised.state, raised.closed_by, raised.due_on) == ("closed", None, None)
    assert "4月末为57家" in raised.closing_words
    assert raised.steps.last().action == WarningAction.RECOVER


def test_counties_that_report_nothing_are_counted_by_city_not_warned(behind, people):
    """霸州 reports; the other three counties of the call have not begun."""
    with on(5, 15):
        watch(behind)
        assert [row.region.name for row in Warning.objects.filter(kind="missing")] == ["霸州市"]
        page = signed_in(people.manager).get("/warnings/overview/").content.decode()
        listed = signed_in(people.manager).get("/warnings/").content.decode()
        own = signed_in(people.reviewer).get("/warnings/overview/").content.decode()
    assert "本年没有报过月报：3个县（市、区）" in page
    assert "石家庄市" in page
    assert "另有3个县（市、区）本年没有报过月报" in listed
    assert "石家庄市" not in own

    # Once the province leaves them out, those warned before are closed, saying why.
    behind.figures.all().delete()
    with on(5, 16):
        watch(behind)
    gone = Warning.objects.get(kind="missing")
    assert (gone.state, gone.closing_words) == (
        "closed",
        "本年还没有报过月报的县（市、区）按市汇总，不逐县预警。",
    )


@pytest.mark.usefixtures("every_county_warned")
def test_missing_months_are_one_warning_that_grows_graver(behind, people):
    with on(2, 12):
        watch(behind)
    with on(3, 15):
        watch(behind)
    found = list_warnings(people.manager).filter(kind="missing")

    assert found.count() == 4 - 1
    assert set(found.values_list("severity", flat=True)) == {"3-severe"}
    assert found.first().steps.filter(action=WarningAction.CHANGE).count() == 1


def test_an_answer_is_a_promise_with_a_day(raised, people):
    with on(4, 9):
        done = answer(people.filler, raised)

    assert (done.state, done.stage, done.due_on) == ("answered", "1-county", date(YEAR, 4, 30))
    assert done.steps.last().comment == "原因：认定批次顺延。\n措施：逐户辅导。"
    assert Event.objects.filter(act="answer_warning").count() == 1
    assert Notice.objects.filter(kind="warning_answer", recipient=people.reviewer).exists()


@pytest.mark.parametrize(
    "changed, code",
    [
        ({"cause": "  "}, "comment_required"),
        ({"steps": " "}, "steps_required"),
        ({"promised_on": date(YEAR, 4, 8)}, "promise_out_of_range"),
        ({"promised_on": date(YEAR + 1, 1, 1)}, "promise_out_of_range"),
    ],
)
def test_blank_words_and_impossible_days_change_nothing(raised, people, changed, code):
    with on(4, 9), pytest.raises(Invalid) as refused:
        answer(people.filler, raised, **changed)
    raised.refresh_from_db()

    assert refused.value.code == code
    assert (raised.state, raised.steps.count()) == ("raised", 1)


def test_a_page_drawn_before_another_step_is_stale(raised, people):
    with on(4, 9):
        seen = stamp_of(raised)
        answer(people.filler, raised)
        with pytest.raises(Stale):
            answer(people.lead, raised, seen=seen)


def test_the_timetable_goes_from_county_to_city_to_province(every_county_warned, raised, people):
    # The three counties without any month are 57 days late: severe, to be answered within five days, not ten.
    silent = Warning.objects.exclude(pk=raised.pk)
    assert set(silent.values_list("severity", "due_on")) == {("3-severe", date(YEAR, 4, 13))}
    with on(4, 13):
        assert escalate_warnings() == 0
    with on(4, 14):
        assert escalate_warnings() == 3
        assert escalate_warnings() == 0
    assert set(silent.values_list("stage", "due_on")) == {(Stage.CITY, date(YEAR, 4, 19))}
    with on(4, 18):
        assert escalate_warnings() == 0
    with on(4, 19):
        assert escalate_warnings() == 1
        assert escalate_warnings() == 0
    raised.refresh_from_db()
    assert (raised.stage, raised.due_on) == (Stage.CITY, date(YEAR, 4, 29))
    assert (raised.state, raised.where) == ("raised", "待市级督办")
    assert list_waiting(people.reviewer) == [raised]
    assert list_waiting(people.filler) == []
    with on(4, 30):
        assert escalate_warnings() == 4
    raised.refresh_from_db()
    assert (raised.stage, raised.due_on) == (Stage.PROVINCE, None)
    assert raised.where == "待省级督办"
    # The gravest first.
    assert list_waiting(people.manager)[-1] == raised
    assert set(list_waiting(people.manager)) == {raised, *silent}
    with on(6, 30):
        assert escalate_warnings() == 0
    assert Notice.objects.filter(kind="warning_escalate", recipient=people.manager).count() == 4


def test_a_promise_that_passed_goes_to_the_city(raised, people):
    with on(4, 9):
        answer(people.filler, raised)
    with on(5, 1):
        escalate_warnings()
    raised.refresh_from_db()

    assert (raised.state, raised.stage) == ("answered", Stage.CITY)
    assert "承诺日期（4月30日）已过" in raised.steps.last().comment


def test_the_city_urges_and_the_county_has_it_again(raised, people):
    with on(4, 19):
        escalate_warnings()
        raised.refresh_from_db()
        urge_warning(
            actor=people.reviewer,
            warning_id=raised.public_id,
            words="请说明。",
            seen=stamp_of(raised),
        )
    raised.refresh_from_db()

    assert (raised.state, raised.stage, raised.due_on) == (
        "raised",
        Stage.COUNTY,
        date(YEAR, 4, 29),
    )
    assert list_waiting(people.filler) == [raised]


def test_what_people_settled_comes_back_with_new_figures_only(raised, behind, people):
    with on(4, 9):
        close_warning(
            actor=people.reviewer,
            warning_id=raised.public_id,
            words="已核实。",
            seen=stamp_of(raised),
        )
        watch(behind)
        assert list_warnings(people.filler).filter(indicator__code="04").count() == 1
    with on(5, 5):
        report(people.filler, behind, {("04", 4): "51"})
        watch(behind)

    assert list_warnings(people.filler).filter(indicator__code="04").count() == 2


def test_a_settled_warning_never_changes(raised, people):
    with on(4, 9):
        close_warning(
            actor=people.manager, warning_id=raised.public_id, words="撤销。", seen=stamp_of(raised)
        )
    with pytest.raises(Exception, match=r"[Cc]annot update"), transaction.atomic():
        Warning.objects.filter(pk=raised.pk).update(cause="别的")
    with pytest.raises(Exception, match="append_only"), transaction.atomic():
        WarningStep.objects.filter(warning=raised).delete()


def test_the_database_takes_one_open_of_a_kind(raised):
    raised.pk, raised.public_id = None, uuid4()
    with pytest.raises(IntegrityError, match="warning_one_open_of_a_kind"), transaction.atomic():
        raised.save(force_insert=True)


def test_who_may_do_what(raised, people):
    with pytest.raises(NotAllowed):
        answer(people.reviewer, raised)
    for actor in (people.filler, people.publisher):
        with pytest.raises(NotAllowed):
            close_warning(
                actor=actor, warning_id=raised.public_id, words="好", seen=stamp_of(raised)
            )
    with pytest.raises(Http404):
        get_warning(people.changan_lead, raised.public_id)
    with pytest.raises(NotAllowed):
        start_watch(actor=people.reviewer, call=raised.call)


S = WarningState
TABLE = {
    ("answer", S.RAISED): S.ANSWERED,
    ("answer", S.ANSWERED): S.ANSWERED,
    ("urge", S.RAISED): S.RAISED,
    ("urge", S.ANSWERED): S.RAISED,
    ("close", S.RAISED): S.CLOSED,
    ("close", S.ANSWERED): S.CLOSED,
}


def test_the_transitions():
    rows = WARNING_WORKFLOW.transitions

    assert {(row.action, row.source): row.target for row in rows} == TABLE
    assert all(row.needs_comment for row in rows)


def test_the_job_watches_all_and_is_started_once(
    behind, people, django_capture_on_commit_callbacks
):
    with on(4, 8):
        job, is_new = start_watch(actor=people.manager, call=behind)
        again, is_second = start_watch(actor=people.manager, call=behind)
        assert (is_new, is_second, again) == (True, False, job)
        runner.work(job.pk)
    job.refresh_from_db()

    assert job.state == "done"
    assert own(people).kind == "unreachable"


def test_projections_are_asked_at_a_constant_number_of_queries(
    behind, people, province, django_assert_num_queries
):
    from indicators.selectors.monthly import list_called

    with on(4, 8):
        (line,) = list_projections(people.filler, own_region(people), YEAR)
        assert (line.month, line.latest, line.target, line.mid) == (3, 51, 62, 54)
        assert "样本不足" in line.why
        regions = list(list_called(behind))
        with django_assert_num_queries(6):
            found = project_call(behind, regions)
        with django_assert_num_queries(6):
            project_call(behind, regions[:1])
        assert len(found) == len(regions)
        with pytest.raises(Http404):
            list_projections(people.changan_lead, own_region(people), YEAR)
        assert list_projections(people.filler, own_region(people), 2019) == []


def own_region(people):
    return people.filler.office.region


def test_two_watches_at_once_raise_once(committed_db, behind):
    start, done, failed = Barrier(2), [], []

    def run():
        try:
            with on(4, 8):
                start.wait(10)
                done.append(watch(behind).raised)
        except Exception as error:  # noqa: BLE001 -- told below
            failed.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert failed == []
    assert min(done) == 0
    assert max(done) == Warning.objects.count() > 0
