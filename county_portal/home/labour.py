"""What waits in the division of labour: for a department its signature, for the county its late departments."""

from django.urls import reverse

from county_portal.accounts.models import User
from county_portal.home.items import InboxGroup, InboxItem
from indicators.selectors.labour import list_late_departments, list_to_sign


def labour_groups(user: User) -> list[InboxGroup]:
    """For a department: what it has to sign; for the filler: departments past their day."""
    to_sign = list_to_sign(user)
    signing = [
        InboxItem(
            title=row.submission.collection.title,
            url=reverse("indicators:provide", args=[row.submission.public_id]),
            note=f"还有{row.open}项未签字" + (f"，其中逾期{row.late}项" if row.late else ""),
            until=row.due_on,
        )
        for row in to_sign
    ]
    late = list_late_departments(user)
    urging = [
        InboxItem(
            title=row.submission.collection.title,
            url=reverse("indicators:division", args=[row.submission.public_id]),
            note=f"{row.offices}个部门{row.lines}项逾期未签字，可以催办",
            until=row.since,
        )
        for row in late
    ]
    open_lines = sum(row.open for row in to_sign)
    return [
        InboxGroup("sign", "待填报签字", "填写本单位的指标，签字确认。", open_lines, signing),
        InboxGroup("late-departments", "部门逾期", "催办或收回。", len(late), urging),
    ]
