"""Pilots somebody may see, and what their pages show: a constant number of queries each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from applications.enums import PilotAct, PilotState
from applications.models import Pilot, PilotEvent, PilotRound, PilotTask, TaskProgress
from applications.rules.materials import Materials, Step, Task
from applications.rules.schedule import Schedule, draw_schedule
from applications.rules.terms import BEHIND, TERM_ACTS, Term, expected_done
from applications.selectors.townships import list_townships
from county_portal.accounts.models import Office, Region, User
from county_portal.accounts.roles import Permission
from county_portal.common import clock


@dataclass(frozen=True, slots=True)
class PilotFilter:
    """What narrows the list; blank narrows nothing."""

    round: UUID | None = None
    office: UUID | None = None
    state: str = ""
    text: str = ""


def list_pilots(user: User) -> QuerySet[Pilot]:
    """Pilots somebody may see, townships among them, with round, region and offices."""
    return Pilot.objects.visible_to(user).select_related(
        "round", "region__parent", "office", "reviewing_office", "parent__region", "application"
    )


def list_taken_up() -> QuerySet[Pilot]:
    """Pilots that were taken up and have neither left nor failed, townships among them: what goals count."""
    gone = (PilotState.WITHDRAWN, PilotState.FAILED)
    return Pilot.objects.exclude(state__in=gone).select_related("region")


def get_pilot(user: User, public_id: UUID, *, lock: bool = False) -> Pilot:
    """One of those; 404 otherwise."""
    pilots = list_pilots(user)
    if lock:
        pilots = pilots.select_for_update(of=("self",))
    return get_object_or_404(pilots, public_id=public_id)


def lock_pilot(pilot: Pilot) -> Pilot:
    """The row of a pilot the caller has reached by what belongs to it, locked and as it is now."""
    rows = Pilot.objects.select_related("region", "office", "reviewing_office")
    return rows.select_for_update(of=("self",)).get(pk=pilot.pk)


def search_pilots(user: User, wanted: PilotFilter) -> QuerySet[Pilot]:
    """Those of the list a filter leaves, newest round first."""
    pilots = _narrowed(user, wanted)
    if wanted.state:
        pilots = pilots.filter(state=wanted.state)
    return pilots.order_by("-round__year", "-starts_on", "reviewing_office__order", "region__code")


def count_pilots(user: User, wanted: PilotFilter) -> Counter[str]:
    """Numbers by state under the other filters, one query; `total()` is all."""
    # An ordering would keep rows apart that are counted together.
    return Counter(_narrowed(user, wanted).order_by().values_list("state", flat=True))


def _narrowed(user: User, wanted: PilotFilter) -> QuerySet[Pilot]:
    pilots = list_pilots(user)
    if wanted.round:
        pilots = pilots.filter(round__public_id=wanted.round)
    if wanted.office:
        pilots = pilots.filter(reviewing_office__public_id=wanted.office)
    if wanted.text:
        named = Region.objects.named(wanted.text)
        pilots = pilots.filter(Q(region__in=named) | Q(parent__region__in=named))
    return pilots


def list_pilot_rounds(user: User) -> QuerySet[PilotRound]:
    """Rounds with pilots somebody may see."""
    return PilotRound.objects.filter(pilots__in=Pilot.objects.visible_to(user)).distinct()


def list_pilot_offices(user: User) -> QuerySet[Office]:
    """Reviewing offices with pilots somebody may see."""
    pilots = Pilot.objects.visible_to(user)
    return Office.objects.filter(reviewed_pilots__in=pilots).distinct().order_by("order", "name")


def may_build(user: User, pilot: Pilot) -> bool:
    """Whether this person works for the pilot now: notes progress, asks for changes."""
    return user.holds(Permission.APPLY) and pilot.office_id == user.office_id and pilot.is_building


def term_of(pilot: Pilot) -> Term:
    """Its term today."""
    return Term(pilot.starts_on, pilot.ends_on, pilot.planned_end, clock.today())


def list_events(pilot: Pilot) -> list[PilotEvent]:
    """What happened, newest first."""
    return list(pilot.events.select_related("actor__office").order_by("-at", "-pk"))


def list_township_pilots(pilot: Pilot) -> list[Pilot]:
    """Townships that are pilots under this county's (S4)."""
    return list(pilot.townships.select_related("region", "round").order_by("region__code"))


@dataclass(frozen=True, slots=True)
class TownshipLine:
    """A township of the register, with its pilots, newest first."""

    region: Region
    pilots: Sequence[Pilot]


def list_township_lines(county: Region) -> list[TownshipLine]:
    """A county's townships with what they are or were; two queries."""
    townships = list(list_townships(county))
    pilots: dict[int, list[Pilot]] = {}
    for pilot in Pilot.objects.filter(region__in=townships).select_related("round"):
        pilots.setdefault(pilot.region_id, []).append(pilot)
    return [TownshipLine(each, pilots.get(each.pk, [])) for each in townships]


def standing_townships(pilot: Pilot) -> list[Pilot]:
    """Townships that would withdraw with their county."""
    return [
        each for each in list_township_pilots(pilot) if each.state in TERM_ACTS[PilotAct.WITHDRAW]
    ]


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task with how far it came; `expected` is what its steps' days ask for by today."""

    task: PilotTask
    notes: Sequence[TaskProgress]
    expected: int | None

    @property
    def newest(self) -> TaskProgress | None:
        """The note that holds."""
        return self.notes[0] if self.notes else None

    @property
    def done(self) -> int:
        """Per cent; nothing noted is nothing done."""
        return self.notes[0].done if self.notes else 0

    @property
    def is_behind(self) -> bool:
        """Whether it lags behind its steps."""
        return self.expected is not None and self.done + BEHIND < self.expected

    @property
    def steps(self) -> list[dict[str, Any]]:
        """Steps as the plan had them, their days as dates."""
        return read_steps(self.task)


def list_task_lines(pilot: Pilot, until: datetime | None = None) -> list[TaskLine]:
    """Its tasks in the plan's order with all notes, newest first, now or as they stood `until` then; two queries."""
    made = TaskProgress.objects.filter(task__pilot=pilot).select_related("noted_by")
    if until is not None:
        made = made.filter(noted_at__lte=until)
    notes: dict[int, list[TaskProgress]] = {}
    for note in made.order_by("-noted_at", "-pk"):
        notes.setdefault(note.task_id, []).append(note)
    today = clock.day_of(until) if until else clock.today()
    return [
        TaskLine(task, notes.get(task.pk, []), expected_done(task.steps, today))
        for task in pilot.tasks.order_by("order")
    ]


def read_steps(task: PilotTask) -> list[dict[str, Any]]:
    """A task's steps with their days as dates."""
    return [
        {
            "name": step["name"],
            "starts_on": date.fromisoformat(step["starts_on"]),
            "ends_on": date.fromisoformat(step["ends_on"]),
        }
        for step in task.steps
    ]


def get_task(user: User, public_id: UUID) -> PilotTask:
    """One task of a pilot somebody may see; 404 otherwise."""
    tasks = PilotTask.objects.filter(pilot__in=Pilot.objects.visible_to(user))
    return get_object_or_404(
        tasks.select_related("pilot__region", "pilot__round"), public_id=public_id
    )


def pilot_schedule(pilot: Pilot, lines: Sequence[TaskLine]) -> Schedule:
    """The steps of its tasks as a picture, drawn as the plan's was."""
    tasks = [
        Task(
            line.task.kind,
            line.task.goal,
            line.task.units,
            [Step(step["name"], step["starts_on"], step["ends_on"]) for step in line.steps],
        )
        for line in lines
    ]
    call = pilot.round
    return draw_schedule(
        Materials(
            pilot.region.code,
            pilot.region.full_name,
            call.last_year,
            call.target_years,
            None,
            [],
            [],
            {},
            tasks,
            term_years=call.term_years,
        )
    )


def newest_note(task: PilotTask) -> TaskProgress | None:
    """The note that holds."""
    return task.progress.order_by("-noted_at", "-pk").first()
