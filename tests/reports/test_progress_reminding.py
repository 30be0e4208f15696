"""The calendar of progress reports, with the clock moved: each telling once, by whom it concerns."""

from datetime import date

import pytest

from applications.actions.terms import TermInput, change_term
from applications.enums import PilotAct
from county_portal.common.errors import Stale
from county_portal.notices.models import Notice
from reports.actions.filling import ReportInput, save_report
from reports.actions.opening import move_paused, open_reports
from reports.actions.reminding import send_reminders
from reports.enums import ProgressState
from reports.rules.calendar import resumed_due
from reports.selectors.progress import (
    MISSING,
    ReportFilter,
    count_reports,
    list_reports,
    narrow_reports,
    turn_of,
    waiting_reports,
)
from reports.tasks.calendar import progress_calendar
from tests.reports.building import YEAR, bring, on, write_report

NEXT = YEAR + 1


def told(person, kind=""):
    return list(
        Notice.objects.filter(recipient=person, kind__startswith=f"progress_{kind}")
        .order_by("pk")
        .values_list("title", flat=True)
    )


@pytest.fixture
def two(pilot, foreign_pilot):
    with on(NEXT, 1, 1):
        open_reports()
    return pilot.reports.get(), foreign_pilot.reports.get()


@pytest.mark.parametrize(
    "day, left", [(date(NEXT, 1, 31), "还剩59天"), (date(NEXT, 3, 1), "还剩30天"), (date(NEXT, 3, 29), "还剩2天")]
)  # fmt: skip
def test_the_county_is_reminded_before_the_day(two, people, day, left):
    assert send_reminders(day) > 0
    again = send_reminders(day)

    assert again == 0
    assert len(told(people.filler)) == len(told(people.lead)) == 1
    assert left in told(people.lead)[0]
    assert not told(people.reviewer)
    assert not told(people.manager)


def test_nobody_is_reminded_long_before(two, people):
    assert send_reminders(date(NEXT, 1, 5)) == 0


def test_what_is_late_goes_up_step_by_step(two, people):
    send_reminders(date(NEXT, 3, 31))
    assert not told(people.filler, "late")
    send_reminders(date(NEXT, 4, 1))
    assert len(told(people.filler, "late")) == 1
    assert not told(people.reviewer, "late")
    send_reminders(date(NEXT, 4, 5))
    assert told(people.reviewer, "late") == [f"{YEAR}年度建设进展报告：1个试点逾期未报"]
    assert not told(people.manager, "late")
    send_reminders(date(NEXT, 4, 10))
    assert told(people.manager, "late") == [f"{YEAR}年度建设进展报告：2个试点逾期10天以上"]

    for day in (11, 12, 20):
        assert send_reminders(date(NEXT, 4, day)) == 0


def test_a_day_on_which_nothing_ran_is_caught_up_with(two, people):
    send_reminders(date(NEXT, 4, 25))

    assert len(told(people.filler, "late")) == 1
    assert len(told(people.reviewer, "late")) == 1
    assert len(told(people.manager, "late")) == 1


def test_who_handed_in_is_left_alone_and_the_city_is_told_of_its_own(two, people):
    with on(NEXT, 3, 30):
        bring(write_report(two[0]), ProgressState.SUBMITTED, people.manager)

    send_reminders(date(NEXT, 4, 5))

    assert not told(people.filler, "late")
    assert told(people.reviewer, "late") == [f"{YEAR}年度建设进展报告：1个试点逾期未审"]
    assert told(people.shijiazhuang_reviewer, "late") == [
        f"{YEAR}年度建设进展报告：1个试点逾期未报"
    ]


def test_the_calendar_opens_and_tells_in_one_run(pilot, people):
    with on(NEXT, 3, 2):
        progress_calendar()
        progress_calendar()

    assert pilot.reports.count() == 1
    assert len(told(people.filler)) == 1


def test_a_city_has_time_for_what_came_late(two, people):
    with on(NEXT, 6, 1):
        bring(write_report(two[0]), ProgressState.SUBMITTED, people.manager)
        assert turn_of(two[0].__class__.objects.get(pk=two[0].pk)).until == date(NEXT, 6, 11)

    send_reminders(date(NEXT, 6, 2))
    assert not told(people.reviewer, "late")
    send_reminders(date(NEXT, 6, 12))
    assert told(people.reviewer, "late") == [f"{YEAR}年度建设进展报告：1个试点逾期未审"]


def term(people, pilot, act):
    data = TermInput(PilotAct(act), "机构改革。", "冀科区〔2026〕9号")
    return change_term(actor=people.manager, pilot_id=pilot.public_id, data=data)


def standing(people):
    reports = list_reports(people.manager)
    found = set(narrow_reports(reports, ReportFilter(standing=MISSING)))
    assert len(found) == count_reports(reports)[MISSING]
    return found


def test_a_pilot_that_stands_still_owes_nothing_until_it_goes_on(two, people, pilot):
    with on(NEXT, 3, 10):
        term(people, pilot, "suspend")
    with on(NEXT, 6, 1):
        assert standing(people) == {two[1]}
        assert two[0] not in waiting_reports(people.filler)
        assert not list_reports(people.manager).get(pk=two[0].pk).is_late
    with on(NEXT, 7, 1):
        term(people, pilot, "resume")
        assert (move_paused(), move_paused()) == (1, 0)
        two[0].refresh_from_db()
        assert two[0].due_on == date(NEXT, 7, 31)
        assert standing(people) == {two[1]}


@pytest.mark.parametrize(
    "suspended, due",
    [(date(2027, 3, 10), date(2027, 7, 31)), (date(2027, 4, 2), date(2027, 3, 31))],
    ids=["fell-into-the-pause", "had-passed-before"],
)
def test_only_a_day_that_fell_into_the_pause_moves(suspended, due):
    assert resumed_due(date(2027, 3, 31), suspended, date(2027, 7, 1)) == due


def test_what_was_late_before_the_pause_stays_late(two, people, pilot):
    with on(NEXT, 4, 20):
        term(people, pilot, "suspend")
    with on(NEXT, 6, 1):
        assert standing(people) == set(two)


def test_a_pilot_that_left_writes_no_report(two, people, pilot):
    with on(NEXT, 2, 1):
        term(people, pilot, "withdraw")
        assert not waiting_reports(people.filler).exists()
        with pytest.raises(Stale, match="pilot_not_active"):
            save_report(
                actor=people.filler,
                report_id=two[0].public_id,
                entered=ReportInput({}, {"measures": "推进。"}),
            )
