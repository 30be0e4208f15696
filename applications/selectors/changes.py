"""Requests to change targets: those somebody may see, and which targets may still be asked about."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from applications.enums import AcceptanceState, ChangeState
from applications.models import Acceptance, Pilot, Reached, TargetChange, YearTarget
from county_portal.accounts.models import User
from county_portal.common import clock

OPEN = (ChangeState.ASKED, ChangeState.SUPPORTED)


def list_changes(pilot: Pilot) -> list[TargetChange]:
    """All requests of a pilot, newest first; one query."""
    return list(_whole(TargetChange.objects.filter(pilot=pilot)))


def open_of(pilots: Iterable[Pilot]) -> dict[int, list[TargetChange]]:
    """Requests nobody decided yet, newest first, by their pilot's primary key; one query."""
    found: dict[int, list[TargetChange]] = {}
    for row in _whole(TargetChange.objects.filter(pilot__in=list(pilots), state__in=OPEN)):
        found.setdefault(row.pilot_id, []).append(row)
    return found


def visible_changes(user: User) -> QuerySet[TargetChange]:
    """Requests of pilots somebody may see."""
    return _whole(TargetChange.objects.filter(pilot__in=Pilot.objects.visible_to(user)))


def get_change(user: User, public_id: UUID, *, lock: bool = False) -> TargetChange:
    """One of those; 404 otherwise."""
    changes = visible_changes(user)
    if lock:
        changes = changes.select_for_update(of=("self",))
    return get_object_or_404(changes, public_id=public_id)


def is_reported(goal: YearTarget) -> bool:
    """Whether the province received the pilot's figures of that year."""
    return Reached.objects.filter(target__pilot=goal.target.pilot_id, year=goal.year).exists()


def is_held(pilot: Pilot) -> bool:
    """Whether an acceptance was handed in on the targets as they stand: none may move under it, nor after it.

    One that the county still writes, or has back to correct, is computed again when it is handed in.
    """
    written = (AcceptanceState.DRAFT, AcceptanceState.RETURNED)
    return Acceptance.objects.filter(pilot=pilot).exclude(state__in=written).exists()


def open_change(pilot: Pilot) -> TargetChange | None:
    """The oldest request nobody decided yet."""
    changes = TargetChange.objects.filter(pilot=pilot, state__in=OPEN)
    return changes.select_related("year_target__target").order_by("asked_at", "pk").first()


def askable_goals(pilot: Pilot) -> QuerySet[YearTarget]:
    """Targets a request may be made about: of years neither over nor reported, with no request open."""
    reported = Reached.objects.filter(target__pilot=pilot).values("year")
    return (
        YearTarget.objects.filter(target__pilot=pilot, year__gte=clock.today().year)
        .exclude(year__in=reported)
        .exclude(changes__state__in=OPEN)
        .select_related("target")
        .order_by("target__order", "year")
    )


def _whole(changes: QuerySet[TargetChange]) -> QuerySet[TargetChange]:
    return changes.select_related(
        "pilot__region",
        "pilot__office",
        "pilot__reviewing_office",
        "pilot__round",
        "year_target__target",
        "file",
        "asked_by__office",
        "city_by__office",
        "province_by__office",
    ).order_by("-asked_at", "-pk")
