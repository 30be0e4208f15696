"""The calendar of months due: units are reminded before the day and told after it; so is whoever keeps the ledger.

Each telling has a key of its own: a run may be repeated at will and catches up with days on which none took place.
"""

from collections.abc import Iterator
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.text import chinese_date
from county_portal.notices.actions import Message, notify_each
from county_portal.notices.models import Notice
from indicators.rules.reminders import step_before
from measures.models import Ledger
from measures.notifications import people_of
from measures.rules.lines import Line
from measures.rules.months import due_on, month_of, month_words, shifted
from measures.selectors.lines import read_lines

BEFORE, LATE, KEEPER = "measure_due", "measure_late", "measure_late_units"


@transaction.atomic
def send_reminders(on: date | None = None) -> int:
    """Tell what the calendar of `on` asks for and has not been told; returns how many notices were new."""
    today = on or clock.today()
    month = shifted(month_of(today), -1)
    live = Ledger.objects.select_for_update(of=("self",)).select_related("office")
    # A month after its end the last month of a ledger is still due.
    ledgers = live.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=month)).order_by("pk")
    told = [pair for ledger in ledgers for pair in _of_ledger(ledger, month, today)]
    keys = {message.key for _, message in told}
    known = set(Notice.objects.filter(key__in=keys).values_list("recipient", "key"))
    new = [(person, message) for person, message in told if (person.pk, message.key) not in known]
    if new:
        notify_each(new)
        detail = {"notices": len(new), "people": len({person.pk for person, _ in new})}
        record(None, Entry("send_measure_reminders", "notice", today.isoformat(), detail))
    return len(new)


def _of_ledger(ledger: Ledger, month: date, today: date) -> Iterator[tuple[User, Message]]:
    due = due_on(month, ledger.due_day)
    step = step_before(today, due, ledger.remind_before)
    if step is None and today <= due:
        return
    owing = owing_offices(ledger, read_lines(ledger), month)
    if not owing:
        return
    people = people_of(owing, Permission.REPORT_MEASURES)
    kind = LATE if today > due else BEFORE
    key = f"{kind}:{ledger.public_id}:{month:%Y-%m}" + ("" if kind == LATE else f":{step}")
    path = reverse("measures:own")
    for person in people:
        count = len(owing[person.office_id])
        verb = "已逾期未填" if kind == LATE else f"请于{chinese_date(due)}前填报"
        title = f"“{ledger.title}”{month_words(month)}进展{verb}（{count}条）"
        yield person, Message(key, kind, title, path=path)
    if kind == LATE:
        yield from _of_keeper(ledger, month, len(owing))


def owing_offices(ledger: Ledger, lines: list[Line], month: date) -> dict[int, list[int]]:
    """Numbers of the measures of which an office owes a month, by office."""
    owing: dict[int, list[int]] = {}
    for line in lines:
        for duty in line.duties:
            if duty.is_reporting and month in duty.over and month not in duty.months:
                owing.setdefault(duty.office_id or ledger.office_id, []).append(line.number)
    return owing


def _of_keeper(ledger: Ledger, month: date, count: int) -> Iterator[tuple[User, Message]]:
    key = f"{KEEPER}:{ledger.public_id}:{month:%Y-%m}"
    path = reverse("measures:overview", args=[ledger.public_id])
    title = f"“{ledger.title}”{month_words(month)}有{count}个单位逾期未填进展，可以催办"
    for person in people_of([ledger.office_id], Permission.KEEP_MEASURES):
        yield person, Message(key, KEEPER, title, path=path)
