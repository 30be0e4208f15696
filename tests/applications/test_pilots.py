"""Pilots: list and page, acts on the term, requests to change targets, progress of tasks."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from applications.actions.changes import (
    ChangeInput,
    ask_change,
    decide_change,
    review_change,
    take_back_change,
)
from applications.actions.handing_over import HandOverInput, hand_over_pilot
from applications.actions.progressing import note_progress
from applications.actions.reached import ReachedInput, record_reached
from applications.actions.terms import TermInput, change_term
from applications.enums import PilotAct
from applications.models import Pilot, PilotEvent, TargetChange, YearTarget
from applications.rules.terms import Term, acceptance_refusal, expected_done, months_before
from applications.selectors.changes import askable_goals
from applications.selectors.targets import list_target_lines
from county_portal.accounts.models import Office
from county_portal.accounts.roles import Role
from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.notices.models import Notice
from tests.factories.people import signed_in
from tests.factories.pilots import make_pilot


@pytest.fixture
def pilot(call, people, province):
    return make_pilot(people.manager, province.bureaus["bazhou"], call=call)


@pytest.fixture
def goal(pilot):
    return YearTarget.objects.filter(target__pilot=pilot, target__kind="designated").latest("year")


def act(people, pilot, what, **changed):
    data = {"reason": "机构改革。", "document_number": "冀科区（2026）9号", **changed}
    return change_term(
        actor=people.manager, pilot_id=pilot.public_id, data=TermInput(PilotAct(what), **data)
    )


def ask(people, pilot, goal, after="12.5", reason="重点企业外迁。"):
    data = ChangeInput(goal.pk, after, reason)
    return ask_change(actor=people.filler, pilot_id=pilot.public_id, data=data)


class TestTerm:
    def test_how_much_has_gone(self):
        term = Term(date(2026, 1, 1), date(2028, 12, 31), date(2028, 12, 31), date(2027, 7, 2))

        assert (term.gone, term.days_left, term.is_extended) == (50, 548, False)

    @pytest.mark.parametrize(
        ("ends", "opens"),
        [
            (date(2029, 6, 30), date(2029, 1, 1)),
            (date(2028, 12, 31), date(2028, 7, 1)),
            (date(2028, 8, 30), date(2028, 2, 29)),
        ],
    )
    def test_the_last_half_year(self, ends, opens):
        assert Term(date(2026, 1, 1), ends, ends, ends).acceptance_opens_on == opens

    def test_months_before_a_day_no_month_has(self):
        assert months_before(date(2026, 8, 31), 6) == date(2026, 2, 28)

    def test_acceptance_before_the_window_names_the_day(self):
        term = Term(date(2026, 7, 1), date(2029, 6, 30), date(2029, 6, 30), date(2028, 12, 31))

        refusal = acceptance_refusal("霸州市", "active", term)

        assert refusal
        assert refusal.code == "acceptance_before_window"
        assert "2029年1月1日" in refusal.sentence

    @pytest.mark.parametrize("today", [date(2029, 1, 1), date(2029, 6, 30), date(2030, 1, 1)])
    def test_acceptance_is_open_from_the_window_on(self, today):
        term = Term(date(2026, 7, 1), date(2029, 6, 30), date(2029, 6, 30), today)

        assert acceptance_refusal("霸州市", "active", term) is None

    def test_what_the_steps_ask_for(self):
        steps = [
            {"starts_on": "2026-01-01", "ends_on": "2026-01-10"},
            {"starts_on": "2026-01-11", "ends_on": "2026-01-30"},
        ]

        assert expected_done(steps, date(2026, 1, 16)) == 50
        assert expected_done(steps, date(2025, 1, 1)) == 0
        assert expected_done([], date(2026, 1, 1)) is None


def test_extending_moves_the_end_and_keeps_the_planned_one(people, pilot):
    planned, until = pilot.ends_on, pilot.ends_on + timedelta(days=180)

    act(people, pilot, "extend", until=until)

    pilot.refresh_from_db()
    assert (pilot.ends_on, pilot.planned_end, pilot.state) == (until, planned, "active")
    event = pilot.events.get(act="extend")
    assert (event.until, event.document_number) == (until, "冀科区〔2026〕9号")
    assert Event.objects.filter(act="extend_pilot").exists()
    assert Notice.objects.filter(recipient=people.lead, kind="pilot_extend").exists()


@pytest.mark.parametrize("days", [0, -1])
def test_the_end_only_moves_later(people, pilot, days):
    with pytest.raises(Invalid, match="end_not_later"):
        act(people, pilot, "extend", until=pilot.ends_on + timedelta(days=days))

    assert pilot.events.count() == 1


@pytest.mark.parametrize("what", ["suspend", "withdraw"])
@pytest.mark.parametrize("blank", [{"reason": " \n"}, {"document_number": " "}])
def test_acts_want_reason_and_number(people, pilot, what, blank):
    with pytest.raises(Invalid):
        act(people, pilot, what, **blank)

    pilot.refresh_from_db()
    assert (pilot.state, pilot.events.count()) == ("active", 1)


def test_suspended_resumed_withdrawn_and_no_way_back(people, pilot):
    assert act(people, pilot, "suspend").state == "suspended"
    assert act(people, pilot, "resume", document_number="").state == "active"
    assert act(people, pilot, "withdraw").state == "withdrawn"
    with pytest.raises(Stale, match="act_not_open"):
        act(people, pilot, "resume")


def test_an_act_on_a_page_gone_stale(people, pilot):
    seen = pilot.stand
    act(people, pilot, "extend", until=pilot.ends_on + timedelta(days=10))

    with pytest.raises(Stale, match="stale_state"):
        act(people, pilot, "suspend", seen=seen)


def test_only_the_manager_acts_on_the_term(people, pilot):
    data = TermInput(PilotAct.SUSPEND, "原因。", "1号")
    with pytest.raises(NotAllowed):
        change_term(actor=people.lead, pilot_id=pilot.public_id, data=data)
    url = reverse("applications:pilot_term", args=[pilot.public_id, "suspend"])

    assert signed_in(people.lead).get(url).status_code == 403


def test_a_term_act_by_its_page(people, pilot):
    browser = signed_in(people.manager)
    url = reverse("applications:pilot_term", args=[pilot.public_id, "extend"])
    until = pilot.ends_on + timedelta(days=30)
    typed = {"until": pilot.ends_on.isoformat(), "reason": "疫情影响。", "document_number": "1号"}

    refused = browser.post(url, {**typed, "seen": pilot.stand})
    done = browser.post(url, {**typed, "until": until.isoformat(), "seen": pilot.stand})

    assert refused.status_code == 422
    assert "延期须晚于" in refused.content.decode()
    assert done.status_code == 302
    assert (
        browser.get(
            reverse("applications:pilot_term", args=[pilot.public_id, "accept"])
        ).status_code
        == 404
    )


class TestDatabase:
    def test_a_state_without_an_event(self, pilot):
        with pytest.raises(DatabaseError, match="pilot_state_without_event"), transaction.atomic():
            Pilot.objects.filter(pk=pilot.pk).update(state="accepted")

    def test_an_end_without_an_event(self, pilot):
        later = pilot.ends_on + timedelta(days=1)
        with pytest.raises(DatabaseError, match="pilot_end_without_event"), transaction.atomic():
            Pilot.objects.filter(pk=pilot.pk).update(ends_on=later)

    def test_events_stay(self, pilot):
        with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
            PilotEvent.objects.filter(pilot=pilot).update(reason="别的")

    def test_a_target_without_approval(self, goal):
        with (
            pytest.raises(DatabaseError, match="year_target_without_approval"),
            transaction.atomic(),
        ):
            YearTarget.objects.filter(pk=goal.pk).update(number=1)

    def test_what_was_promised(self, goal):
        with pytest.raises(DatabaseError, match="year_target_frozen"), transaction.atomic():
            YearTarget.objects.filter(pk=goal.pk).update(promised=1)


class TestChanges:
    def test_asked_supported_approved(self, people, pilot, goal):
        promised = goal.promised
        change = ask(people, pilot, goal)
        review_change(
            actor=people.reviewer, change_id=change.public_id, supports=True, comment="属实。"
        )
        goal.refresh_from_db()
        assert goal.number == promised
        decide_change(
            actor=people.manager, change_id=change.public_id, approves=True, comment="同意。"
        )

        goal.refresh_from_db()
        assert (str(goal.number), goal.promised) == ("12.500000", promised)
        line = next(each for each in list_target_lines(pilot) if each.target.pk == goal.target_id)
        assert line.final
        assert line.final.is_changed
        assert line.final.open_change is None

    @pytest.mark.parametrize("stage", ["city", "province"])
    def test_refused(self, people, pilot, goal, stage):
        change = ask(people, pilot, goal)
        if stage == "city":
            review_change(
                actor=people.reviewer, change_id=change.public_id, supports=False, comment="不符。"
            )
        else:
            review_change(
                actor=people.reviewer, change_id=change.public_id, supports=True, comment="属实。"
            )
            decide_change(
                actor=people.manager, change_id=change.public_id, approves=False, comment="不妥。"
            )

        change.refresh_from_db()
        before = goal.number
        goal.refresh_from_db()
        assert (change.state, goal.number) == ("refused", before)

    def test_taken_back_and_asked_again(self, people, pilot, goal):
        change = ask(people, pilot, goal)
        with pytest.raises(Stale, match="change_open"):
            ask(people, pilot, goal, after="12")
        take_back_change(actor=people.filler, change_id=change.public_id)

        assert ask(people, pilot, goal, after="12").state == "asked"
        with pytest.raises(Stale, match="stale_state"):
            take_back_change(actor=people.filler, change_id=change.public_id)

    @pytest.mark.parametrize(
        ("after", "code"),
        [
            ("", "number_required"),
            ("九", "number_not_a_number"),
            ("9.99", "target_worse_than_baseline"),
            ("-1", "number_negative"),
        ],
    )
    def test_numbers_that_cannot_be(self, people, pilot, goal, after, code):
        with pytest.raises(Invalid, match=code):
            ask(people, pilot, goal, after=after)

        assert not TargetChange.objects.exists()

    def test_the_same_number(self, people, pilot, goal):
        with pytest.raises(Invalid, match="target_unchanged"):
            ask(people, pilot, goal, after=str(goal.number))

    def test_worse_where_lower_is_better(self, people, pilot):
        goal = YearTarget.objects.filter(target__pilot=pilot, target__lower_is_better=True).latest(
            "year"
        )

        with pytest.raises(Invalid, match="target_worse_than_baseline"):
            ask(people, pilot, goal, after="10.01")

    def test_a_year_reported(self, people, pilot, goal):
        record_reached(
            pilot=pilot, year=goal.year, figures=[ReachedInput(goal.target, goal.number)]
        )

        with pytest.raises(Stale, match="year_reported"):
            ask(people, pilot, goal)

    def test_a_year_that_is_over(self, people, pilot, goal):
        with clock.playing(datetime(goal.year + 1, 1, 1, 9, tzinfo=clock.BEIJING)):
            with pytest.raises(Stale, match="year_over"):
                ask(people, pilot, goal)
            assert goal not in askable_goals(pilot)

        assert goal in askable_goals(pilot)

    def test_a_blank_comment_changes_nothing(self, people, pilot, goal):
        change = ask(people, pilot, goal)
        with pytest.raises(Invalid, match="comment_required"):
            review_change(
                actor=people.reviewer, change_id=change.public_id, supports=True, comment=" "
            )

        change.refresh_from_db()
        assert (change.state, change.city_by) == ("asked", None)

    def test_roles_and_order(self, people, pilot, goal):
        change = ask(people, pilot, goal)
        with pytest.raises(Stale, match="stale_state"):
            decide_change(
                actor=people.manager, change_id=change.public_id, approves=True, comment="好。"
            )
        with pytest.raises(NotAllowed):
            review_change(
                actor=people.lead, change_id=change.public_id, supports=True, comment="好。"
            )
        url = reverse("applications:target_change", args=[change.public_id])
        assert signed_in(people.shijiazhuang_reviewer).get(url).status_code == 404
        assert signed_in(people.expert).get(url).status_code == 403

    def test_by_its_pages(self, people, pilot, goal):
        county, city = signed_in(people.filler), signed_in(people.reviewer)
        url = reverse("applications:target_change_ask", args=[pilot.public_id])
        typed = {"year_target": goal.pk, "after": "12.5", "reason": "重点企业外迁。"}
        county.post(url, typed)
        change = TargetChange.objects.get()
        decide = reverse("applications:target_change_decide", args=[change.public_id])

        blank = city.post(decide, {"verdict": "yes", "comment": "　"})
        early = signed_in(people.manager).post(decide, {"verdict": "yes", "comment": "好。"})
        done = city.post(decide, {"verdict": "yes", "comment": "属实。"})

        assert (blank.status_code, early.status_code, done.status_code) == (422, 409, 302)
        change.refresh_from_db()
        assert change.state == "supported"
        shown = county.get(reverse("applications:pilot", args=[pilot.public_id])).content.decode()
        assert "申请调整为12.5" in shown


class TestProgress:
    def test_noted_and_never_silently_less(self, people, pilot):
        task = pilot.tasks.get()

        def note(done, **more):
            return note_progress(
                actor=people.filler, task_id=task.public_id, done=done, words="推进。", **more
            )

        note(40)
        with pytest.raises(Invalid, match="less_without_reason"):
            note(30)
        assert task.progress.count() == 1
        assert "40%降为30%" in note(30, why_less="重新核定。").words
        with pytest.raises(Stale, match="progress_changed"):
            note(50, seen=40)
        with pytest.raises(Invalid, match="percent_out_of_bounds"):
            note(101)

    def test_by_its_page(self, people, pilot):
        url = reverse("applications:pilot_task", args=[pilot.tasks.get().public_id])
        browser = signed_in(people.filler)

        assert "尚未填写进展" in browser.get(url).content.decode()
        assert browser.post(url, {"done": "", "words": "", "seen": 0}).status_code == 422
        assert browser.post(url, {"done": 20, "words": "开工。", "seen": 0}).status_code == 302
        assert browser.post(url, {"done": 30, "words": "续。", "seen": 0}).status_code == 409
        assert signed_in(people.reviewer).get(url).status_code == 403

    def test_a_suspended_pilot_notes_nothing(self, people, pilot):
        act(people, pilot, "suspend")
        with pytest.raises(Stale, match="pilot_not_active"):
            note_progress(
                actor=people.filler, task_id=pilot.tasks.get().public_id, done=1, words="续。"
            )


class TestPages:
    def test_the_list_costs_the_same_however_long(
        self, people, pilot, province, call, django_assert_max_num_queries
    ):
        make_pilot(people.manager, province.bureaus["changan"], call=call)
        browser = signed_in(people.manager)
        with django_assert_max_num_queries(14):
            response = browser.get(reverse("applications:pilots"))

        words = response.content.decode()
        assert "霸州市" in words
        assert "长安区" in words

    def test_each_sees_its_own(self, people, pilot, province, call):
        make_pilot(people.manager, province.bureaus["changan"], call=call)

        def shown(person):
            return signed_in(person).get(reverse("applications:pilots")).content.decode()

        assert "霸州市" in shown(people.reviewer)
        assert "长安区" not in shown(people.reviewer)
        assert "长安区" not in shown(people.filler)
        other = reverse("applications:pilot", args=[pilot.public_id])
        assert signed_in(people.changan_lead).get(other).status_code == 404
        assert signed_in(people.expert).get(other).status_code == 403

    def test_filters_that_mean_nothing_narrow_nothing(self, people, pilot):
        browser, url = signed_in(people.manager), reverse("applications:pilots")
        for query in ("?round=x", f"?round={uuid4()}", "?state=nonsense", "?page=99"):
            assert "霸州市" in browser.get(url + query).content.decode()
        assert "没有符合条件的试点" in browser.get(url + "?state=failed").content.decode()

    def test_the_workbook(self, people, pilot):
        response = signed_in(people.manager).get(reverse("applications:pilots_xlsx"))

        assert response.content[:2] == b"PK"

    def test_the_page(self, people, pilot, goal, django_assert_max_num_queries):
        record_reached(
            pilot=pilot,
            year=pilot.round.year,
            figures=[ReachedInput(goal.target, goal.target.baseline)],
        )
        browser = signed_in(people.filler)
        with django_assert_max_num_queries(25):
            words = browser.get(
                reverse("applications:pilot", args=[pilot.public_id])
            ).content.decode()

        assert "指定考核（5项）" in words
        assert "自选考核（10项）" in words
        assert "0.00%" in words
        assert "未达到" in words


def test_whoever_asked_or_supported_a_change_does_not_decide_it(people, pilot, goal):
    """People move up from county to city and from city to province."""
    change = ask(people, pilot, goal)
    people.filler.role, people.filler.office = Role.CITY_REVIEWER, people.reviewer.office
    people.filler.save()
    act = {"change_id": change.public_id, "comment": "同意。"}
    with pytest.raises(NotAllowed, match="own_change"):
        review_change(actor=people.filler, supports=True, **act)
    review_change(actor=people.reviewer, supports=True, **act)
    people.reviewer.role, people.reviewer.office = Role.PROVINCE_MANAGER, people.manager.office
    people.reviewer.save()
    with pytest.raises(NotAllowed, match="own_change"):
        decide_change(actor=people.reviewer, approves=True, **act)
    change.refresh_from_db()
    assert change.state == "supported"


class TestOtherOffices:
    def hand_over(self, people, pilot, office, reviewer, **changed):
        data = {"reason": "并入长安区。", "document_number": "冀科区（2026）9号", **changed}
        return hand_over_pilot(
            actor=people.manager,
            pilot_id=pilot.public_id,
            data=HandOverInput(office.public_id, reviewer.public_id, **data),
        )

    def test_the_pilot_goes_with_all_that_is_under_way(self, people, pilot, goal, province):
        change = ask(people, pilot, goal)
        office = province.bureaus["changan"]
        reviewer = people.shijiazhuang_reviewer.office

        self.hand_over(people, pilot, office, reviewer)

        url = reverse("applications:pilot", args=[pilot.public_id])
        assert signed_in(people.filler).get(url).status_code == 404
        assert signed_in(people.shijiazhuang_reviewer).get(url).status_code == 200
        review_change(
            actor=people.shijiazhuang_reviewer,
            change_id=change.public_id,
            supports=True,
            comment="属实。",
        )
        event = pilot.events.latest("pk")
        assert "建设单位由廊坊市霸州市科学技术局改为" in event.reason
        assert event.document_number == "冀科区〔2026〕9号"
        assert Notice.objects.filter(recipient=people.changan_lead, title__contains="办理单位")
        assert Event.objects.filter(act="hand_over_pilot").exists()

    def test_its_state_moves_on_afterwards(self, people, pilot, province):
        self.hand_over(people, pilot, pilot.office, people.shijiazhuang_reviewer.office)

        assert act(people, pilot, "suspend").state == "suspended"

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"reason": " "}, "reason_required"),
            ({"document_number": ""}, "number_required"),
            ({"same": True}, "nothing_changed"),
            ({"closed": True}, "office_unfit"),
        ],
        ids=["no-reason", "no-number", "the-same", "closed"],
    )
    def test_what_is_refused(self, people, pilot, province, changed, code):
        office, reviewer = province.bureaus["changan"], people.shijiazhuang_reviewer.office
        if changed.pop("same", False):
            office, reviewer = pilot.office, pilot.reviewing_office
        if changed.pop("closed", False):
            Office.objects.filter(pk=office.pk).update(closed_on=date(2026, 1, 1))

        with pytest.raises(Invalid, match=code):
            self.hand_over(people, pilot, office, reviewer, **changed)
        pilot.refresh_from_db()
        assert pilot.office == people.filler.office

    def test_an_old_page_and_a_pilot_that_left(self, people, pilot, province):
        office, reviewer = province.bureaus["changan"], people.shijiazhuang_reviewer.office
        with pytest.raises(Stale, match="stale_state"):
            self.hand_over(people, pilot, office, reviewer, seen="0 0")
        act(people, pilot, "withdraw")
        with pytest.raises(Stale, match="act_not_open"):
            self.hand_over(people, pilot, office, reviewer)

    def test_by_its_page(self, people, pilot, province):
        url = reverse("applications:pilot_offices", args=[pilot.public_id])
        manager = signed_in(people.manager)
        initial = manager.get(url).context["form"].initial
        typed = {**initial, "document_number": "冀科区〔2026〕9号", "reason": "市级机构撤销。"}
        other = str(people.shijiazhuang_reviewer.office.public_id)

        assert manager.post(url, {**typed, "reason": " "}).status_code == 422
        assert manager.post(url, typed).status_code == 422
        assert manager.post(url, {**typed, "reviewing_office": other}).status_code == 302
        assert manager.post(url, typed).status_code == 409
        assert signed_in(people.lead).get(url).status_code == 403

    def test_the_page_says_that_an_office_is_gone(self, people, pilot):
        url = reverse("applications:pilot", args=[pilot.public_id])
        manager = signed_in(people.manager)
        assert "以免进展报告和总结验收无人办理" not in manager.get(url).content.decode()
        Office.objects.filter(pk=pilot.reviewing_office_id).update(closed_on=date(2026, 1, 1))

        assert "审核单位廊坊市科学技术局已经撤销" in manager.get(url).content.decode()


def test_the_list_says_whose_turn_each_is(people, pilot, goal, django_assert_max_num_queries):
    ask(people, pilot, goal)
    manager = signed_in(people.manager)

    with django_assert_max_num_queries(20):
        page = manager.get(reverse("applications:pilots"))

    [row] = page.context["rows"]
    assert row.turn.who == "廊坊市科学技术局审核目标调整申请"
    assert row.turn.who in page.content.decode()
