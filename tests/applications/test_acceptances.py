"""The final acceptance (总结验收): its table, the straight path to each conclusion, and what is refused."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from applications.actions.acceptance_moves import AcceptanceMove, move_acceptance
from applications.actions.accepting import (
    FigureInput,
    SummaryInput,
    add_file,
    begin_acceptance,
    remove_file,
    save_summary,
)
from applications.actions.changes import (
    ChangeInput,
    ask_change,
    decide_change,
    review_change,
    take_back_change,
)
from applications.actions.judging import (
    OpinionInput,
    ProposalInput,
    RecordInput,
    assign_experts,
    declare_conflict,
    give_opinion,
    propose_outcome,
    record_meeting,
)
from applications.actions.reached import ReachedInput, record_reached
from applications.actions.terms import TermInput, change_term
from applications.enums import (
    AcceptanceAction,
    AcceptanceOutcome,
    PilotAct,
    RecordKind,
)
from applications.models import AcceptanceOpinion, Pilot, TargetChange, YearTarget
from applications.rules.acceptance import FinalLine, tally_of
from applications.selectors.acceptances import list_missing, others_given, read_summary
from applications.selectors.waiting import list_acceptances
from applications.workflow import ACCEPTANCE_WORKFLOW
from county_portal.accounts.roles import Role
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.documents.importer import import_registers
from county_portal.documents.models import Binding
from county_portal.notices.models import Notice
from tests.factories.deputies import stand_in
from tests.factories.people import make_person, signed_in
from tests.factories.pilots import a_scan, make_pilot
from tests.factories.programme import publish_pilots

# action, from, to, permission, needs a comment
TABLE = """
submit draft submitted hand_in -
submit returned submitted hand_in -
recall submitted draft hand_in -
accept submitted city_review recommend -
approve city_review province_review recommend -
return city_review returned recommend comment
send_back province_review returned run comment
decide province_review decided decide -
"""

PASSED = AcceptanceOutcome.PASSED


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
        for row in ACCEPTANCE_WORKFLOW.transitions
    }

    assert stands == written


def ending_pilot(people, province, call, **changed):
    today = clock.today()
    days = {"starts_on": today - timedelta(days=1000), "ends_on": today + timedelta(days=90)}
    return make_pilot(people.manager, province.bureaus["bazhou"], call=call, **{**days, **changed})


@pytest.fixture
def pilot(call, people, province):
    import_registers("hebei")
    return ending_pilot(people, province, call)


@pytest.fixture
def begun(people, pilot):
    return begin_acceptance(actor=people.filler, pilot_id=pilot.public_id)


def write(people, acceptance, number="13"):
    targets = acceptance.pilot.targets.all()
    texts = dict.fromkeys(("work", "results", "problems", "outlook"), "三年来认真建设。")
    figures = {
        target.pk: FigureInput("9.9" if target.lower_is_better else number, "已全面落实。")
        for target in targets
    }
    acceptance.refresh_from_db()
    saved = save_summary(
        actor=people.filler,
        acceptance_id=acceptance.public_id,
        summary=SummaryInput(acceptance.revision, texts, figures),
    )
    add_file(actor=people.filler, acceptance_id=saved.public_id, name="总结", file=a_scan())


def move(actor, acceptance, action, **more):
    step = AcceptanceMove(AcceptanceAction(action), **more)
    return move_acceptance(actor=actor, acceptance_id=acceptance.public_id, move=step)


def to_province(people, acceptance, **written):
    write(people, acceptance, **written)
    move(people.lead, acceptance, "submit")
    move(people.reviewer, acceptance, "accept")
    return move(people.reviewer, acceptance, "approve")


@pytest.fixture
def at_province(people, begun):
    return to_province(people, begun)


def defend(people, acceptance, **changed):
    data = {
        "kind": RecordKind.DEFENCE,
        "held_on": clock.today(),
        "place": "石家庄",
        "participants": "专家组",
        "findings": "答辩清楚。",
        **changed,
    }
    return record_meeting(
        actor=people.manager, acceptance_id=acceptance.public_id, data=RecordInput(**data)
    )


def assign(people, acceptance, *experts):
    keys = [expert.public_id for expert in experts or (people.expert,)]
    assign_experts(actor=people.manager, acceptance_id=acceptance.public_id, experts=keys)
    return AcceptanceOpinion.objects.filter(acceptance=acceptance).order_by("pk").last()


def judge(people, acceptance, outcome=PASSED):
    opinion = assign(people, acceptance)
    return give_opinion(
        actor=people.expert, opinion_id=opinion.public_id, opinion=OpinionInput(outcome, "同意。")
    )


def propose(people, acceptance, outcome=PASSED, reasons="目标全面完成。", **more):
    data = ProposalInput(None, outcome, reasons, **more)
    return propose_outcome(actor=people.manager, acceptance_id=acceptance.public_id, data=data)


def conclude(people, acceptance, outcome=PASSED, **more):
    defend(people, acceptance)
    judge(people, acceptance, outcome)
    propose(people, acceptance, outcome, **more)
    return move(people.publisher, acceptance, "decide")


class TestBeginning:
    def test_before_the_window(self, people, province, call):
        pilot = ending_pilot(people, province, call, ends_on=clock.today() + timedelta(days=300))
        with pytest.raises(Stale, match="acceptance_before_window"):
            begin_acceptance(actor=people.filler, pilot_id=pilot.public_id)
        url = reverse("applications:acceptance_begin", args=[pilot.public_id])
        answer = signed_in(people.filler).post(url)

        assert answer.status_code == 409
        assert "起可以开始，请届时再办理" in answer.content.decode()

    def test_after_the_term(self, people, province, call):
        pilot = ending_pilot(people, province, call, ends_on=clock.today() - timedelta(days=1))

        assert begin_acceptance(actor=people.filler, pilot_id=pilot.public_id).state == "draft"

    def test_only_one_at_a_time(self, people, pilot, begun):
        with pytest.raises(Stale, match="acceptance_begun"):
            begin_acceptance(actor=people.filler, pilot_id=pilot.public_id)

    def test_a_suspended_pilot(self, people, pilot):
        data = TermInput(PilotAct.SUSPEND, "机构改革。", "1号")
        change_term(actor=people.manager, pilot_id=pilot.public_id, data=data)
        with pytest.raises(Stale, match="pilot_not_active"):
            begin_acceptance(actor=people.filler, pilot_id=pilot.public_id)

    def test_it_waits_for_nobody_while_the_pilot_stands_still(self, people, pilot, begun):
        assert list_acceptances(people.filler) == [begun]
        for act, waiting in ((PilotAct.SUSPEND, []), (PilotAct.RESUME, [begun])):
            data = TermInput(act, "机构改革。", "1号")
            change_term(actor=people.manager, pilot_id=pilot.public_id, data=data)

            assert list_acceptances(people.filler) == waiting

    def test_figures_known_are_there(self, people, pilot):
        target = pilot.targets.get(order=2)
        for year, number in ((pilot.round.year, 11), (pilot.round.year + 1, 12)):
            figures = [ReachedInput(target, Decimal(number))]
            record_reached(pilot=pilot, year=year, figures=figures)
        acceptance = begin_acceptance(actor=people.filler, pilot_id=pilot.public_id)

        line = next(each for each in read_summary(acceptance).lines if each.order == 2)
        assert line.number == 12
        assert not line.achievement.is_reached


class TestSummary:
    def test_what_is_missing(self, people, begun):
        missing = list_missing(begun)

        # Four texts, 15 assessed indicators, evidence.
        assert len(missing) == 20
        with pytest.raises(Invalid, match="acceptance_incomplete"):
            move(people.lead, begun, "submit")

    def test_whole(self, people, begun):
        write(people, begun)
        begun.refresh_from_db()

        assert list_missing(begun) == []
        tally = tally_of(read_summary(begun).lines)
        assert (tally.reached, tally.missed, tally.qualitative, tally.total) == (13, 0, 2, 15)

    def test_a_colleague_saved_meanwhile(self, people, begun):
        write(people, begun)
        with pytest.raises(Stale, match="content_changed"):
            save_summary(
                actor=people.filler,
                acceptance_id=begun.public_id,
                summary=SummaryInput(0, {}, {}),
            )

    def test_a_number_that_is_none(self, people, begun):
        target = begun.pilot.targets.get(order=2)
        figures = {target.pk: FigureInput("十三", "")}
        with pytest.raises(Invalid, match="number_not_a_number"):
            save_summary(
                actor=people.filler,
                acceptance_id=begun.public_id,
                summary=SummaryInput(0, {"work": "已写。"}, figures),
            )

        begun.refresh_from_db()
        assert begun.work == ""

    def test_nothing_changes_after_handing_in(self, people, begun):
        write(people, begun)
        move(people.lead, begun, "submit")
        with pytest.raises(Stale, match="stale_state"):
            remove_file(actor=people.filler, file_id=begun.files.get().public_id)
        with pytest.raises(Stale, match="stale_state"):
            write(people, begun)

    def test_by_its_pages(self, people, begun):
        browser = signed_in(people.filler)
        url = reverse("applications:acceptance_edit", args=[begun.public_id])
        key = begun.pilot.targets.get(order=2).pk
        typed = {"revision": 0, "work": "建设。", f"number_{key}": "13"}

        assert "还有20处未填完" in browser.get(url).content.decode()
        assert browser.post(url, {**typed, f"number_{key}": "x"}).status_code == 422
        assert browser.post(url, typed).status_code == 302
        assert browser.post(url, typed).status_code == 409
        attach = reverse("applications:acceptance_attach", args=[begun.public_id])
        assert browser.post(attach, {"name": "总结"}).status_code == 422

    @pytest.mark.parametrize(
        ("baseline", "goal", "number", "lower", "verdict"),
        [
            (10, 13, 13, False, "达到"),
            (10, 13, "12.99", False, "未达到"),
            (10, "9.94", "9.9", True, "达到"),
            (10, "9.94", "9.95", True, "未达到"),
            (10, 10, 10, False, "达到"),
            (0, 0, 0, False, "达到"),
            (3, 0, 1, True, "未达到"),
            (10, 13, None, False, "无数据"),
        ],
    )
    def test_verdicts(self, baseline, goal, number, lower, verdict):
        line = FinalLine(
            *(1, 1, "指标", "个", "starred", False, lower),
            Decimal(baseline),
            Decimal(goal),
            2028,
            None if number is None else Decimal(number),
            "",
        )

        assert line.verdict == verdict


class TestMoves:
    def test_recalled_and_returned(self, people, begun):
        write(people, begun)
        move(people.lead, begun, "submit")
        assert move(people.lead, begun, "recall").state == "draft"
        move(people.lead, begun, "submit")
        move(people.reviewer, begun, "accept")
        due = clock.today() + timedelta(days=10)
        with pytest.raises(Invalid, match="comment_required"):
            move(people.reviewer, begun, "return", due_on=due)
        with pytest.raises(Invalid, match="due_on_required"):
            move(people.reviewer, begun, "return", comment="请补充。", due_on=clock.today())
        returned = move(people.reviewer, begun, "return", comment="请补充。", due_on=due)

        assert (returned.state, returned.due_on) == ("returned", due)
        assert move(people.lead, begun, "submit").state == "submitted"

    def test_the_wrong_person(self, people, begun):
        write(people, begun)
        with pytest.raises(NotAllowed):
            move(people.filler, begun, "submit")
        url = reverse("applications:acceptance_move", args=[begun.public_id, "submit"])
        assert signed_in(people.filler).post(url, {"revision": 0}).status_code == 403
        assert signed_in(people.shijiazhuang_reviewer).post(url).status_code == 404

    def test_by_its_page(self, people, begun):
        write(people, begun)
        begun.refresh_from_db()
        url = reverse("applications:acceptance_move", args=[begun.public_id, "submit"])
        browser = signed_in(people.lead)

        assert "报廊坊市" in browser.get(url).content.decode()
        assert browser.post(url, {"revision": begun.revision - 1}).status_code == 409
        assert browser.post(url, {"revision": begun.revision}).status_code == 302
        assert browser.post(url, {"revision": begun.revision}).status_code == 409
        give_back = reverse("applications:acceptance_move", args=[begun.public_id, "return"])
        assert signed_in(people.reviewer).get(give_back).status_code == 409


class TestExamining:
    def test_no_conclusion_without_defence_or_opinion(self, people, at_province):
        with pytest.raises(Stale, match="缺答辩记录"):
            propose(people, at_province)
        defend(people, at_province, kind=RecordKind.ON_SITE)
        with pytest.raises(Stale, match="缺答辩记录"):
            propose(people, at_province)
        defend(people, at_province)
        assign(people, at_province)
        with pytest.raises(Stale, match="examination_incomplete"):
            propose(people, at_province)

    @pytest.mark.parametrize("name", ["place", "participants", "findings"])
    def test_records_say_something(self, people, at_province, name):
        with pytest.raises(Invalid, match="words_required"):
            defend(people, at_province, **{name: " "})

    @pytest.mark.parametrize("days", [1, -1])
    def test_records_of_impossible_days(self, people, at_province, days):
        with pytest.raises(Invalid, match="day_"):
            defend(people, at_province, held_on=clock.today() + timedelta(days=days))

    def test_experts_are_blind_until_they_gave_theirs(self, people, province, at_province):
        other = make_person("hebei.expert2", Role.PROVINCE_EXPERT, province.office)
        judge(people, at_province)
        second = assign(people, at_province, other)
        assert others_given(second) == []
        url = reverse("applications:acceptance_opinion", args=[second.public_id])
        browser = signed_in(other)
        assert "建议通过" not in browser.get(url).content.decode()
        assert browser.post(url, {"outcome": "rectify", "comment": " "}).status_code == 422
        browser.post(url, {"outcome": "rectify", "comment": "目标未完成。"})

        assert "建议通过" in browser.get(url).content.decode()
        assert browser.post(url, {"outcome": "passed", "comment": "改。"}).status_code == 409
        assert signed_in(people.expert).get(url).status_code == 404

    def test_a_conflict_of_interest(self, people, at_province):
        opinion = assign(people, at_province)
        with pytest.raises(Invalid, match="conflict_required"):
            declare_conflict(actor=people.expert, opinion_id=opinion.public_id, why=" ")
        declare_conflict(actor=people.expert, opinion_id=opinion.public_id, why="曾任该县顾问。")
        browser = signed_in(people.expert)
        page = browser.get(
            reverse("applications:acceptance_opinion", args=[opinion.public_id])
        ).content.decode()
        file = reverse("applications:acceptance_file", args=[at_province.files.get().public_id])

        assert "您已回避本次验收" in page
        assert "三年来认真建设" not in page
        assert browser.get(file).status_code == 404
        defend(people, at_province)
        with pytest.raises(Stale, match="examination_incomplete"):
            propose(people, at_province)

    def test_blank_reasons_and_days(self, people, at_province):
        defend(people, at_province)
        judge(people, at_province)
        with pytest.raises(Invalid, match="reasons_required"):
            propose(people, at_province, reasons="\n")
        with pytest.raises(Invalid, match="rectify_by_required"):
            propose(people, at_province, AcceptanceOutcome.RECTIFY)

        at_province.refresh_from_db()
        assert at_province.outcome == ""

    def test_county_and_city_see_neither_experts_nor_proposal(self, people, at_province):
        defend(people, at_province)
        judge(people, at_province)
        propose(people, at_province, reasons="拟定的理由。")
        url = reverse("applications:acceptance", args=[at_province.public_id])

        for person in (people.filler, people.reviewer):
            page = signed_in(person).get(url).content.decode()
            assert "拟定的理由" not in page
            assert "专家评议（" not in page
        assert "拟定的理由" in signed_in(people.publisher).get(url).content.decode()

    def test_the_pages_of_the_province(self, people, at_province):
        browser = signed_in(people.manager)

        def url(name):
            return reverse(f"applications:acceptance_{name}", args=[at_province.public_id])

        met = {
            "kind": "defence",
            "held_on": clock.today().isoformat(),
            "place": "石家庄",
            "participants": "专家组",
            "findings": "清楚。",
        }
        assert browser.post(url("meeting"), {**met, "place": ""}).status_code == 422
        assert browser.post(url("meeting"), met).status_code == 302
        assert browser.post(url("experts"), {}).status_code == 422
        assert (
            browser.post(url("experts"), {"experts": [people.expert.public_id]}).status_code == 302
        )
        answer = browser.post(
            url("propose"),
            {"outcome": "passed", "reasons": "好。", "revision": at_province.revision},
        )
        assert answer.status_code == 409
        assert "专家评议意见须有1份以上，现在一份也没有" in answer.content.decode()


class TestConcluding:
    def test_passed(self, people, pilot, at_province):
        decided = conclude(people, at_province)

        pilot.refresh_from_db()
        assert (decided.state, pilot.state) == ("decided", "accepted")
        assert decided.paper.number in pilot.events.get(act="accept").document_number
        binding = Binding.objects.get(paper=decided.paper)
        assert binding.sha256 == decided.content_digest
        assert "13项" in decided.paper.content
        with pytest.raises(Stale, match="pilot_not_active"):
            begin_acceptance(actor=people.filler, pilot_id=pilot.public_id)

    def test_failed(self, people, pilot, at_province):
        conclude(people, at_province, AcceptanceOutcome.FAILED)

        pilot.refresh_from_db()
        assert pilot.state == "failed"

    def test_rectified_and_passed_at_the_second(self, people, pilot, at_province):
        day = clock.today() + timedelta(days=60)
        conclude(people, at_province, AcceptanceOutcome.RECTIFY, rectify_by=day)
        pilot.refresh_from_db()
        assert pilot.state == "rectifying"
        second = begin_acceptance(actor=people.filler, pilot_id=pilot.public_id)
        assert (second.number, second.due_on) == (2, day)
        to_province(people, second)
        conclude(people, second)

        pilot.refresh_from_db()
        assert pilot.state == "accepted"

    def test_not_without_a_proposal(self, people, at_province):
        with pytest.raises(Stale, match="proposal_missing"):
            move(people.publisher, at_province, "decide")

    def test_not_by_whoever_proposed(self, people, at_province):
        defend(people, at_province)
        judge(people, at_province)
        propose(people, at_province)
        at_province.refresh_from_db()
        at_province.proposed_by = people.publisher
        at_province.save()
        with pytest.raises(NotAllowed, match="same_person"):
            move(people.publisher, at_province, "decide")

    def test_a_proposal_changed_since_it_was_seen(self, people, at_province):
        defend(people, at_province)
        judge(people, at_province)
        seen = propose(people, at_province).revision
        propose(people, at_province, AcceptanceOutcome.FAILED)
        with pytest.raises(Stale, match="content_changed"):
            move(people.publisher, at_province, "decide", revision=seen)

    def test_sent_back_the_proposal_falls(self, people, at_province):
        defend(people, at_province)
        judge(people, at_province)
        propose(people, at_province)
        due = clock.today() + timedelta(days=5)
        back = move(people.manager, at_province, "send_back", comment="请补充。", due_on=due)

        assert (back.state, back.outcome, back.proposed_by) == ("returned", "", None)

    def test_a_proposal_not_followed(self, people, at_province):
        defend(people, at_province)
        judge(people, at_province)
        revision = propose(people, at_province).revision
        url = reverse("applications:acceptance_decline", args=[at_province.public_id])
        browser = signed_in(people.publisher)

        assert browser.post(url, {"revision": revision, "comment": " "}).status_code == 422
        assert browser.post(url, {"revision": 0, "comment": "依据不足。"}).status_code == 409
        assert browser.post(url, {"revision": revision, "comment": "依据不足。"}).status_code == 302
        at_province.refresh_from_db()
        assert (at_province.outcome, at_province.proposed_by) == ("", None)
        assert Notice.objects.filter(recipient=people.manager, kind="acceptance_declined").exists()
        assert signed_in(people.manager).get(url).status_code == 403

    def test_no_withdrawal_meanwhile(self, people, pilot, at_province):
        data = TermInput(PilotAct.WITHDRAW, "原因。", "1号")
        with pytest.raises(Stale, match="acceptance_under_way"):
            change_term(actor=people.manager, pilot_id=pilot.public_id, data=data)

    def test_by_the_publishers_page(self, people, at_province):
        defend(people, at_province)
        judge(people, at_province)
        revision = propose(people, at_province).revision
        browser = signed_in(people.publisher)
        url = reverse("applications:acceptance_move", args=[at_province.public_id, "decide"])

        assert "目标全面完成" in browser.get(url).content.decode()
        assert browser.post(url, {"revision": revision}).status_code == 302
        shown = signed_in(people.filler).get(
            reverse("applications:acceptance", args=[at_province.public_id])
        )
        assert "验收结论" in shown.content.decode()


def test_the_page_costs_the_same_however_many(people, at_province, django_assert_max_num_queries):
    browser = signed_in(people.manager)
    with django_assert_max_num_queries(32):
        browser.get(reverse("applications:acceptance", args=[at_province.public_id]))


def test_whoever_wrote_it_does_not_hand_it_in_for_the_head(people, begun):
    write(people, begun)
    stand_in(people.filler, people.lead)
    with pytest.raises(NotAllowed, match="own_acceptance"):
        move(people.filler, begun, "submit")

    office = people.lead.office
    second = make_person("bazhou.lead2", Role.COUNTY_LEAD, office, "赵副职")
    other = make_person("bazhou.filler2", Role.COUNTY_FILLER, office, "吴代办")
    stand_in(other, second)
    move(other, begun, "submit")
    assert begun.steps.get().actor_name == "吴代办（代赵副职）"


class TestTargetsAreHeld:
    """What an acceptance is held to does not move under it."""

    @pytest.fixture
    def goal(self, pilot):
        goals = YearTarget.objects.filter(target__pilot=pilot, target__kind="designated")
        return goals.latest("year")

    def ask(self, people, pilot, goal):
        data = ChangeInput(goal.pk, "12.5", "重点企业外迁。")
        return ask_change(actor=people.filler, pilot_id=pilot.public_id, data=data)

    def support(self, people, change):
        return review_change(
            actor=people.reviewer, change_id=change.public_id, supports=True, comment="属实。"
        )

    def approve(self, people, change):
        return decide_change(
            actor=people.manager, change_id=change.public_id, approves=True, comment="同意。"
        )

    def test_nothing_is_asked_once_it_is_handed_in(self, people, pilot, goal, at_province):
        with pytest.raises(Stale, match="acceptance_under_way"):
            self.ask(people, pilot, goal)

        shown = signed_in(people.filler).get(reverse("applications:pilot", args=[pilot.public_id]))
        assert "申请调整目标</a>" not in shown.content.decode()

    def test_while_it_is_written_a_target_may_still_move(self, people, pilot, goal, begun):
        self.approve(people, self.support(people, self.ask(people, pilot, goal)))

        line = next(row for row in read_summary(begun).lines if row.key == goal.target_id)
        assert line.goal == Decimal("12.5")

    def test_it_is_not_handed_in_while_a_request_is_open(self, people, pilot, goal, begun):
        change = self.ask(people, pilot, goal)
        write(people, begun)

        with pytest.raises(Stale, match="change_open"):
            move(people.lead, begun, "submit")
        take_back_change(actor=people.filler, change_id=change.public_id)
        assert move(people.lead, begun, "submit").state == "submitted"

    def test_nothing_is_approved_after_a_conclusion_to_put_right(
        self, people, pilot, goal, at_province
    ):
        by = clock.today() + timedelta(days=60)
        conclude(people, at_province, AcceptanceOutcome.RECTIFY, rectify_by=by)

        with pytest.raises(Stale, match="acceptance_under_way"):
            self.ask(people, pilot, goal)

    def test_what_was_asked_before_is_not_approved_under_it(self, people, pilot, goal, at_province):
        change = TargetChange.objects.create(
            pilot=pilot,
            year_target=goal,
            before=goal.number,
            after="12.5",
            reason="重点企业外迁。",
            state="supported",
            asked_by=people.filler,
            asked_at=clock.now(),
        )

        with pytest.raises(Stale, match="acceptance_under_way"):
            self.approve(people, change)
        goal.refresh_from_db()
        assert goal.number == goal.promised


class TestFiguresAndReports:
    def reported(self, pilot, number):
        target = pilot.targets.get(order=2)
        goal = YearTarget.objects.filter(target=target).latest("year")
        record_reached(pilot=pilot, year=goal.year, figures=[ReachedInput(target, number)])
        return goal

    def words_of(self, people, acceptance, words):
        target = acceptance.pilot.targets.get(order=2)
        acceptance.refresh_from_db()
        save_summary(
            actor=people.filler,
            acceptance_id=acceptance.public_id,
            summary=SummaryInput(
                acceptance.revision,
                dict.fromkeys(("work", "results", "problems", "outlook"), "写好。"),
                {target.pk: words},
            ),
        )
        return [each.sentence for each in list_missing(acceptance)]

    def test_another_figure_than_was_reported_wants_words(self, people, pilot, begun):
        year = self.reported(pilot, Decimal(12)).year
        write(people, begun)
        said = f"填写的是13，{year}年度进展报告为12，请在说明中写明不一致的原因。"

        assert any(said in each for each in self.words_of(people, begun, FigureInput("13", "")))
        assert not self.words_of(people, begun, FigureInput("13", "年报后核增。"))
        page = signed_in(people.filler).get(
            reverse("applications:acceptance", args=[begun.public_id])
        )
        assert f"{year}年报告12（不一致）" in page.content.decode()

    def test_a_target_that_was_missed_wants_a_reason(self, people, begun):
        write(people, begun)

        [missing] = self.words_of(people, begun, FigureInput("12.99", ""))
        assert "未达到目标，请在说明中写明原因" in missing

    def test_every_step_stands_on_the_page(self, people, at_province):
        url = reverse("applications:acceptance", args=[at_province.public_id])
        page = signed_in(people.manager).get(url).content.decode()

        assert "（13 − 10）÷（13 − 10）= 100.00%" in page
        assert "高新技术企业数量翻一番。" in page

    def test_two_editors_lose_nothing_of_each_other(self, people, begun):
        mine, theirs = signed_in(people.filler), signed_in(people.filler)
        address = reverse("applications:acceptance_edit", args=[begun.public_id])
        page = mine.get(address)
        names = [name for name in page.context["form"].fields if name != "revision"]
        base = dict.fromkeys(names, "") | {f"was-{name}": "" for name in names}
        base["revision"] = begun.revision
        second, third = (f"number_{begun.pilot.targets.get(order=each).pk}" for each in (2, 3))
        assert theirs.post(address, base | {"work": "同事写的", second: "13"}).status_code == 302

        answer = mine.post(address, base | {"results": "我写的", second: "14", third: "15"})

        assert answer.status_code == 409
        form = answer.context["form"]
        shown = {name: form[name].value() for name in ("work", "results", second, third)}
        assert shown == {"work": "同事写的", "results": "我写的", second: "14", third: "15"}
        assert "同事已改为：13" in answer.content.decode()
        sent = {name: form[name].value() or "" for name in form.fields}
        assert mine.post(address, sent).status_code == 302
        begun.refresh_from_db()
        assert (begun.work, begun.results) == ("同事写的", "我写的")


class TestPublished:
    def test_everybody_reads_a_conclusion_with_what_it_rests_on(self, people, province, call):
        import_registers("hebei")
        bureaus = province.bureaus["bazhou"], province.bureaus["changan"]
        publish_pilots(people.manager, people.publisher, call, *bureaus)
        pilot = Pilot.objects.get(region__code="131081")
        address = reverse("applications:public_pilot", args=[pilot.public_id])
        day = pilot.ends_on - timedelta(days=30)
        with clock.playing(datetime(day.year, day.month, day.day, 12, tzinfo=clock.BEIJING)):
            begun = begin_acceptance(actor=people.filler, pilot_id=pilot.public_id)
            at_province = to_province(people, begun)
            assert "总结验收：" not in Client().get(address).content.decode()
            conclude(people, at_province)
            page = Client().get(address).content.decode()

        assert "总结验收：通过" in page
        at_province.refresh_from_db()
        assert at_province.paper.number in page
        assert "定量指标达到目标13项" in page
        assert "（13 − 10）÷（13 − 10）= 100.00%" in page
        # What a county wrote for the province is not for everybody.
        assert "已全面落实" not in page
