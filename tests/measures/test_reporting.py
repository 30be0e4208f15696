"""A unit's month: only its own lines, evidence, goals; months due and late; the calendar."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.http import Http404

from county_portal.common import clock
from county_portal.common.errors import Invalid, Stale
from county_portal.notices.models import Notice
from measures.actions.importing import import_ledgers
from measures.actions.keeping import (
    GoalInput,
    add_duty,
    add_goal,
    end_duty,
    remove_goal,
    renew_duties,
    set_deadline,
    set_duty_kind,
)
from measures.actions.reminding import send_reminders
from measures.actions.reporting import ReportInput, report_month
from measures.actions.standing import set_standing
from measures.models import Duty, ProgressEntry
from measures.rules.goals import GoalState
from measures.rules.matrix import draw_matrix
from measures.rules.months import Span, due_on, month_words, months_late, shifted
from measures.selectors.lines import read_line, read_lines, read_own
from tests.factories.people import signed_in
from tests.factories.places import make_office, make_region
from tests.measures.acts import province_units, small_ledger

JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


def on(year, month, day, hour=10):
    return clock.playing(datetime(year, month, day, hour, tzinfo=clock.BEIJING))


@pytest.fixture
def ledger(people):
    with on(2026, 1, 10):
        return small_ledger(people)


@pytest.fixture
def duty(ledger):
    """财政局's part in the first measure."""
    return Duty.objects.get(measure__ledger=ledger, name="市财政局")


def report(actor, duty, month=JANUARY, words="已下达。", **more):
    data = ReportInput(month, words, **more)
    return report_month(actor=actor, duty_id=duty.public_id, data=data)


class TestMonths:
    def test_in_words_and_numbers(self):
        assert month_words(date(2026, 3, 1)) == "2026年3月"
        assert shifted(date(2025, 12, 1), 1) == JANUARY
        assert due_on(date(2025, 12, 1), 5) == date(2026, 1, 5)

    def test_late_only_after_the_day(self):
        span = Span(date(2026, 1, 10))
        assert months_late(span, 5, date(2026, 2, 5)) == []
        assert months_late(span, 5, date(2026, 2, 6)) == [JANUARY]
        assert months_late(Span(date(2026, 1, 10), date(2026, 1, 31)), 5, date(2026, 9, 1)) == [
            JANUARY
        ]


class TestGoals:
    GOAL = GoalState("", 1, "目标", "", Decimal(10), "家", date(2026, 5, 31), False, [])

    def at(self, *points, **changed):
        from dataclasses import replace

        return replace(
            self.GOAL, points=[(JANUARY.replace(month=m), Decimal(n)) for m, n in points], **changed
        )

    def test_no_figure_is_not_nought(self):
        assert (self.GOAL.now, self.GOAL.share, self.GOAL.expected(MARCH)) == (None, None, None)
        assert not self.GOAL.is_behind(MARCH)

    def test_the_straight_path_from_the_first_figure(self):
        goal = self.at((1, 2), (3, 5))
        assert goal.expected(MARCH) == Decimal(6)
        assert goal.is_behind(MARCH)
        assert goal.share == Decimal("50.0")
        assert not self.at((1, 2), (3, 6)).is_behind(MARCH)
        assert goal.expected(date(2026, 9, 1)) == Decimal(10)

    def test_downwards(self):
        goal = self.at((1, 20), (3, 14), lower_is_better=True)
        assert goal.expected(MARCH) == Decimal(15)
        assert not goal.is_behind(MARCH)
        assert not goal.is_met
        assert self.at((3, 10), lower_is_better=True).is_met

    def test_almost_is_not_the_whole(self):
        goal = self.at((1, 1), target=Decimal(10000))
        assert self.at((1, "9999.9"), target=Decimal(10000)).share == Decimal("99.9")
        assert not goal.is_met


class TestReporting:
    def test_the_first_report_sets_it_under_way(self, people, duty):
        with on(2026, 2, 3):
            report(people.provider, duty, files=[SimpleUploadedFile("证明.pdf", b"%PDF-1.4 x")])

        duty.measure.refresh_from_db()
        assert duty.measure.state == "under_way"
        assert duty.entries.get().files.get().file.name == "证明.pdf"

    def test_the_newest_of_a_month_holds_and_none_is_lost(self, people, duty):
        with on(2026, 2, 3):
            report(people.provider, duty)
            report(people.provider, duty, words="更正：已下达两批。", seen=1)
            line = read_line(duty.measure)
        assert duty.entries.count() == 2
        assert line.newest.words == "更正：已下达两批。"
        with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
            ProgressEntry.objects.update(words="改")

    def test_a_colleague_was_faster(self, people, duty):
        with on(2026, 2, 3):
            report(people.provider, duty)
            with pytest.raises(Stale, match="month_reported_meanwhile"):
                report(people.provider, duty, seen=0)
        assert duty.entries.count() == 1

    def test_only_ones_own(self, people, duty):
        for person in (people.statistician, people.filler, people.lead, people.manager):
            with pytest.raises(Http404), on(2026, 2, 3):
                report(person, duty)

    def test_the_keeper_reports_for_units_without_office(self, people, ledger):
        tax = Duty.objects.get(measure__ledger=ledger, name="市税务局")
        assert tax.office is None
        with on(2026, 2, 3):
            report(people.filler, tax)
        assert tax.entries.count() == 1

    def test_blank_words_change_nothing(self, people, duty):
        with on(2026, 2, 3), pytest.raises(Invalid, match="words_required"):
            report(people.provider, duty, words="　")
        assert not ProgressEntry.objects.exists()

    @pytest.mark.parametrize("month", [date(2025, 12, 1), MARCH])
    def test_months_out_of_reach(self, people, duty, month):
        with on(2026, 2, 3), pytest.raises(Invalid, match="month_out_of_reach"):
            report(people.provider, duty, month=month)

    def test_closed_measures_take_nothing(self, people, duty):
        set_standing(
            actor=people.lead, measure_id=duty.measure.public_id, act="end", comment="并入他项。"
        )
        with on(2026, 2, 3), pytest.raises(Stale, match="measure_closed"):
            report(people.provider, duty)

    def test_goals_by_those_who_lead(self, people, ledger, duty):
        goal = add_goal(
            actor=people.lead,
            measure_id=duty.measure.public_id,
            data=GoalInput("2026年比重达到0.5%以上", "比重", "0.5", "%", date(2026, 12, 31)),
        )
        helper = Duty.objects.get(measure__ledger=ledger, name="市统计局")
        with on(2026, 2, 3):
            with pytest.raises(Invalid, match="number_not_a_number"):
                report(people.provider, duty, figures={goal.public_id: "很多"})
            with pytest.raises(Invalid, match="figures_of_leading_unit"):
                report(people.statistician, helper, figures={goal.public_id: "0.4"})
            report(people.provider, duty, figures={goal.public_id: "0.41%"})
            report(people.provider, duty, words="更正。", figures={goal.public_id: ""})
            [state] = read_line(duty.measure).goals
        assert state.now == Decimal("0.41")
        with pytest.raises(Stale, match="goal_has_figures"):
            remove_goal(actor=people.lead, goal_id=goal.public_id)

    def test_a_goal_the_text_does_not_say(self, people, duty):
        data = GoalInput("2030年比重达到5%", "比重", "5")
        with pytest.raises(Invalid, match="wording_not_in_text"):
            add_goal(actor=people.lead, measure_id=duty.measure.public_id, data=data)


class TestLate:
    def test_months_missing_of_reporting_units_alone(self, people, ledger, duty):
        with on(2026, 2, 3):
            report(people.provider, duty)
        with on(2026, 3, 6):
            first, second, third = read_lines(ledger)
        assert (first.missing, second.missing, third.missing) == (1, 2, 2)
        assert second.silent_months == 2
        assert second.is_stalled
        assert not first.is_stalled

    def test_past_its_day(self, people, ledger, duty):
        measure = duty.measure
        with on(2026, 2, 1):
            set_deadline(
                actor=people.lead,
                measure_id=measure.public_id,
                due_on=date(2026, 2, 20),
                reason="县里要求。",
            )
            assert not read_line(measure).is_overdue
            with pytest.raises(Invalid, match="reason_required"):
                set_deadline(
                    actor=people.lead, measure_id=measure.public_id, due_on=None, reason=" "
                )
        with on(2026, 2, 21):
            assert read_line(measure).is_overdue

    def test_the_matrix(self, people, ledger, duty):
        with on(2026, 2, 3):
            report(people.provider, duty)
        with on(2026, 3, 6):
            matrix = draw_matrix(read_lines(ledger), 5, clock.today())
        words = {row.unit: [cell.word for cell in row.cells] for row in matrix.rows}
        # The newest month first.
        assert words["市财政局"] == ["逾期", "已填"]
        assert "市统计局" not in words

    def test_the_calendar_tells_once(self, people, ledger, duty):
        with on(2026, 2, 2):
            count = send_reminders()
            assert send_reminders() == 0
        told = Notice.objects.filter(kind="measure_due")
        # 财政局; and the keeper's bureau for its own line and for 税务局, which has no office.
        assert {notice.recipient for notice in told} == {people.provider, people.filler}
        assert count == told.count()
        with on(2026, 2, 6):
            send_reminders()
            assert send_reminders() == 0
        late = Notice.objects.filter(kind="measure_late_units")
        assert {notice.recipient for notice in late} == {people.lead}


class TestUnits:
    def test_put_right_by_whoever_keeps_it(self, people, ledger, duty):
        helper = Duty.objects.get(measure__ledger=ledger, name="市统计局")
        set_duty_kind(actor=people.lead, duty_id=helper.public_id, kind="lead")
        with pytest.raises(Invalid, match="kind_unknown"):
            set_duty_kind(actor=people.lead, duty_id=helper.public_id, kind="chief")
        with pytest.raises(Invalid, match="unit_there_already"):
            add_duty(
                actor=people.lead, measure_id=duty.measure.public_id, words="市财政局", kind="lead"
            )
        end_duty(actor=people.lead, duty_id=duty.public_id, reason="职能划转。")
        with pytest.raises(Invalid, match="last_unit"):
            end_duty(actor=people.lead, duty_id=helper.public_id, reason="职能划转。")
        helper.refresh_from_db()
        assert (helper.kind, helper.ended_on) == ("lead", None)

    def test_regions_that_come_and_go(self, people):
        province_units(people)
        [ledger] = import_ledgers("hebei", only=["hebei-measures"])
        number = ledger.measures.get(number=2)
        langfang = people.reviewer.office.region
        langfang.valid_to = clock.today()
        langfang.save()
        handan = make_region("邯郸市", "130400", "city", parent=people.manager.office.region)
        make_office("邯郸市人民政府", "city", handan, kind="unit")

        begun, ended = renew_duties(actor=people.manager, ledger_id=ledger.public_id)

        active = number.duties.filter(ended_on=None)
        assert [duty.name for duty in active] == ["石家庄市政府", "雄安新区管委会", "邯郸市政府"]
        assert {duty.kind for duty in active} == {"lead"}
        assert number.duties.get(name="廊坊市政府").ended_on == clock.today()
        assert begun == ended == 6
        assert renew_duties(actor=people.manager, ledger_id=ledger.public_id) == (0, 0)

    def test_own_tasks(self, people, ledger, duty):
        assert [line.number for line in read_own(people.provider)] == [1]
        assert read_own(people.lead) == []
        # The bureau's own, and those of units that have no office.
        assert [line.number for line in read_own(people.filler)] == [2, 3]


@pytest.mark.django_db
def test_the_turn_goes_on_once_a_month_is_reported(people, duty):
    """市财政局 leads the first measure; a month is due on the fifth of the next."""

    def turn():
        page = signed_in(people.lead).get(f"/measures/items/{duty.measure.public_id}/")
        return page.context["turn"]["who"], page.context["turn"]["until"]

    with on(2026, 2, 2):
        # January is over and not yet late.
        assert turn() == ("市财政局填报进展", date(2026, 2, 5))
        report(people.provider, duty)
        assert turn() == ("市财政局填报进展", date(2026, 3, 5))
        report(people.provider, duty, FEBRUARY)
        assert turn() == ("市财政局填报进展", date(2026, 4, 5))
