"""The days of appeals: whoever has one is reminded before its day and told after it. The calendar tells."""

from datetime import timedelta

from django.db import transaction

from county_portal.common import clock
from scoring.notifications import tell_due
from scoring.selectors.appeals import due_on, indicator_names, list_open

# Days before its day on which the holder of an appeal is reminded.
REMIND_BEFORE = 2


@transaction.atomic
def remind_of_appeals() -> int:
    """Tell what today asks for; run again it tells nobody twice. Returns how many were due to be told."""
    today, rows = clock.today(), list(list_open())
    names, told = indicator_names(rows), 0
    for row in rows:
        due = due_on(row)
        if due is None or today < due - timedelta(days=REMIND_BEFORE):
            continue
        key = row.published_list.collection.version_id, row.indicator_code
        line = names.get(key, row.indicator_code)
        told += tell_due(row, due, is_late=today > due, line=line)
    return told
