"""The table of an application's moves, written out a second time by hand."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.http import Http404

from applications.actions.moving import Move, Wanted, move_application
from applications.enums import ApplicationAction, ApplicationState
from applications.models import Application, ApplicationSnapshot
from applications.workflow import APPLICATION_WORKFLOW
from county_portal.common import clock
from county_portal.common.errors import Invalid, Refused, Stale
from county_portal.documents.importer import import_registers
from tests.factories.pilots import apply_to, recommend

# action, from, to, permission, needs a comment
TABLE = """
finish draft government apply -
finish returned government apply -
resume government draft apply -
resume ready draft apply -
approve_county government ready hand_in -
submit ready submitted hand_in -
recall submitted ready hand_in -
accept submitted city_review recommend -
approve city_review reviewed recommend -
return city_review returned recommend comment
return reviewed returned recommend comment
leave_out reviewed not_recommended recommend comment
reconsider not_recommended reviewed recommend -
admit reviewed admitted run -
send_back reviewed returned run comment
send_back admitted returned run comment
select admitted selected decide -
refuse admitted not_selected decide comment
refuse reviewed not_selected decide comment
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
        for row in APPLICATION_WORKFLOW.transitions
    }

    assert stands == written


@pytest.mark.parametrize("action", ApplicationAction)
def test_every_action_is_in_the_table(action):
    assert any(row.action == action for row in APPLICATION_WORKFLOW.transitions)


def test_the_straight_path(call, province):
    application = apply_to(call, province.bureaus["bazhou"], ApplicationState.REVIEWED)

    assert application.state == ApplicationState.REVIEWED
    kept = ApplicationSnapshot.objects.get(application=application)
    assert kept.digest == application.content_digest
    assert [step.action for step in application.steps.order_by("at", "pk")] == [
        *("finish", "approve_county", "submit", "accept", "approve"),
    ]


# Every action × role × state through the real act

ROLES = {
    "filler": "apply",
    "lead": "hand_in",
    "provider": "",
    "reviewer": "recommend",
    "signer": "",
    "manager": "run",
    "checker": "",
    "expert": "",
    "publisher": "decide",
    "system_admin": "",
    "security_admin": "",
    "auditor": "",
}
# Whom no application is shown: to them it does not exist.
BLIND = {"provider", "expert", "system_admin", "security_admin", "auditor"}


def rows_of(action):
    lines = [line.split() for line in TABLE.strip().splitlines()]
    return {line[1]: (line[2], line[3]) for line in lines if line[0] == action}


def put(application, state):
    """A row in a state, whatever led there: what is asked here is the table, not the way."""
    Application.objects.filter(pk=application.pk).update(state=state)
    application.refresh_from_db()


def attempt(actor, application, action):
    """What the act answers: the state reached, or the refusal's code; nothing stays."""
    move = Move(
        action,
        comment="请核对。",
        wanted=(Wanted("table", "请核对第7行。", 7),),
        due_on=clock.today() + timedelta(days=5),
    )
    try:
        with transaction.atomic():
            moved = move_application(actor=actor, application_id=application.public_id, move=move)
            transaction.set_rollback(True)
            return str(moved.state)
    except Http404:
        return "not_found"
    except Refused as refusal:
        return refusal.code


def expected(action, who, state):
    if who in BLIND:
        return "not_found"
    rows = rows_of(action)
    if ROLES[who] not in {permission for _, permission in rows.values()}:
        return "not_allowed"
    if state not in rows:
        return "stale_state"
    target, permission = rows[state]
    return target if permission == ROLES[who] else "stale_state"


@pytest.mark.parametrize("action", ApplicationAction)
def test_action_by_role_and_state(people, province, call, action):
    """12 roles × 11 states: who may, gets there; who may not, is refused; nobody else sees it."""
    import_registers("hebei")
    application = apply_to(call, province.bureaus["bazhou"], ApplicationState.REVIEWED)
    if action == ApplicationAction.ADMIT:
        recommend(application)

    found, wanted = {}, {}
    for state in ApplicationState:
        put(application, state)
        for who in ROLES:
            found[state, who] = attempt(getattr(people, who), application, action)
            wanted[state, who] = expected(action, who, str(state))

    assert found == wanted


@pytest.mark.parametrize("action", ApplicationAction)
def test_people_of_other_places_find_nothing(people, province, call, action):
    application = apply_to(call, province.bureaus["bazhou"], ApplicationState.CITY_REVIEW)

    for stranger in (people.changan_lead, people.shijiazhuang_reviewer, people.xinji_reviewer):
        assert attempt(stranger, application, action) == "not_found"


@pytest.mark.parametrize(
    "action, state",
    [
        (ApplicationAction.RETURN, ApplicationState.CITY_REVIEW),
        (ApplicationAction.LEAVE_OUT, ApplicationState.REVIEWED),
    ],
)
def test_steps_that_need_words_do_nothing_without(people, province, call, action, state):
    application = apply_to(call, province.bureaus["bazhou"], state)

    with pytest.raises(Invalid, match="comment_required"):
        move_application(
            actor=people.reviewer,
            application_id=application.public_id,
            move=Move(action, comment=" 　\n"),
        )
    application.refresh_from_db()
    assert application.state == state


def test_step_on_another_revision_is_stale(people, province, call):
    application = apply_to(call, province.bureaus["bazhou"], ApplicationState.CITY_REVIEW)
    move = Move(ApplicationAction.APPROVE, revision=application.revision + 1)

    with pytest.raises(Stale, match="content_changed"):
        move_application(actor=people.reviewer, application_id=application.public_id, move=move)
