"""Rounds and applications somebody may see, and what may be done with one."""

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from applications.models import Application, ApplicationStep, PilotRound
from applications.rules.times import ApplyingTime, applying_refusal, editing_refusal
from applications.workflow import APPLICATION_WORKFLOW
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from county_portal.common.errors import Stale
from county_portal.common.workflow import Transition


def list_rounds(user: User) -> QuerySet[PilotRound]:
    """Rounds somebody may see, newest first."""
    return PilotRound.objects.visible_to(user).select_related("version__system", "basis_file")


def get_round(user: User, public_id: UUID, *, lock: bool = False) -> PilotRound:
    """One of those; 404 otherwise."""
    rounds = list_rounds(user)
    if lock:
        rounds = rounds.select_for_update(of=("self",))
    return get_object_or_404(rounds, public_id=public_id)


def list_applications(user: User) -> QuerySet[Application]:
    """Applications somebody may see, with their round, region and offices."""
    return Application.objects.visible_to(user).select_related(
        "round__version", "region__parent", "office", "reviewing_office"
    )


def get_application(user: User, public_id: UUID, *, lock: bool = False) -> Application:
    """One of those; 404 otherwise."""
    applications = list_applications(user)
    if lock:
        applications = applications.select_for_update(of=("self",))
    return get_object_or_404(applications, public_id=public_id)


def find_application(key: int) -> Application:
    """By primary key, for a job that was authorised when it was started."""
    return Application.objects.select_related(
        "round__version", "region__parent", "office", "reviewing_office"
    ).get(pk=key)


def time_of(application: Application) -> ApplyingTime:
    """What decides whether the county may still work on it."""
    return ApplyingTime(
        round_state=application.round.state,
        state=application.state,
        due_on=application.due_on,
        today=clock.today(),
        region_name=application.region.full_name,
        region_ended_on=application.region.valid_to,
        extended_to=application.extended_to,
        is_correcting=application.correction_due_on is not None,
    )


def why_not_editable(application: Application, section: str = "") -> Stale | None:
    """Why the materials, or one part of them, may not be changed now; None where they may."""
    return editing_refusal(time_of(application), section)


def why_not_applying(application: Application) -> Stale | None:
    """Why the county may not hand in now, whatever the state, or None."""
    return applying_refusal(time_of(application))


def may_edit(user: User, application: Application, section: str = "") -> bool:
    """Whether this person may change the materials, or one part of them, now."""
    return user.holds(Permission.APPLY) and why_not_editable(application, section) is None


def available_actions(user: User, application: Application) -> tuple[Transition, ...]:
    """Transitions the table offers somebody; deadlines and completeness are asked by the act."""
    return APPLICATION_WORKFLOW.actions_from(application.state, user.permissions)


def list_steps(application: Application) -> list[ApplicationStep]:
    """The moves so far, oldest first."""
    return list(application.steps.select_related("actor__office").order_by("at", "pk"))
