"""The list of pilots: drafted with reasons, on notice, objected to, published by a second person."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.utils import IntegrityError
from django.http import Http404

from applications.actions.deciding import (
    DecisionInput,
    DraftInput,
    NoticeInput,
    draft_pilot_list,
    start_notice,
    withdraw_pilot_list,
)
from applications.actions.formal import FormalInput, fail_formally
from applications.actions.objections import (
    ObjectionInput,
    answer_objection,
    raise_objection,
    record_objection,
)
from applications.actions.publishing import publish_pilot_list
from applications.actions.rounds import close_round
from applications.enums import ApplicationState, ListState, RoundState
from applications.models import Decision, Objection, Pilot, PilotList
from applications.rules.deciding import end_of_term
from county_portal.accounts.models import Region
from county_portal.audit.actions import Entry, record
from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.documents.models import Delivery, Paper
from county_portal.notices.models import Notice
from tests.applications.test_formal import FINE
from tests.factories.deputies import stand_in
from tests.factories.pilots import (
    after_notice,
    draft_pilots,
    have_letter,
    published_pilots,
    put_on_notice,
    recommended,
)

WORDS = ObjectionInput("某企业", "0316-0000000", "所报高新技术企业数量有误。")


def draft(people, call, decisions):
    close_round(actor=people.manager, round_id=call.public_id)
    data = DraftInput(decisions, clock.today())
    return draft_pilot_list(actor=people.manager, round_id=call.public_id, data=data)


def refused(error, act, **arguments):
    with pytest.raises(error) as caught:
        act(**arguments)
    return caught.value.code


@pytest.mark.parametrize(
    "first, years, last",
    [("2026-12-01", 3, "2029-11-30"), ("2024-02-29", 3, "2027-02-28"), ("2024-02-29", 4, "2028-02-28")],
)  # fmt: skip
def test_the_last_day_of_a_term(first, years, last):
    day = type(clock.today()).fromisoformat
    assert end_of_term(day(first), years) == day(last)


def test_every_candidate_is_decided_with_reasons(people, call, bazhou, changan):
    yes = {bazhou.public_id: DecisionInput(True, "基础好。")}
    act = {"people": people, "call": call}
    assert refused(Invalid, draft, **act, decisions=yes) == "decision_missing"
    blank = {**yes, changan.public_id: DecisionInput(False, " ")}
    act = {"actor": people.manager, "round_id": call.public_id}
    data = DraftInput(blank, clock.today())
    assert refused(Invalid, draft_pilot_list, **act, data=data) == "reasons_required"
    nobody = {each.public_id: DecisionInput(False, "暂不纳入。") for each in (bazhou, changan)}
    data = DraftInput(nobody, clock.today())
    assert refused(Invalid, draft_pilot_list, **act, data=data) == "nobody_selected"
    assert not PilotList.objects.exists()


def test_an_open_round_takes_no_list(people, call, bazhou):
    data = DraftInput({bazhou.public_id: DecisionInput(True, "好。")}, clock.today())

    code = refused(
        Stale, draft_pilot_list, actor=people.manager, round_id=call.public_id, data=data
    )

    assert code == "round_not_closed"


def test_an_open_formal_check_blocks_it(people, call, bazhou, province):
    recommended(call, province.bureaus["xinji"])
    decisions = {bazhou.public_id: DecisionInput(True, "好。")}

    assert refused(Stale, draft, people=people, call=call, decisions=decisions) == "formal_open"


def test_a_letter_that_lapsed_meanwhile_blocks_it(people, call, bazhou, changan):
    letter = Paper.objects.get(office=changan.reviewing_office)
    letter.status, letter.status_reason, letter.status_at = "void", "撤销", clock.now()
    letter.save()
    decisions = {
        bazhou.public_id: DecisionInput(True, "好。"),
        changan.public_id: DecisionInput(False, "暂缓。"),
    }

    assert refused(Stale, draft, people=people, call=call, decisions=decisions) == "letter_lapsed"


def test_what_failed_the_formal_check_cannot_be_chosen(people, call, bazhou, province):
    failed = recommended(call, province.bureaus["xinji"])
    fail_formally(
        actor=people.manager,
        application_id=failed.public_id,
        check=FormalInput(FINE, "申报文件不符。"),
    )
    decisions = {
        bazhou.public_id: DecisionInput(True, "好。"),
        failed.public_id: DecisionInput(True, "好。"),
    }

    assert (
        refused(Invalid, draft, people=people, call=call, decisions=decisions) == "failed_selected"
    )


def test_a_county_abolished_meanwhile(people, call, bazhou, province):
    Region.objects.filter(pk=bazhou.region_id).update(valid_to=clock.today())
    decisions = {bazhou.public_id: DecisionInput(True, "好。")}

    assert refused(Stale, draft, people=people, call=call, decisions=decisions) == "region_ended"


def test_a_draft_is_drawn_up_anew(call, bazhou, changan):
    first = draft_pilots(call, [bazhou], [changan])
    second = draft_pilots(call, [changan], [bazhou])

    assert first.pk == second.pk
    assert Decision.objects.get(is_selected=True).application == changan
    assert Decision.objects.count() == 2


@pytest.mark.parametrize(
    "changed, code",
    [
        ({"consent_number": " "}, "consent_number_required"),
        ({"consent_on": 1}, "date_in_the_future"),
        ({"notice_from": -1}, "notice_in_the_past"),
        ({"notice_until": 5}, "notice_too_short"),
    ],
)
def test_a_notice_refused(people, call, bazhou, changan, changed, code):
    pilots, today = draft_pilots(call, [bazhou], [changan]), clock.today()
    days = {
        key: today + timedelta(days=value) if isinstance(value, int) else value
        for key, value in changed.items()
    }
    entered = {
        "consent_on": today,
        "consent_number": "厅纪〔2026〕3号",
        "notice_from": today,
        "notice_until": today + timedelta(days=6),
    }
    notice = NoticeInput(**{**entered, **days})

    act = {"actor": people.manager, "list_id": pilots.public_id, "notice": notice}
    assert refused(Invalid, start_notice, **act) == code
    pilots.refresh_from_db()
    assert pilots.state == ListState.DRAFT


def test_a_letter_voided_after_the_draft_blocks_the_notice(call, bazhou, changan):
    pilots = draft_pilots(call, [bazhou], [changan])
    Paper.objects.filter(office=bazhou.reviewing_office).update(
        status="void", status_reason="撤销", status_at=clock.now()
    )

    assert refused(Stale, put_on_notice, pilots=pilots) == "letter_lapsed"
    have_letter(bazhou)
    assert put_on_notice(pilots).state == ListState.NOTICE


def test_from_the_notice_on_nothing_moves(on_notice):
    decision = on_notice.decisions.first()
    for act in (
        lambda: Decision.objects.filter(pk=decision.pk).update(reasons="改"),
        lambda: Decision.objects.filter(pk=decision.pk).delete(),
        lambda: Decision.objects.create(
            pilot_list=on_notice, application=decision.application, is_selected=True, reasons="x"
        ),
    ):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            act()
    assert refused(Stale, draft_pilots, call=on_notice.round, selected=[]) == "list_standing"


def test_not_before_the_notice_ended(people, on_notice):
    act = {"actor": people.publisher, "list_id": on_notice.public_id}

    assert refused(Stale, publish_pilot_list, **act) == "notice_running"
    assert not Pilot.objects.exists()


def test_not_with_an_open_objection(people, on_notice):
    row = raise_objection(list_id=on_notice.public_id, objection=WORDS)
    act = {"actor": people.publisher, "list_id": on_notice.public_id}
    with after_notice(on_notice):
        assert refused(Stale, publish_pilot_list, **act) == "objections_open"
        blank = {"actor": people.manager, "objection_id": row.public_id}
        assert refused(Invalid, answer_objection, **blank, answer=" ") == "answer_required"
        answer_objection(**blank, answer="经核查，数据与认定名单一致，异议不成立。")
        assert refused(Stale, answer_objection, **blank, answer="再答") == "objection_answered"


def test_not_by_whoever_drew_it_up(people, on_notice):
    with after_notice(on_notice):
        act = {"actor": people.manager, "list_id": on_notice.public_id}
        assert refused(NotAllowed, publish_pilot_list, **act) == "not_allowed"
        PilotList.objects.update(prepared_by=people.publisher)
        act["actor"] = people.publisher
        assert refused(NotAllowed, publish_pilot_list, **act) == "second_person_required"


def test_two_people_by_the_database_too(people, on_notice):
    with pytest.raises(IntegrityError), transaction.atomic():
        PilotList.objects.update(published_by=people.manager)


def test_not_for_a_county_abolished_during_the_notice(people, on_notice, bazhou):
    Region.objects.filter(pk=bazhou.region_id).update(valid_to=clock.today())
    with after_notice(on_notice):
        act = {"actor": people.publisher, "list_id": on_notice.public_id}
        assert refused(Stale, publish_pilot_list, **act) == "region_ended"


def test_publishing_does_everything_at_once(people, call, bazhou, changan, province):
    pilots = published_pilots(call, [bazhou], [changan])

    for row in (bazhou, changan, call):
        row.refresh_from_db()
    assert (bazhou.state, changan.state) == (
        ApplicationState.SELECTED,
        ApplicationState.NOT_SELECTED,
    )
    assert call.state == RoundState.DECIDED
    pilot = Pilot.objects.get()
    assert (pilot.application, pilot.starts_on, pilot.ends_on) == (
        bazhou,
        pilots.starts_on,
        pilots.ends_on,
    )
    assert pilot.targets.count() == 30
    paper = pilots.paper
    assert paper.number.startswith("冀科〔")
    assert "廊坊市霸州市" in paper.content
    assert "长安区" not in paper.content
    assert set(Delivery.objects.filter(paper=paper).values_list("office", flat=True)) == {
        office.pk for office in province.cities.values()
    }
    assert paper.bindings.get().sha256 == pilots.digest
    assert Event.objects.filter(act="publish_pilot_list").count() == 1
    assert Notice.objects.filter(recipient=people.lead, kind="application_select").exists()


def test_a_published_list_never_changes(call, bazhou):
    pilots = published_pilots(call, [bazhou])
    for act in (lambda: PilotList.objects.update(consent_number="x"), pilots.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_withdrawn_with_a_reason_and_drawn_up_again(people, on_notice, call, bazhou, changan):
    act = {"actor": people.manager, "list_id": on_notice.public_id}
    assert refused(Invalid, withdraw_pilot_list, **act, reason=" ") == "reason_required"
    withdraw_pilot_list(**act, reason="异议成立，重新审议。")
    assert refused(Stale, withdraw_pilot_list, **act, reason="再撤") == "stale_state"

    again = draft_pilots(call, [changan], [bazhou])

    assert again.pk != on_notice.pk
    assert PilotList.objects.filter(state=ListState.WITHDRAWN).count() == 1


def test_objections_come_while_the_notice_runs(people, on_notice):
    row = raise_objection(list_id=on_notice.public_id, objection=WORDS)

    assert (row.recorded_by, row.received_on) == (None, clock.today())
    assert Notice.objects.filter(recipient=people.manager, kind="pilot_objection").count() == 1
    with after_notice(on_notice):
        late = {"list_id": on_notice.public_id, "objection": WORDS}
        assert refused(Stale, raise_objection, **late) == "notice_ended"
        act = {"actor": people.manager, "list_id": on_notice.public_id, "objection": WORDS}
        assert refused(Invalid, record_objection, **act, received_on=clock.today()) == (
            "received_outside_notice"
        )
        record_objection(**act, received_on=on_notice.notice_until)
    assert Objection.objects.count() == 2


@pytest.mark.parametrize(
    "changed, code",
    [
        ({"raised_by": " "}, "objection_incomplete"),
        ({"contact": " "}, "objection_incomplete"),
        ({"text": "\n"}, "objection_incomplete"),
        ({"region_code": "999999"}, "region_not_listed"),
    ],
)
def test_an_objection_refused(on_notice, changed, code):
    words = {"raised_by": "某人", "contact": "电话", "text": "有误。", **changed}
    act = {"list_id": on_notice.public_id, "objection": ObjectionInput(**words)}

    assert refused(Invalid, raise_objection, **act) == code
    assert not Objection.objects.exists()


def test_a_draft_takes_no_objections(call, bazhou):
    pilots = draft_pilots(call, [bazhou])

    with pytest.raises(Http404):
        raise_objection(list_id=pilots.public_id, objection=WORDS)


@pytest.mark.parametrize("who", ["checker", "expert", "reviewer", "lead"])
def test_nobody_else_gets_at_it(people, on_notice, who):
    with pytest.raises((NotAllowed, Http404)):
        withdraw_pilot_list(
            actor=getattr(people, who), list_id=on_notice.public_id, reason="撤回。"
        )
    assert connection.is_usable()


def test_not_by_whoever_put_it_on_notice_for_the_manager(people, on_notice):
    """Drawn up by one, put on notice by the checker in the manager's stead, published by neither."""
    entry = {"kind": "pilot_list", "object_id": str(on_notice.public_id), "detail": {}}
    with transaction.atomic():
        record(people.checker, Entry(act="start_notice", **entry))
    with after_notice(on_notice):
        stand_in(people.checker, people.publisher)
        act = {"actor": people.checker, "list_id": on_notice.public_id}
        assert refused(NotAllowed, publish_pilot_list, **act) == "second_person_required"
