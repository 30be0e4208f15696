"""Progress reports come to be by themselves: on 1 January each pilot's report on the year that is over."""

from collections.abc import Iterator
from datetime import date

from django.db import transaction

from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from reports.models import ProgressReport
from reports.rules.calendar import years_due
from reports.selectors.timetable import list_building, timetable


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
