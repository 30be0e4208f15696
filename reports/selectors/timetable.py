"""When reports are due and whom the calendar concerns."""

from datetime import date

from django.conf import settings
from django.db.models import QuerySet

from applications.enums import BUILDING
from applications.models import Pilot
from reports.enums import EDITABLE, ProgressState
from reports.models import ProgressReport
from reports.rules.calendar import Timetable


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
    """By when its county or city is to act: what was returned has a day of its own."""
    return report.correction_due_on or report.due_on
