"""Progress reports: opened by the calendar, written, moved; late, missing and stale."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.http import Http404

from applications.actions.terms import TermInput, change_term
from applications.enums import PilotAct
from applications.models import Reached, TaskProgress
from county_portal.accounts.roles import Role
from county_portal.audit.selectors import list_events_of
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.notices.models import Notice
from indicators.rules.cells import CellInput, CellSpec
from reports.actions.filling import FileInput, ReportInput, add_file, remove_file, save_report
from reports.actions.moving import ReportMove, move_report
from reports.actions.opening import open_reports
from reports.enums import ProgressAction, ProgressState
from reports.models import ProgressReport
from reports.notifications import TELLINGS
from reports.rules.calendar import Timetable, years_due
from reports.rules.progress import Reading, canonical_progress, read_progress
from reports.rules.typed import LineFigure, read_line
from reports.selectors.progress import get_report
from reports.selectors.progress_content import handed_in, list_lacks, read_report
from reports.workflow import PROGRESS_WORKFLOW
from tests.factories.deputies import stand_in
from tests.factories.people import make_person
from tests.factories.pilots import a_scan
from tests.reports.building import YEAR, bring, figures_for, on, open_on_new_year, write_report

# action, from, to, permission, needs a comment
TABLE = """
submit draft submitted hand_in -
submit returned submitted hand_in -
recall submitted draft hand_in -
accept submitted city_review recommend -
approve city_review province_review recommend -
return city_review returned recommend comment
receive province_review received run -
send_back province_review returned run comment
"""


def test_every_move():
    written = {tuple(line.split()) for line in TABLE.strip().splitlines()}
    stands = {
        (
            str(row.action),
            str(row.source),
            str(row.target),
            row.permission.removeprefix("pilots."),
            "comment" if row.needs_comment else "-",
        )
        for row in PROGRESS_WORKFLOW.transitions
    }

    assert stands == written
    assert set(TELLINGS) == {str(action) for action in ProgressAction}


@pytest.mark.parametrize(
    "today, years",
    [
        (date(2025, 12, 31), []),
        (date(2026, 1, 1), [2025]),
        (date(2028, 6, 30), [2025, 2026, 2027]),
        (date(2031, 1, 1), [2025, 2026, 2027, 2028]),
    ],
)
def test_years_of_a_term(today, years):
    assert list(years_due(date(2025, 7, 1), date(2028, 7, 1), today)) == years


def test_what_opens_after_its_day_leaves_some_days():
    times = Timetable(3, 31, (30,), (1, 5, 10))

    assert times.due_on(2025, date(2026, 1, 1)) == date(2026, 3, 31)
    assert times.due_on(2025, date(2026, 3, 31)) == date(2026, 3, 31)
    assert times.due_on(2025, date(2026, 6, 1)) == date(2026, 7, 1)


def test_opening_is_done_once(pilot, foreign_pilot):
    assert open_reports(date(YEAR, 12, 31)) == 0
    assert open_reports(date(YEAR + 1, 1, 1)) == 2
    assert open_reports(date(YEAR + 1, 1, 2)) == 0
    report = pilot.reports.get()
    assert (report.year, report.due_on, report.state) == (YEAR, date(YEAR + 1, 3, 31), "draft")


def test_setting_the_demonstration_ahead_opens_what_its_scheduler_would(pilot, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    call_command("demo_clock", f"{YEAR + 4}-01-10")

    assert [row.year for row in pilot.reports.order_by("year")] == [*range(YEAR, YEAR + 4)]


def test_pilots_that_are_suspended_do_not_report(people, pilot):
    data = TermInput(
        PilotAct.SUSPEND, reason="县域区划调整，暂停建设。", document_number="冀科函〔2026〕9号"
    )
    change_term(actor=people.manager, pilot_id=pilot.public_id, data=data)

    assert open_reports(date(YEAR + 1, 1, 1)) == 0


def test_a_rate_is_what_its_parts_make():
    spec = CellSpec("2", "比重", "rate", "%", False, "分子", "分母", Decimal(100))

    figure, errors = read_line(spec, CellInput(numerator="1", denominator="3"))
    _, errors_of_zero = read_line(spec, CellInput(numerator="1", denominator="0"))

    assert not errors
    assert figure.number == Decimal("33.333333")
    assert [error.code for error in errors_of_zero] == ["denominator_zero"]


def test_blank_is_not_zero():
    spec = CellSpec("7", "园区", "number", "个")

    assert read_line(spec, CellInput())[0].number is None
    assert read_line(spec, CellInput("0"))[0].number == 0


def test_the_canonical_text_is_read_back_to_the_byte(written):
    canonical = canonical_progress(read_report(written))

    assert canonical_progress(read_progress(canonical)) == canonical


def test_saving_twice_is_one_act(opened, people):
    entered = ReportInput(figures_for(opened), {"measures": "出台政策。"})
    count = save_report(actor=people.filler, report_id=opened.public_id, entered=entered)
    again = save_report(actor=people.filler, report_id=opened.public_id, entered=entered)

    opened.refresh_from_db()
    assert (count, again, opened.revision) == (opened.lines.count() + 1, 0, 1)
    acts = [event.act for event in list_events_of("progress_report", str(opened.public_id))]
    assert acts == ["save_progress_report"]


def test_a_page_that_is_no_longer_true_changes_nothing(written, people):
    entered = ReportInput({1: LineFigure("99", Decimal(99), None, None, "")}, revision=0)

    with pytest.raises(Stale, match="content_changed"):
        save_report(actor=people.filler, report_id=written.public_id, entered=entered)
    assert written.lines.get(target__order=1).number == 11


def test_only_the_filler_writes_and_only_in_time_of_the_county(written, people):
    entered = ReportInput(texts={"measures": "改动"})

    with pytest.raises(NotAllowed):
        save_report(actor=people.lead, report_id=written.public_id, entered=entered)
    bring(written, ProgressState.SUBMITTED, people.manager)
    with pytest.raises(Stale, match="not_editable"):
        save_report(actor=people.filler, report_id=written.public_id, entered=entered)


def test_another_county_does_not_find_it(written, people):
    with pytest.raises(Http404):
        get_report(people.changan_lead, written.public_id)
    with pytest.raises(Http404):
        get_report(people.shijiazhuang_reviewer, written.public_id)
    assert get_report(people.reviewer, written.public_id) == written


def test_a_report_with_gaps_is_not_handed_in(opened, people):
    lacks = list_lacks(opened)

    # 15 assessed, four texts, and one task.
    assert len(lacks) == 15 + 4 + 1
    with pytest.raises(Invalid, match="report_incomplete"):
        move_report(
            actor=people.lead, report_id=opened.public_id, move=ReportMove(ProgressAction.SUBMIT)
        )
    opened.refresh_from_db()
    assert opened.state == ProgressState.DRAFT


def test_a_target_that_was_missed_needs_a_reason(written, people):
    target = written.pilot.targets.filter(is_qualitative=False, kind="designated").first()
    missed = {target.order: LineFigure("1", Decimal(1), None, None, "")}
    save_report(actor=people.filler, report_id=written.public_id, entered=ReportInput(missed))

    assert [lack.code for lack in list_lacks(written)] == ["reason_blank"]


def test_the_straight_path_is_known_at_its_end(written, people):
    task = written.pilot.tasks.get()
    TaskProgress.objects.create(
        task=task, done=40, words="建库。", noted_by=people.filler, noted_at=clock.now()
    )

    report = bring(written, ProgressState.RECEIVED, people.manager)

    reached = Reached.objects.filter(target__pilot=report.pilot, year=YEAR)
    assert reached.count() == 30
    assert reached.get(target__order=1).number == 11
    assert reached.get(target__order=29).words
    assert not reached.filter(published_at__isnull=False).exists()
    content = handed_in(report)
    assert content is not None
    assert (content.tasks[0].done, content.tasks[0].words) == (40, "建库。")
    titles = list(
        Notice.objects.filter(kind__startswith="progress_").values_list("kind", flat=True)
    )
    assert {"progress_submit", "progress_accept", "progress_approve"} <= set(titles)


@pytest.mark.parametrize(
    ("year", "held", "percent"),
    [(2024, None, None), (2025, 2025, "200"), (2027, 2027, "66.67"), (2028, 2027, "66.67")],
    ids=["before-the-first", "the-first", "the-last", "extended"],
)
def test_past_the_last_target_it_still_holds(year, held, percent):
    targets = {2025: Decimal(11), 2026: Decimal(12), 2027: Decimal(13)}
    row = Reading(
        1, "指标", "家", "自选考核", True, False, False, 2024, Decimal(10), targets, Decimal(12)
    )

    assert row.target_year(year) == held
    assert row.achieved(year).percent == (percent and Decimal(percent))


def test_what_is_handed_in_stays_as_it_was(written, people):
    bring(written, ProgressState.CITY_REVIEW, people.manager)
    back = ReportMove(ProgressAction.RETURN, None, "请核对第1项。", date(YEAR + 1, 2, 1))
    report = move_report(actor=people.reviewer, report_id=written.public_id, move=back)
    changed = ReportInput({1: LineFigure("12", Decimal(12), None, None, "更正。")})
    save_report(actor=people.filler, report_id=report.public_id, entered=changed)

    content = handed_in(report)
    assert content is not None
    assert content.readings[0].number == 11
    assert read_report(ProgressReport.objects.get(pk=report.pk)).readings[0].number == 12


@pytest.mark.parametrize(
    "move, code",
    [
        (ReportMove(ProgressAction.RETURN, None, "  ", date(YEAR + 1, 2, 1)), "comment_required"),
        (ReportMove(ProgressAction.RETURN, None, "请核对。", None), "due_on_required"),
        (ReportMove(ProgressAction.RETURN, None, "请核对。", date(YEAR + 1, 1, 10)), "due_on_required"),
    ],
)  # fmt: skip
def test_a_return_without_words_or_day_changes_nothing(written, people, move, code):
    report = bring(written, ProgressState.CITY_REVIEW, people.manager)

    with pytest.raises(Invalid, match=code):
        move_report(actor=people.reviewer, report_id=report.public_id, move=move)
    report.refresh_from_db()
    assert (report.state, report.steps.count()) == ("city_review", 2)


def test_after_31_march_it_is_late_and_taken_all_the_same(pilot, people):
    with on(YEAR + 1, 1, 10):
        report = write_report(open_on_new_year(pilot))
        assert not report.is_late
    with on(YEAR + 1, 4, 1):
        assert report.is_missing
        report = bring(report, ProgressState.RECEIVED, people.manager)

    assert (report.is_late, report.is_missing) == (True, False)


def test_what_was_in_time_is_not_late_when_it_comes_again(pilot, people):
    with on(YEAR + 1, 3, 30):
        report = bring(
            write_report(open_on_new_year(pilot)), ProgressState.CITY_REVIEW, people.manager
        )
    with on(YEAR + 1, 4, 20):
        back = ReportMove(ProgressAction.RETURN, None, "请核对。", date(YEAR + 1, 5, 1))
        move_report(actor=people.reviewer, report_id=report.public_id, move=back)
        report = bring(report, ProgressState.SUBMITTED, people.manager)
        taken_back = move_report(
            actor=people.lead, report_id=report.public_id, move=ReportMove(ProgressAction.RECALL)
        )

    assert not taken_back.is_late


def test_taking_back_does_not_keep_the_day(pilot, people):
    with on(YEAR + 1, 3, 30):
        report = bring(
            write_report(open_on_new_year(pilot)), ProgressState.SUBMITTED, people.manager
        )
    with on(YEAR + 1, 4, 2):
        recall = ReportMove(ProgressAction.RECALL)
        report = move_report(actor=people.lead, report_id=report.public_id, move=recall)
        assert report.is_missing


def test_the_city_of_another_county_may_not_decide(written, people):
    report = bring(written, ProgressState.SUBMITTED, people.manager)
    accept = ReportMove(ProgressAction.ACCEPT)

    with pytest.raises(Http404):
        move_report(actor=people.shijiazhuang_reviewer, report_id=report.public_id, move=accept)
    with pytest.raises(NotAllowed):
        move_report(actor=people.lead, report_id=report.public_id, move=accept)


def test_a_step_taken_from_an_old_page_is_refused(written, people):
    with pytest.raises(Stale, match="content_changed"):
        move_report(
            actor=people.lead,
            report_id=written.public_id,
            move=ReportMove(ProgressAction.SUBMIT, revision=0),
        )


def test_evidence_is_named_once(opened, people):
    target = opened.pilot.targets.first()
    entered = FileInput("统计公报", a_scan(), target)
    kept = add_file(actor=people.filler, report_id=opened.public_id, entered=entered)

    with pytest.raises(Invalid, match="file_named_twice"):
        add_file(actor=people.filler, report_id=opened.public_id, entered=entered)
    with pytest.raises(Invalid, match="name_required"):
        add_file(actor=people.filler, report_id=opened.public_id, entered=FileInput("　", a_scan()))
    assert read_report(opened).readings[0].proofs[0].name == "统计公报"
    remove_file(actor=people.filler, file_id=kept.public_id)
    assert not opened.files.exists()


def test_evidence_of_another_pilot_is_not_found(opened, foreign_pilot, people):
    entered = FileInput("统计公报", a_scan(), foreign_pilot.targets.first())

    with pytest.raises(Invalid, match="target_unknown"):
        add_file(actor=people.filler, report_id=opened.public_id, entered=entered)


def test_whoever_wrote_it_does_not_hand_it_in_for_the_head(written, people):
    """The clerk stands in for the head; a second clerk who wrote nothing of it does hand it in."""
    submit = {"report_id": written.public_id, "move": ReportMove(ProgressAction.SUBMIT)}
    stand_in(people.filler, people.lead)
    with pytest.raises(NotAllowed, match="own_report"):
        move_report(actor=people.filler, **submit)

    office = people.lead.office
    second = make_person("bazhou.lead2", Role.COUNTY_LEAD, office, "赵副职")
    other = make_person("bazhou.filler2", Role.COUNTY_FILLER, office, "吴代办")
    stand_in(other, second)
    report = move_report(actor=other, **submit)
    assert report.steps.get().actor_name == "吴代办（代赵副职）"
