"""What waits of appeals: the city's opinion, the review, the decision, lists to be corrected, days running out."""

from collections.abc import Sequence

from django.urls import reverse

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.home.items import InboxGroup, InboxItem
from scoring.enums import AppealState
from scoring.models import Appeal
from scoring.selectors.appeal_lines import list_appealable
from scoring.selectors.appeals import due_on, indicator_names, list_waiting
from scoring.selectors.corrections import list_waiting_years

_SHOWN = 10
# State: for whom, heading, hint.
_KINDS = {
    AppealState.FILED: (
        Permission.OPINE_APPEAL,
        "申诉待提出意见",
        "核对县级申诉理由和材料，支持或不支持，写明理由。",
    ),
    AppealState.OPINED: (
        Permission.REVIEW_APPEAL,
        "申诉待复查",
        "核实数据，测算影响，提出复查意见。",
    ),
    AppealState.REVIEWED: (Permission.DECIDE_APPEAL, "申诉待决定", "由复查人以外的人作出决定。"),
}
_LATE = ("申诉市级意见逾期", "可催办，或写明情况转省级复查。")


def appeal_groups(user: User) -> list[InboxGroup]:
    """Five queries at most, however much waits; none for who has no part in appeals."""
    if not user.holds(Permission.VIEW_APPEALS):
        return []
    waiting = list_waiting(user)
    names = indicator_names(waiting) if waiting else {}
    groups = [
        _group(
            f"appeal-{state}", title, hint, [row for row in waiting if row.state == state], names
        )
        for state, (permission, title, hint) in _KINDS.items()
        if user.holds(permission)
    ]
    if user.holds(Permission.REVIEW_APPEAL):
        late = [row for row in waiting if row.state == AppealState.FILED]
        groups.append(_group("appeal-late", *_LATE, late, names))
    return [*groups, *_correction_group(user), *_window_group(user)]


def _group(
    key: str,
    title: str,
    hint: str,
    rows: Sequence[Appeal],
    names: dict[tuple[int, str], str],
) -> InboxGroup:
    items = [
        InboxItem(
            row.region.full_name,
            reverse("scoring:appeal", args=[row.public_id]),
            names.get((row.published_list.collection.version_id, row.indicator_code), ""),
            row.state_since,
            due_on(row),
        )
        for row in rows[:_SHOWN]
    ]
    return InboxGroup(key, title, hint, len(rows), items, reverse("scoring:appeals"))


def _correction_group(user: User) -> list[InboxGroup]:
    """Years whose list does not show what was decided: for who starts the run."""
    if not user.holds(Permission.GRADE):
        return []
    items = [
        InboxItem(
            str(year.published),
            reverse("scoring:appeals"),
            f"{len(year.corrections)}项数据",
            year.since.made_at,
        )
        for year in list_waiting_years(user)
    ]
    hint = "申诉已成立，开始更正评价，再拟定更正后的名单。"
    return [InboxGroup("appeal-corrections", "名单待更正", hint, len(items), items)]


def _window_group(user: User) -> list[InboxGroup]:
    """Lists the county's head may still appeal against."""
    items = [
        InboxItem(
            f"{published.collection.data_year}年度评价结果",
            reverse("scoring:appeal_lines", args=[published.public_id, result.region.public_id]),
            published.document_number,
            published.published_at,
            published.appeals_until,
        )
        for published, result in list_appealable(user)
    ]
    hint = "对得分有异议的，在申诉期内对具体指标提出；无异议的不必办理。"
    return [InboxGroup("appeal-window", "评价结果可申诉", hint, len(items), items)]
