"""Who may do what in which state: acceptances, target changes and the term, against tables written by hand."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.http import Http404

from applications.actions.acceptance_moves import AcceptanceMove, move_acceptance
from applications.actions.accepting import SummaryInput, begin_acceptance, save_summary
from applications.actions.changes import (
    ChangeInput,
    ask_change,
    decide_change,
    review_change,
    take_back_change,
)
from applications.actions.progressing import note_progress
from applications.actions.terms import TermInput, change_term
from applications.enums import AcceptanceAction, AcceptanceState, ChangeState, PilotAct, PilotState
from applications.models import Acceptance, Pilot, PilotEvent, TargetChange, YearTarget
from county_portal.common import clock
from county_portal.common.errors import Refused
from county_portal.documents.importer import import_registers
from tests.applications.test_acceptances import defend, judge, propose, to_province
from tests.factories.pilots import make_pilot

PERSONS = (
    *("filler", "lead", "provider", "reviewer", "signer", "manager", "checker", "expert"),
    *("publisher", "system_admin", "security_admin", "auditor"),
    *("changan_lead", "shijiazhuang_reviewer", "xinji_reviewer"),
)
# Whom no pilot is shown, or not this one: to them it does not exist.
BLIND = {
    *("provider", "expert", "system_admin", "security_admin", "auditor"),
    *("changan_lead", "shijiazhuang_reviewer", "xinji_reviewer"),
}
WORDS = "情况属实，请按程序办理。"


def outcome(act):
    """The state an act leads to, or the code it is refused with; nothing stays."""
    try:
        with transaction.atomic():
            state = act()
            transaction.set_rollback(True)
            return str(state)
    except Http404:
        return "not_found"
    except Refused as refusal:
        return refusal.code


def read_table(text):
    """(act, state) → (the state it leads to, who may)."""
    lines = [line.split() for line in text.strip().splitlines()]
    return {(act, state): (target, person) for act, state, target, person in lines}


def expected(table, act, state, who, *, stale="stale_state"):
    if who in BLIND:
        return "not_found"
    if who not in {person for (what, _), (_, person) in table.items() if what == act}:
        return "not_allowed"
    return table.get((act, state), (stale,))[0]


# Acceptances

ACCEPTANCES = read_table("""
submit draft submitted lead
submit returned submitted lead
recall submitted draft lead
accept submitted city_review reviewer
approve city_review province_review reviewer
return city_review returned reviewer
send_back province_review returned manager
decide province_review decided publisher
write draft draft filler
write returned returned filler
""")


@pytest.fixture
def pilot(call, people, province):
    import_registers("hebei")
    today = clock.today()
    return make_pilot(
        people.manager,
        province.bureaus["bazhou"],
        call=call,
        starts_on=today - timedelta(days=1000),
        ends_on=today + timedelta(days=90),
    )


@pytest.fixture
def acceptance(people, pilot):
    """Written, defended, judged and with a proposal: nothing but state and person decides."""
    made = to_province(people, begin_acceptance(actor=people.filler, pilot_id=pilot.public_id))
    defend(people, made)
    judge(people, made)
    propose(people, made)
    Acceptance.objects.update(decided_by=people.publisher)
    return made


def on_acceptance(people, acceptance, who, act):
    actor, key = getattr(people, who), acceptance.public_id
    if act == "write":
        texts = {"work": "三年来认真建设，成效明显。"}
        summary = SummaryInput(None, texts, {})
        return save_summary(actor=actor, acceptance_id=key, summary=summary).state
    step = AcceptanceMove(
        AcceptanceAction(act), comment=WORDS, due_on=clock.today() + timedelta(days=9)
    )
    return move_acceptance(actor=actor, acceptance_id=key, move=step).state


@pytest.mark.parametrize("act", [*map(str, AcceptanceAction), "write"])
def test_acceptance_by_act_state_and_person(people, acceptance, act):
    found, wanted = {}, {}
    for state in AcceptanceState:
        Acceptance.objects.update(state=state)
        for who in PERSONS:
            found[state, who] = outcome(lambda: on_acceptance(people, acceptance, who, act))  # noqa: B023 -- called at once
            wanted[state, who] = expected(ACCEPTANCES, act, str(state), who)

    assert found == wanted


# Requests to change a target

CHANGES = read_table("""
take_back asked taken_back filler
take_back supported taken_back filler
support asked supported reviewer
oppose asked refused reviewer
approve supported approved manager
decline supported refused manager
""")


def on_change(people, change, who, act):
    of = {"actor": getattr(people, who), "change_id": change.public_id}
    if act == "take_back":
        return take_back_change(**of).state
    if act in {"support", "oppose"}:
        return review_change(**of, supports=act == "support", comment=WORDS).state
    return decide_change(**of, approves=act == "approve", comment=WORDS).state


@pytest.mark.parametrize("act", ["take_back", "support", "oppose", "approve", "decline"])
def test_change_by_act_state_and_person(people, pilot, act):
    goal = YearTarget.objects.filter(target__pilot=pilot, target__kind="designated").latest("year")
    change = ask_change(
        actor=people.filler,
        pilot_id=pilot.public_id,
        data=ChangeInput(goal.pk, "12.5", "重点企业外迁。"),
    )
    # So that the database lets it be called approved.
    TargetChange.objects.update(province_by=people.checker)
    found, wanted = {}, {}
    for state in ChangeState:
        TargetChange.objects.update(state=state)
        for who in PERSONS:
            found[state, who] = outcome(lambda: on_change(people, change, who, act))  # noqa: B023 -- called at once
            wanted[state, who] = expected(CHANGES, act, str(state), who)

    assert found == wanted


# The pilot itself

PILOTS = read_table("""
extend active active manager
extend suspended suspended manager
suspend active suspended manager
resume suspended active manager
withdraw active withdrawn manager
withdraw suspended withdrawn manager
withdraw rectifying withdrawn manager
ask active asked filler
ask rectifying asked filler
note active noted filler
note rectifying noted filler
begin active draft filler
begin rectifying draft filler
""")
# What the county does is refused for the pilot's state, what the province does for the act's.
NOT_NOW = dict.fromkeys(("ask", "note", "begin"), "pilot_not_active")
# The event after which the database lets a pilot be in a state.
AFTER = {
    PilotState.ACTIVE: PilotAct.RESUME,
    PilotState.SUSPENDED: PilotAct.SUSPEND,
    PilotState.WITHDRAWN: PilotAct.WITHDRAW,
    PilotState.RECTIFYING: PilotAct.RECTIFY,
    PilotState.ACCEPTED: PilotAct.ACCEPT,
    PilotState.FAILED: PilotAct.FAIL,
}


def put_pilot(people, pilot, state):
    PilotEvent.objects.create(
        pilot=pilot,
        act=AFTER[state],
        on=clock.today(),
        reason="依程序办理。",
        actor=people.manager,
        at=clock.now(),
    )
    Pilot.objects.filter(pk=pilot.pk).update(state=state)


def on_pilot(people, pilot, who, act):
    actor, key = getattr(people, who), pilot.public_id
    if act == "begin":
        return begin_acceptance(actor=actor, pilot_id=key).state
    if act == "note":
        task = pilot.tasks.get().public_id
        note_progress(actor=actor, task_id=task, done=40, words="推进。")
        return "noted"
    if act == "ask":
        goal = YearTarget.objects.filter(target__pilot=pilot, target__order=2).latest("year")
        data = ChangeInput(goal.pk, "12.5", "重点企业外迁。")
        return ask_change(actor=actor, pilot_id=key, data=data).state
    until = pilot.ends_on + timedelta(days=30) if act == "extend" else None
    data = TermInput(PilotAct(act), WORDS, until=until, document_number="冀科区〔2026〕9号")
    return change_term(actor=actor, pilot_id=key, data=data).state


@pytest.mark.parametrize("act", ["extend", "suspend", "resume", "withdraw", "ask", "note", "begin"])
def test_pilot_by_act_state_and_person(people, pilot, act):
    found, wanted = {}, {}
    for state in PilotState:
        put_pilot(people, pilot, state)
        for who in PERSONS:
            found[state, who] = outcome(lambda: on_pilot(people, pilot, who, act))  # noqa: B023 -- called at once
            wanted[state, who] = expected(
                PILOTS, act, str(state), who, stale=NOT_NOW.get(act, "act_not_open")
            )

    assert found == wanted
