"""What waits of pilots' annual progress reports: to be written, handed in, reviewed, received."""

from django.urls import reverse

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.common.province import words
from county_portal.home.items import InboxGroup, InboxItem
from reports.models import ProgressReport
from reports.selectors.progress import turn_of, waiting_reports

_SHOWN = 10
# Who does it: heading, hint.
_DUTIES = {
    Permission.APPLY: ("年度建设进展报告待填写", "填写各项指标实际值和工作情况，由负责人报送。"),
    Permission.HAND_IN: (
        "年度建设进展报告待报送",
        f"核对后报送市级；每年3月底前报{words().province_office}。",
    ),
    Permission.RECOMMEND: ("年度建设进展报告待审核", "受理后核对，审核通过或退回。"),
    Permission.RUN_PILOTS: ("年度建设进展报告待接收", "接收后实际值记入试点台账。"),
}


def progress_groups(user: User) -> list[InboxGroup]:
    """One query for who has a part in reports; none for others."""
    for permission, (title, hint) in _DUTIES.items():
        if user.holds(permission):
            rows = list(waiting_reports(user))
            items = [_item(row) for row in rows[:_SHOWN]]
            url = reverse("reports:progress")
            return [InboxGroup("progress", title, hint, len(rows), items, url)]
    return []


def _item(row: ProgressReport) -> InboxItem:
    turn = turn_of(row)
    late = "，逾期未报" if row.is_missing else ""
    return InboxItem(
        f"{row.pilot.region.full_name}{row.year}年度",
        reverse("reports:progress_report", args=[row.public_id]),
        f"{row.get_state_display()}{late}",
        row.state_since,
        turn.until,
    )
