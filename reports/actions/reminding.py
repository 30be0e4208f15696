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
from county_portal.notices.actions import Message
from indicators.actions.telling import Address, deliver
from indicators.notifications import Side, day_words
from indicators.rules.reminders import crossed_on, step_before
from reports.enums import EDITABLE
from reports.models import ProgressReport
from reports.rules.calendar import Timetable
from reports.selectors.progress import MISSING
from reports.selectors.timetable import due_day, list_open, timetable

BEFORE, LATE = "progress_remind", "progress_late"
# Pilots that a notice names; the rest are counted.
NAMED = 10


@transaction.atomic
def send_reminders(today: date | None = None) -> int:
    """Tell what the timetable asks for and has not been told; returns how many notices were new."""
    on = today or clock.today()
    times, reports = timetable(), list(list_open(lock=True))
    addresses = [address for row in reports for address in _of_county(row, times, on)]
    return deliver([*addresses, *_of_cities(reports, times, on), *_of_province(reports, times, on)])


def _of_county(row: ProgressReport, times: Timetable, today: date) -> Iterator[Address]:
    if row.state not in EDITABLE:
        return
    due_on, office = due_day(row), row.pilot.office_id
    path = reverse("reports:progress_report", args=[row.public_id])
    step = step_before(today, due_on, times.before)
    if step is not None:
        title = f"{row}请于{day_words(due_on)}前报送（还剩{(due_on - today).days}天）"
        key = f"progress-remind:{row.public_id}:{due_on.isoformat()}:{step}"
        yield Address(Side.COUNTY, office, Message(key, BEFORE, title, path=path))
    if today >= crossed_on(due_on, times.after[0]):
        title = f"{row}已逾期（{day_words(due_on)}截止），请尽快报送；逾期报送仍予受理并标明"
        key = f"progress-late:{row.public_id}:{due_on.isoformat()}"
        yield Address(Side.COUNTY, office, Message(key, LATE, title, path=path))


def _of_cities(
    reports: Iterable[ProgressReport], times: Timetable, today: date
) -> Iterator[Address]:
    """One notice a city and year, told again when more cross the line: its late counties, its late reviews."""

    def place(row: ProgressReport) -> tuple[int, int]:
        return (row.pilot.reviewing_office_id, row.year)

    for (office, year), group in groupby(sorted(reports, key=place), key=place):
        rows = list(group)
        missing = _crossed((row for row in rows if row.state in EDITABLE), times.after[1], today)
        waiting = _crossed(
            (row for row in rows if row.state not in EDITABLE), times.after[0], today
        )
        for kind, late, verb in (("county", missing, "未报"), ("review", waiting, "未审")):
            if late:
                days = times.after[1 if kind == "county" else 0]
                key = f"progress-late-city:{kind}:{office}:{year}:{_newest(late, days)}"
                title = f"{year}年度建设进展报告：{len(late)}个试点逾期{verb}"
                yield Address(Side.CITY, office, _listing(key, title, late, year))


def _of_province(
    reports: Iterable[ProgressReport], times: Timetable, today: date
) -> Iterator[Address]:
    """One notice a year, never one a county."""
    for year, group in groupby(sorted(reports, key=lambda row: row.year), key=lambda row: row.year):
        late = _crossed(group, times.after[2], today)
        if late:
            key = f"progress-late-province:{year}:{_newest(late, times.after[2])}"
            title = f"{year}年度建设进展报告：{len(late)}个试点逾期{times.after[2]}天以上"
            yield Address(Side.PROVINCE, None, _listing(key, title, late, year))


def _crossed(reports: Iterable[ProgressReport], days: int, today: date) -> list[ProgressReport]:
    return [row for row in reports if today >= crossed_on(due_day(row), days)]


def _newest(late: Iterable[ProgressReport], days: int) -> str:
    """The day the last of them crossed the line: with it the notice is another."""
    return max(crossed_on(due_day(row), days) for row in late).isoformat()


def _listing(key: str, title: str, late: list[ProgressReport], year: int) -> Message:
    names = "、".join(row.pilot.region.full_name for row in late[:NAMED])
    body = f"{names}等{len(late)}个" if len(late) > NAMED else names
    query = urlencode({"year": year, "standing": MISSING})
    return Message(key, LATE, title, body, f"{reverse('reports:progress')}?{query}")
