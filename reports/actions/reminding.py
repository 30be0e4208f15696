"""The calendar of progress reports: reminders before 31 March, and who is told after it county → city → province.

Every telling has a key of its own, so that a run may be repeated at will and catches up on days on which none
took place. There is no actor: the calendar tells.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from urllib.parse import urlencode

from django.db import transaction
from django.urls import reverse

from county_portal.common import clock
from county_portal.common.text import chinese_date
from county_portal.notices.actions import Message
from indicators.actions.overdue import OverdueWords, Owed, tell_above
from indicators.actions.telling import Address, deliver
from indicators.notifications import Side
from indicators.rules.reminders import crossed_on, step_before
from reports.enums import EDITABLE
from reports.models import ProgressReport
from reports.rules.calendar import Timetable
from reports.selectors.progress import MISSING
from reports.selectors.timetable import due_day, list_open, timetable

BEFORE, LATE = "progress_remind", "progress_late"


@transaction.atomic
def send_reminders(today: date | None = None) -> int:
    """Tell what the timetable asks for and has not been told; returns how many notices were new."""
    on = today or clock.today()
    times, reports = timetable(), list(list_open(lock=True))
    addresses = [address for row in reports for address in _of_county(row, times, on)]
    return deliver([*addresses, *_above(reports, times, on)])


def _of_county(row: ProgressReport, times: Timetable, today: date) -> Iterator[Address]:
    if row.state not in EDITABLE:
        return
    due_on, office = due_day(row), row.pilot.office_id
    path = reverse("reports:progress_report", args=[row.public_id])
    step = step_before(today, due_on, times.before)
    if step is not None:
        title = f"{row}请于{chinese_date(due_on)}前报送（还剩{(due_on - today).days}天）"
        key = f"progress-remind:{row.public_id}:{due_on.isoformat()}:{step}"
        yield Address(Side.COUNTY, office, Message(key, BEFORE, title, path=path))
    if today >= crossed_on(due_on, times.after[0]):
        title = f"{row}已逾期（{chinese_date(due_on)}截止），请尽快报送；逾期报送仍予受理并标明"
        key = f"progress-late:{row.public_id}:{due_on.isoformat()}"
        yield Address(Side.COUNTY, office, Message(key, LATE, title, path=path))


def _above(reports: Iterable[ProgressReport], times: Timetable, today: date) -> Iterator[Address]:
    """Cities and the province, year by year."""
    for year, group in groupby(sorted(reports, key=lambda row: row.year), key=lambda row: row.year):
        query = urlencode({"year": year, "standing": MISSING})
        words = OverdueWords(
            kind=LATE,
            key="progress-late",
            scope=(str(year),),
            title=f"{year}年度建设进展报告",
            path=f"{reverse('reports:progress')}?{query}",
            after=times.after,
        )
        yield from tell_above(map(_owed, group), words, today)


def _owed(row: ProgressReport) -> Owed:
    pilot = row.pilot
    is_at_city = row.state not in EDITABLE
    return Owed(pilot.region.full_name, pilot.reviewing_office_id, is_at_city, due_day(row))
