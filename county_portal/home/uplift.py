"""What waits of uplift plans: drafts to go on with, versions to be settled."""

from collections.abc import Sequence

from django.urls import reverse

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.home.items import InboxGroup, InboxItem
from uplift.enums import VersionState
from uplift.models import PlanVersion
from uplift.selectors.plans import list_waiting

_SHOWN = 10


def uplift_groups(user: User) -> list[InboxGroup]:
    """One query; none for who neither draws plans up nor settles them."""
    may_plan, may_decide = (
        user.holds(Permission.PLAN_UPLIFT),
        user.holds(Permission.DECIDE_UPLIFT),
    )
    if not (may_plan or may_decide):
        return []
    waiting = list_waiting(user)
    groups = []
    if may_plan:
        drafts = [row for row in waiting if row.state == VersionState.DRAFTED]
        hint = "填写分类目标、阶段任务和专项资金，核对无误后送审定。"
        groups.append(_group("uplift-drafts", "跃升计划待拟定", hint, drafts))
    if may_decide:
        handed_in = [row for row in waiting if row.state == VersionState.SUBMITTED]
        hint = "由拟定人以外的人审定，审定后通知所属各县。"
        groups.append(_group("uplift-submitted", "跃升计划待审定", hint, handed_in))
    return groups


def _group(key: str, title: str, hint: str, rows: Sequence[PlanVersion]) -> InboxGroup:
    items = [
        InboxItem(
            str(row),
            reverse("uplift:plan", args=[row.public_id]),
            row.document_number,
            row.state_since,
        )
        for row in rows[:_SHOWN]
    ]
    return InboxGroup(key, title, hint, len(rows), items, reverse("uplift:plans"))
