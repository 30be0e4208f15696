"""What waits of early warning: the county's word, and what city and province were handed by the timetable."""

from django.urls import reverse

from county_portal.accounts.models import User
from county_portal.accounts.roles import Level, Permission
from county_portal.home.items import InboxGroup, InboxItem
from monitoring.selectors.warnings import list_waiting

_SHOWN = 10
_ANSWER = ("预警待说明", "写明原因、措施和承诺日期；逾期转市级督办。")
_FOLLOW = ("预警待督办", "下级逾期的预警：督办，或核实后解除。")


def warning_groups(user: User) -> list[InboxGroup]:
    """One query at most, however much waits; none for who has no part in warnings."""
    if not (user.holds(Permission.ANSWER_WARNING) or user.holds(Permission.FOLLOW_WARNINGS)):
        return []
    waiting = list_waiting(user)
    is_own = user.level == Level.COUNTY
    title, hint = _ANSWER if user.holds(Permission.ANSWER_WARNING) else _FOLLOW
    items = [
        InboxItem(
            # A county knows its own name.
            matter if is_own else row.region.full_name,
            reverse("monitoring:warning", args=[row.public_id]),
            row.get_severity_display() if is_own else f"{matter}（{row.get_severity_display()}）",
            row.stage_since,
            row.due_on,
        )
        for row in waiting[:_SHOWN]
        for matter in [f"{row.subject}{row.get_kind_display()}"]
    ]
    return [
        InboxGroup("warnings", title, hint, len(waiting), items, reverse("monitoring:warnings"))
    ]
