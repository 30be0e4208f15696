"""Pilots, requests to change their targets and their tasks: of one's own, and foreign ones."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from applications.actions.accepting import begin_acceptance
from applications.actions.beginning import begin_pilot
from applications.enums import KeyTask
from applications.models import Acceptance, Pilot, PilotTarget, PilotTask, TargetChange, YearTarget
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission, Role
from county_portal.common import clock
from county_portal.files.actions import keep_generated
from tests.accounts.people import make_user
from tests.architecture.samples import Sample, _application, provides

PROVIDED = {
    "pilot",
    "term_act",
    "pilot_task",
    "target_change",
    "target_change_with_file",
    "acceptance",
    "acceptance_action",
    "acceptance_file",
    "acceptance_record",
    "acceptance_opinion",
}


def a_pilot_of(user: User, *, foreign: bool = False) -> Pilot | None:
    """A pilot within the user's jurisdiction, or one outside it; nothing is foreign to the province."""
    application = _application(user, foreign=foreign)
    if application is None:
        return None
    today = clock.today()
    return begin_pilot(
        actor=make_user(Role.PROVINCE_MANAGER),
        application=application,
        starts_on=today - timedelta(days=1000),
        ends_on=today + timedelta(days=90),
    )


def _sample(user: User, made: Callable[[Pilot], UUID]) -> Sample:
    own, foreign = a_pilot_of(user), a_pilot_of(user, foreign=True)
    return Sample(own=own and made(own), foreign=foreign and made(foreign))


@provides("pilot")
def a_pilot(user: User) -> Sample:
    """A pilot."""
    return _sample(user, lambda pilot: pilot.public_id)


@provides("term_act")
def a_term_act(user: User) -> Sample:
    """Known to everybody: it is the pilot beside it that is foreign."""
    return Sample(own="suspend", foreign="suspend")


@provides("pilot_task")
def a_task(user: User) -> Sample:
    """A key task."""

    def made(pilot: Pilot) -> UUID:
        task = PilotTask.objects.create(pilot=pilot, order=99, kind=KeyTask.TALENT, goal="引才。")
        return task.public_id

    return _sample(user, made)


@provides("target_change")
def a_change(user: User) -> Sample:
    """A request with a file."""
    return _sample(user, _change)


@provides("target_change_with_file")
def a_change_with_file(user: User) -> Sample:
    """The same."""
    return _sample(user, _change)


def _change(pilot: Pilot) -> UUID:
    target = PilotTarget.objects.create(
        pilot=pilot, order=99, kind="own", name="试验指标", baseline_year=pilot.round.last_year
    )
    goal = YearTarget.objects.create(target=target, year=pilot.round.year, number=2, promised=2)
    change = TargetChange.objects.create(
        pilot=pilot,
        year_target=goal,
        before=2,
        after=3,
        reason="试验。",
        file=keep_generated(content=b"%PDF-1.4", name="试验.pdf", content_type="application/pdf"),
        asked_by=make_user(Role.COUNTY_FILLER, office=pilot.office),
        asked_at=clock.now(),
    )
    return change.public_id


def _acceptance(pilot: Pilot) -> Acceptance:
    filler = make_user(Role.COUNTY_FILLER, office=pilot.office)
    return begin_acceptance(actor=filler, pilot_id=pilot.public_id)


@provides("acceptance")
def an_acceptance(user: User) -> Sample:
    """An acceptance just begun."""
    return _sample(user, lambda pilot: _acceptance(pilot).public_id)


@provides("acceptance_action")
def an_acceptance_action(user: User) -> Sample:
    """Known to everybody: it is the acceptance beside it that is foreign. One the reader's role may take."""
    for permission, action in (
        (Permission.HAND_IN, "submit"),
        (Permission.RECOMMEND, "accept"),
        (Permission.RUN_PILOTS, "send_back"),
    ):
        if user.holds(permission):
            return Sample(own=action, foreign=action)
    return Sample(own="decide", foreign="decide")


@provides("acceptance_file")
def an_acceptance_file(user: User) -> Sample:
    """Evidence; an expert reads it while he judges it."""

    def made(pilot: Pilot) -> UUID:
        acceptance = _acceptance(pilot)
        _asked(user, acceptance)
        file = acceptance.files.create(
            name="总结",
            file=keep_generated(content=b"%PDF", name="总结.pdf", content_type="application/pdf"),
            added_by=acceptance.begun_by,
            added_at=clock.now(),
        )
        return file.public_id

    return _sample(user, made)


@provides("acceptance_record")
def an_acceptance_record(user: User) -> Sample:
    """A record with a file."""

    def made(pilot: Pilot) -> UUID:
        acceptance = _acceptance(pilot)
        _asked(user, acceptance)
        record = acceptance.records.create(
            kind="defence",
            held_on=clock.today(),
            place="石家庄",
            participants="专家组",
            findings="清楚。",
            file=keep_generated(content=b"%PDF", name="记录.pdf", content_type="application/pdf"),
            recorded_by=acceptance.begun_by,
            recorded_at=clock.now(),
        )
        return record.public_id

    return _sample(user, made)


def _asked(user: User, acceptance: Acceptance) -> None:
    if user.holds(Permission.JUDGE_PILOTS):
        acceptance.opinions.create(expert=user, assigned_at=clock.now())


@provides("acceptance_opinion")
def an_acceptance_opinion(user: User) -> Sample:
    """One's own opinion, and a colleague's."""

    def made(expert: User) -> UUID:
        pilot = a_pilot_of(make_user(Role.PROVINCE_MANAGER))
        assert pilot is not None
        opinion = _acceptance(pilot).opinions.create(expert=expert, assigned_at=clock.now())
        return opinion.public_id

    return Sample(own=made(user), foreign=made(make_user(Role.PROVINCE_EXPERT)))
