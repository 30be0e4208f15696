"""Progress reports come to be by themselves: on 1 January each pilot's report on the year that is over."""

from collections.abc import Iterator
from datetime import date

from django.db import transaction

from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from reports.actions.records import report_entry
from reports.enums import ProgressState
from reports.models import ProgressReport
from reports.rules.calendar import resumed_due, years_due
from reports.selectors.timetable import last_pauses, list_building, list_open, timetable


@transaction.atomic
def open_reports(today: date | None = None) -> int:
    """Open every report whose year is over; run again it opens none twice. Returns how many were new.

    There is no actor: the calendar opens them. A pilot that was suspended catches up when it is resumed.
    """
    on = today or clock.today()
    wanted = list(_missing(on))
    # Two runs at once: the constraint lets one row stand, and only what stands was opened.
    before = ProgressReport.objects.count()
    ProgressReport.objects.bulk_create(wanted, ignore_conflicts=True)
    opened = ProgressReport.objects.count() - before
    if opened:
        years = sorted({row.year for row in wanted})
        detail = {"reports": opened, "years": years}
        record(None, Entry("open_progress_reports", "progress_report", on.isoformat(), detail))
    return opened


@transaction.atomic
def move_paused() -> int:
    """Give reports whose day fell into a pause a day after it; returns how many. Run again it moves none twice."""
    rows = list(list_open(lock=True).filter(state=ProgressState.DRAFT))
    pauses = last_pauses(row.pilot_id for row in rows)
    moved = []
    for row in rows:
        pause = pauses.get(row.pilot_id)
        if pause is None:
            continue
        day = resumed_due(row.due_on, pause.suspended_on, pause.resumed_on)
        if day != row.due_on:
            row.due_on = day
            row.save(update_fields=["due_on"])
            moved.append(row)
    for row in moved:
        detail = {"due_on": row.due_on.isoformat(), "why": "resumed"}
        record(None, report_entry("move_progress_due", row, detail))
    return len(moved)


def _missing(today: date) -> Iterator[ProgressReport]:
    times = timetable()
    for pilot in list_building():
        have = {row.year for row in pilot.reports.all()}
        for year in years_due(pilot.starts_on, pilot.ends_on, today):
            if year not in have:
                yield ProgressReport(
                    pilot=pilot,
                    year=year,
                    due_on=times.due_on(year, today),
                    state_since=clock.now(),
                )
