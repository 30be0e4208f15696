"""督导专报: what it says, what it is bound to, that late words never change it, and who may draft it."""

from datetime import date, datetime

import pytest
from django.http import Http404
from django.urls import reverse

from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.documents.actions.beginning import start_draft
from county_portal.documents.actions.drafts import Move, move_draft
from county_portal.documents.enums import DraftAction
from county_portal.documents.models import Register
from measures.actions.importing import import_ledgers
from measures.actions.keeping import LedgerInput, amend_ledger, set_duty_kind
from measures.actions.reporting import ReportInput, report_month
from measures.enums import SUPERVISION_REPORT
from measures.models import Duty
from measures.rules.month import LateUnit
from measures.selectors.composing import compose, compose_for
from measures.selectors.reports import key_of, month_digest, read_month
from measures.supervision_report import _late_units
from tests.factories.people import signed_in
from tests.measures.acts import liaison, province_units, small_ledger

JANUARY = date(2026, 1, 1)


def on(month, day, hour=10):
    return clock.playing(datetime(2026, month, day, hour, tzinfo=clock.BEIJING))


@pytest.fixture
def ledger(people):
    province_units(people)
    with on(1, 4):
        [made] = import_ledgers("hebei", only=["hebei-measures"])
    return made


@pytest.fixture
def duty(ledger):
    return Duty.objects.get(measure__ledger=ledger, measure__number=6)


def say(duty, words="完成培育库更新。", login="liaison"):
    from county_portal.accounts.models import User

    actor = User.objects.filter(login=login).first() or liaison(duty.office, login)
    return report_month(actor=actor, duty_id=duty.public_id, data=ReportInput(JANUARY, words))


def draft(people, ledger):
    register = Register.objects.get(prefix="冀科")
    return start_draft(
        actor=people.manager,
        kind=SUPERVISION_REPORT,
        register=register.public_id,
        subject=key_of(ledger, JANUARY),
    )


def issue(people, draft):
    for actor, act in (
        (people.manager, DraftAction.SEND),
        (people.checker, DraftAction.CHECK),
        (people.publisher, DraftAction.ISSUE),
    ):
        draft = move_draft(actor=actor, draft_id=draft.public_id, move=Move(act))
    return draft.paper


class TestWhatItSays:
    def test_moved_stalled_and_late(self, people, ledger, duty):
        with on(2, 3):
            say(duty)
        with on(2, 8):
            composed = compose_for(ledger, JANUARY)
        assert composed.title.startswith("关于《关于加快推进县域科技创新的若干措施》2026年1月")
        assert "完成培育库更新" in composed.text
        # Units that owe the same share a sentence, every one by its name.
        owing = [
            line for line in composed.text.splitlines() if "石家庄市政府" in line and "欠报" in line
        ]
        assert len(owing) == 1
        assert owing[0].endswith("本月欠报5条（第2、3、15、20、22条），累计欠报5条次。")
        assert ("每个单位" in owing[0]) == ("、" in owing[0].partition("本月")[0])
        assert composed.addressees == "省委、省政府"
        [table] = composed.tables.values()
        assert len(table["rows"]) == 28

    def test_a_month_that_is_not_over(self, people, ledger):
        with on(1, 31), pytest.raises(Invalid, match="month_not_over"):
            compose_for(ledger, JANUARY)
        with on(2, 8), pytest.raises(Invalid, match="month_before_ledger"):
            compose_for(ledger, date(2025, 12, 1))

    def test_only_of_ones_own_ledger(self, people, ledger):
        with on(2, 8):
            with pytest.raises(NotAllowed):
                compose(people.checker, key_of(ledger, JANUARY))
            with pytest.raises(Http404):
                compose(people.lead, key_of(ledger, JANUARY))
            with pytest.raises(Http404):
                compose(people.manager, "nonsense")


class TestBinding:
    def test_issued_and_untouched_by_late_words(self, people, ledger, duty):
        with on(2, 3):
            say(duty)
        with on(2, 8):
            paper = issue(people, draft(people, ledger))
            before = month_digest(key_of(ledger, JANUARY))
            say(duty, "补充：另有两家。")
        paper.refresh_from_db()
        assert paper.is_valid
        assert month_digest(key_of(ledger, JANUARY)) == before
        [binding] = paper.bindings.all()
        assert (binding.key, binding.sha256) == (key_of(ledger, JANUARY), before)

    def test_a_draft_older_than_the_words_is_not_issued(self, people, ledger, duty):
        with on(2, 3):
            begun = draft(people, ledger)
            say(duty)
            with pytest.raises(Stale, match="bound_data_changed"):
                issue(people, begun)

    def test_issued_early_it_lapses_with_the_words(self, people, ledger, duty):
        with on(2, 3):
            paper = issue(people, draft(people, ledger))
            say(duty)
        paper.refresh_from_db()
        assert paper.status == "lapsed"

    def test_it_lapses_when_the_units_are_put_right(self, people, ledger, duty):
        with on(2, 8):
            paper = issue(people, draft(people, ledger))
            set_duty_kind(actor=people.manager, duty_id=duty.public_id, kind="support")
        paper.refresh_from_db()
        assert paper.status == "lapsed"

    def test_a_change_that_it_does_not_speak_of_leaves_it(self, people, ledger):
        with on(2, 8):
            paper = issue(people, draft(people, ledger))
            data = LedgerInput("新的台账名称", ledger.document_title, starts_on=ledger.starts_on)
            amend_ledger(actor=people.manager, ledger_id=ledger.public_id, data=data)
        paper.refresh_from_db()
        assert paper.is_valid

    def test_the_month_costs_the_same_however_many_spoke(
        self, people, ledger, duty, django_assert_num_queries
    ):
        with on(2, 3):
            say(duty)
        with on(2, 8), django_assert_num_queries(8):
            assert read_month(ledger, JANUARY).reported == 1


class TestThePage:
    def test_the_province_drafts_from_it(self, people, ledger):
        url = reverse("measures:month", args=[ledger.public_id, "2026-01"])
        with on(2, 8):
            shown = signed_in(people.manager).get(url).content.decode()
            other = signed_in(people.checker).get(url).content.decode()
        assert "起草督导专报" in shown
        assert "起草督导专报" not in other

    def test_a_county_prints_it(self, people):
        with on(1, 4):
            made = small_ledger(people)
        with on(2, 8):
            url = reverse("measures:month", args=[made.public_id, "2026-01"])
            shown = signed_in(people.lead).get(url).content.decode()
            wrong = reverse("measures:month", args=[made.public_id, "2026-13"])
            assert signed_in(people.lead).get(wrong).status_code == 404
        assert "市委、市政府：" in shown
        assert "没有发文登记簿" in shown
        assert "起草督导专报" not in shown


def test_units_that_owe_the_same_share_a_sentence():
    late = [
        LateUnit("甲市政府", (2, 3), 8),
        LateUnit("乙市政府", (2, 3), 8),
        LateUnit("丙厅", (2,), 1),
    ]

    told = [(each["unit"], each["count"], each["months"]) for each in _late_units(late)]
    assert told == [("甲市政府、乙市政府等2个单位，每个单位", "2", "8"), ("丙厅", "1", "1")]
