"""The calendar of acceptances: counties hear when they may begin and as the end comes, all three levels once it passed.

Every telling has a key of its own, so that a run may be repeated at will and catches up on days on which none
took place. There is no actor: the calendar tells.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

from django.db import transaction
from django.urls import reverse

from applications.rules.acceptance_calendar import LATE_AFTER, REMIND_BEFORE, Awaited, Desk
from applications.selectors.acceptance_calendar import list_awaited
from county_portal.common import clock
from county_portal.notices.actions import Message
from indicators.actions.telling import Address, deliver
from indicators.notifications import Side, day_words
from indicators.rules.reminders import crossed_on, is_crossed, step_before

BEFORE, LATE = "acceptance_remind", "acceptance_late"
# Pilots that a notice names; the rest are counted.
NAMED = 10


@transaction.atomic
def send_acceptance_reminders(today: date | None = None) -> int:
    """Tell what is due and has not been told; returns how many notices were new."""
    on = today or clock.today()
    rows = list_awaited(lock=True)
    own = [address for row in rows for address in _of_county(row, on)]
    return deliver([*own, *_of_cities(rows, on), *_of_province(rows, on)])


def _of_county(row: Awaited, today: date) -> Iterator[Address]:
    if row.desk != Desk.COUNTY:
        return
    step = step_before(today, row.due_on, REMIND_BEFORE)
    due = row.due_on.isoformat()
    if step is not None:
        left = (row.due_on - today).days
        title = f"{row.name}试点请于{day_words(row.due_on)}前{row.to_do}（还剩{left}天）"
        key = f"acceptance-remind:{row.pilot_id}:{due}:{step}"
        yield Address(Side.COUNTY, row.office_id, Message(key, BEFORE, title, path=row.path))
    if is_crossed(today, row.due_on, LATE_AFTER["county"]):
        title = f"{row.name}试点总结验收已逾期（{day_words(row.due_on)}截止），请尽快{row.to_do}"
        key = f"acceptance-late:{row.pilot_id}:{due}"
        yield Address(Side.COUNTY, row.office_id, Message(key, LATE, title, path=row.path))


def _of_cities(rows: Iterable[Awaited], today: date) -> Iterator[Address]:
    """One notice a city, told again when more cross the line: what its counties owe, what it owes itself."""

    def city(row: Awaited) -> int:
        return row.city_id

    for office, group in groupby(sorted(rows, key=city), key=city):
        counties = list(group)
        for desk, verb in ((Desk.COUNTY, "未报送"), (Desk.CITY, "未审核")):
            days = LATE_AFTER["city" if desk == Desk.COUNTY else "county"]
            late = _late([row for row in counties if row.desk == desk], days, today)
            if late:
                key = f"acceptance-late-city:{desk}:{office}:{_newest(late, days)}"
                title = f"试点总结验收：{len(late)}个试点逾期{verb}"
                yield Address(Side.CITY, office, _listing(key, title, late))


def _of_province(rows: Iterable[Awaited], today: date) -> Iterator[Address]:
    days = LATE_AFTER["province"]
    late = _late(rows, days, today)
    if late:
        key = f"acceptance-late-province:{_newest(late, days)}"
        title = f"试点总结验收：{len(late)}个试点逾期{days}天以上"
        yield Address(Side.PROVINCE, None, _listing(key, title, late))


def _late(rows: Iterable[Awaited], days: int, today: date) -> list[Awaited]:
    return [row for row in rows if is_crossed(today, row.due_on, days)]


def _newest(late: Iterable[Awaited], days: int) -> str:
    """The day the last of them crossed the line: with it the notice is another."""
    return max(crossed_on(row.due_on, days) for row in late).isoformat()


def _listing(key: str, title: str, late: list[Awaited]) -> Message:
    names = "、".join(row.name for row in late[:NAMED])
    body = f"{names}等{len(late)}个" if len(late) > NAMED else names
    return Message(key, LATE, title, body, reverse("applications:pilots"))
