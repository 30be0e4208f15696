"""What waits of the ledgers of measures: last month's progress of one's own unit."""

from datetime import datetime, time

from django.urls import reverse

from county_portal.accounts.models import User
from county_portal.common import clock
from county_portal.home.items import InboxGroup, InboxItem
from measures.rules.months import month_words, shifted
from measures.selectors.waiting import list_due

_SHOWN = 10


def measure_groups(user: User) -> list[InboxGroup]:
    """One query; none for who does not report."""
    due = list_due(user)
    items = [
        InboxItem(
            each.duty.measure.heading,
            reverse("measures:report", args=[each.duty.public_id]),
            each.duty.measure.ledger.title,
            datetime.combine(shifted(each.month, 1), time.min, tzinfo=clock.BEIJING),
            each.until,
        )
        for each in due[:_SHOWN]
    ]
    title = f"{month_words(due[0].month)}措施进展待填报" if due else ""
    hint = "按月填报本单位牵头的措施做了什么、目标到了哪里；没有进展的写明原因。"
    return [InboxGroup("measures", title, hint, len(due), items, reverse("measures:own"))]
