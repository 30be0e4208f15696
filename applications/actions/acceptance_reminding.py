"""The calendar of acceptances: counties hear when they may begin and as the end comes, all three levels once it passed.

Every telling has a key of its own, so that a run may be repeated at will and catches up on days on which none
took place. There is no actor: the calendar tells.
"""

from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from applications.rules.acceptance_calendar import Awaited, Desk
from applications.selectors.acceptance_calendar import list_awaited
from county_portal.common import clock
from county_portal.common.text import chinese_date
from county_portal.notices.actions import Message
from indicators.actions.overdue import OverdueWords, Owed, tell_above
from indicators.actions.telling import Address, deliver
from indicators.notifications import Side
from indicators.rules.reminders import is_crossed, step_before

BEFORE, LATE = "acceptance_remind", "acceptance_late"


@transaction.atomic
def send_acceptance_reminders(today: date | None = None) -> int:
    """Tell what is due and has not been told; returns how many notices were new."""
    on = today or clock.today()
    rows = list_awaited(lock=True)
    own = [address for row in rows for address in _of_county(row, on)]
    return deliver([*own, *tell_above(map(_owed, rows), _words(), on)])


def _of_county(row: Awaited, today: date) -> Iterator[Address]:
    if row.desk != Desk.COUNTY:
        return
    step = step_before(today, row.due_on, settings.ACCEPTANCE_REMIND_BEFORE)
    due = row.due_on.isoformat()
    if step is not None:
        left = (row.due_on - today).days
        title = f"{row.name}试点请于{chinese_date(row.due_on)}前{row.to_do}（还剩{left}天）"
        key = f"acceptance-remind:{row.pilot_id}:{due}:{step}"
        yield Address(Side.COUNTY, row.office_id, Message(key, BEFORE, title, path=row.path))
    if is_crossed(today, row.due_on, settings.ACCEPTANCE_ESCALATE_AFTER[0]):
        title = f"{row.name}试点总结验收已逾期（{chinese_date(row.due_on)}截止），请尽快{row.to_do}"
        key = f"acceptance-late:{row.pilot_id}:{due}"
        yield Address(Side.COUNTY, row.office_id, Message(key, LATE, title, path=row.path))


def _owed(row: Awaited) -> Owed:
    return Owed(row.name, row.city_id, row.desk == Desk.CITY, row.due_on)


def _words() -> OverdueWords:
    return OverdueWords(
        kind=LATE,
        key="acceptance-late",
        scope=(),
        title="试点总结验收",
        path=reverse("applications:pilots"),
        after=settings.ACCEPTANCE_ESCALATE_AFTER,
    )
