"""When reports are due and whom the calendar concerns."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import QuerySet

from applications.enums import BUILDING, PilotAct
from applications.models import Pilot, PilotEvent
from county_portal.common import clock
from reports.enums import EDITABLE, ProgressState
from reports.models import ProgressReport
from reports.rules.calendar import Timetable, review_due


def timetable() -> Timetable:
    """As the settings have it."""
    month, day = (int(part) for part in settings.PROGRESS_DUE.split("-"))
    return Timetable(month, day, settings.PROGRESS_REMIND_BEFORE, settings.PROGRESS_ESCALATE_AFTER)


def list_building() -> QuerySet[Pilot]:
    """Pilots that report, with the reports there are; two queries."""
    return Pilot.objects.filter(state__in=BUILDING).prefetch_related("reports").order_by("pk")


def list_open(*, lock: bool = False) -> QuerySet[ProgressReport]:
    """Reports that wait at the county or the city, of pilots that report."""
    reports = ProgressReport.objects.filter(
        state__in=[*EDITABLE, ProgressState.SUBMITTED, ProgressState.CITY_REVIEW],
        pilot__state__in=BUILDING,
    ).select_related("pilot__region__parent")
    if lock:
        # Two runs at once would both find nothing told yet, and record it twice.
        reports = reports.select_for_update(of=("self",))
    return reports.order_by("pk")


def due_day(report: ProgressReport) -> date:
    """By when its county or city is to act: what was returned has a day of its own, what came late as well."""
    if report.state not in EDITABLE:
        return review_due(report.due_on, clock.day_of(report.state_since))
    return report.correction_due_on or report.due_on


@dataclass(frozen=True, slots=True)
class Pause:
    """From the day a pilot was suspended to the day it went on."""

    suspended_on: date
    resumed_on: date


def last_pauses(pilots: Iterable[int]) -> dict[int, Pause]:
    """The newest pause that is over, by pilot's primary key; one query."""
    events = PilotEvent.objects.filter(
        pilot__in=list(pilots), act__in=[PilotAct.SUSPEND, PilotAct.RESUME]
    ).order_by("pk")
    begun: dict[int, date] = {}
    pauses = {}
    for event in events:
        if event.act == PilotAct.SUSPEND:
            begun[event.pilot_id] = event.on
        elif event.pilot_id in begun:
            pauses[event.pilot_id] = Pause(begun[event.pilot_id], event.on)
    return pauses
