"""What waits in the pilot programme: applications, experts' sheets, lists, changes of targets, acceptances."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from django.urls import reverse

from applications.enums import ApplicationState
from applications.models import Acceptance, Application, TargetChange
from applications.selectors.waiting import (
    WaitingList,
    list_acceptances,
    list_changes,
    list_closable,
    list_lists,
    list_missing_sheets,
    list_opinions,
    list_sheets,
    list_waiting,
)
from applications.views.application_wording import turn_of
from applications.views.pilot_words import acceptance_turn
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from county_portal.home.items import InboxGroup, InboxItem

Row = TypeVar("Row")
# Items of a group that the inbox names; the rest are counted.
_SHOWN = 10
_S = ApplicationState
# State: heading, hint. What was reviewed waits for the city's letter, then for the province.
_KINDS = {
    _S.RETURNED: ("试点申报被退回，待修改", "按退回要求改正，重新定稿并经县政府审议后报送。"),
    _S.DRAFT: ("试点申报待编制", "各部分填写完整后定稿，提请县政府审议。"),
    _S.GOVERNMENT: ("试点申报待登记县政府审议", "县政府审议通过后登记日期、文号和扫描件。"),
    _S.READY: ("试点申报待报送", "县政府已审议通过，由负责人报送市级。"),
    _S.SUBMITTED: ("试点申报待受理", "受理后县级不能再撤回，即可审核。"),
    _S.CITY_REVIEW: ("试点申报待审核", "核对材料，审核通过或退回。"),
    _S.REVIEWED: ("试点申报待推荐", "在名额内排序，写明理由，出具推荐函。"),
}
# Where a step is taken, where that is not the application's own page.
_OWN = "applications:application"
_PAGES = {_S.SUBMITTED: "applications:review", _S.CITY_REVIEW: "applications:review"}
_TO_CHECK = ("试点申报待形式审查", "推荐函有效，核对材料是否齐全、合规。")


def pilot_groups(user: User) -> list[InboxGroup]:
    """Nine queries at most, however much waits; none for who has no part in the programme."""
    if not any(user.holds(permission) for permission in _CONCERNED):
        return []
    return [
        *_application_groups(user),
        _sheet_group(user),
        _missing_group(user),
        _closable_group(user),
        _list_group(user),
        _change_group(user),
        _acceptance_group(user),
    ]


_CONCERNED = (
    Permission.APPLY,
    Permission.HAND_IN,
    Permission.RECOMMEND,
    Permission.RUN_PILOTS,
    Permission.JUDGE_PILOTS,
    Permission.DECIDE_PILOTS,
)


def _application_groups(user: User) -> list[InboxGroup]:
    waiting = list_waiting(user, clock.today())
    runs = user.holds(Permission.RUN_PILOTS)

    def item(row: Application) -> InboxItem:
        turn = turn_of(row, is_recommended=runs)
        url = reverse(_PAGES.get(_S(row.state), _OWN), args=[row.public_id])
        if runs:
            url = reverse("applications:candidate", args=[row.public_id])
        return InboxItem(row.region.full_name, url, row.round.title, row.state_since, turn.until)

    return [
        _group(
            f"pilot-{state}",
            *(_TO_CHECK if runs else kind),
            [row for row in waiting if row.state == state],
            item,
        )
        for state, kind in _KINDS.items()
    ]


def _sheet_group(user: User) -> InboxGroup:
    sheets, opinions = list_sheets(user), list_opinions(user)
    items = [
        InboxItem(
            row.application.region.full_name,
            reverse("applications:panel_sheet", args=[row.public_id]),
            f"{row.application.round.title}申报评审",
            row.assigned_at,
        )
        for row in sheets
    ]
    items += [
        InboxItem(
            row.acceptance.pilot.region.full_name,
            reverse("applications:acceptance_opinion", args=[row.public_id]),
            "总结验收评审",
            row.acceptance.state_since,
        )
        for row in opinions
    ]
    hint = "对申报或验收材料评分并写明意见；有利害关系的请申请回避。"
    return InboxGroup("pilot-sheets", "试点待评审", hint, len(items), items[:_SHOWN])


def _missing_group(user: User) -> InboxGroup:
    return _group(
        "pilot-missing",
        "专家评审未交齐",
        "提醒尚未评审的专家，或另行分派。",
        list_missing_sheets(user),
        lambda row: InboxItem(
            row.application.region.full_name,
            reverse("applications:selection", args=[row.application.round.public_id]),
            f"{row.application.round.title}：还有{row.missing}位专家未评，共{row.asked}位",
        ),
    )


def _closable_group(user: User) -> InboxGroup:
    return _group(
        "pilot-rounds",
        "试点批次待截止",
        "推荐期限已过；办理申报截止后才能拟定名单，确需延期的先办理延期。",
        list_closable(user, clock.today()),
        lambda call: InboxItem(
            call.title,
            reverse("applications:round", args=[call.public_id]),
            "推荐期限已过",
            call.opened_at,
            call.city_due_on,
        ),
    )


def _list_group(user: User) -> InboxGroup:
    runs = user.holds(Permission.RUN_PILOTS)
    title, hint = (
        ("公示异议待处理", "查明情况，写明处理意见；全部处理后才能公布。")
        if runs
        else ("试点名单待公布", "公示期满且异议均已处理，核对后公布。")
    )

    def item(row: WaitingList) -> InboxItem:
        made = row.pilot_list
        url = reverse("applications:pilot_list", args=[made.round.public_id])
        note = f"{row.open_objections}件异议未处理" if runs else "公示期已满"
        return InboxItem(str(made), url, note, made.prepared_at, made.notice_until)

    return _group("pilot-lists", title, hint, list_lists(user, clock.today()), item)


def _change_group(user: User) -> InboxGroup:
    def item(row: TargetChange) -> InboxItem:
        target = row.year_target.target
        return InboxItem(
            f"{row.pilot.region.full_name}：{target.name}",
            reverse("applications:target_change", args=[row.public_id]),
            f"{row.year_target.year}年目标由{row.before.normalize():f}调整为{row.after.normalize():f}",
            row.asked_at,
        )

    hint = "核对调整理由和依据，同意或不同意。"
    return _group("pilot-changes", "目标调整待办", hint, list_changes(user), item)


def _acceptance_group(user: User) -> InboxGroup:
    def item(row: Acceptance) -> InboxItem:
        return InboxItem(
            row.pilot.region.full_name,
            reverse("applications:acceptance", args=[row.public_id]),
            row.get_state_display(),
            row.proposed_at or row.state_since,
            acceptance_turn(row).until,
        )

    hint = "总结验收须在建设期结束前半年内完成。"
    return _group("pilot-acceptances", "试点总结验收待办", hint, list_acceptances(user), item)


def _group(
    key: str, title: str, hint: str, rows: Sequence[Row], item: Callable[[Row], InboxItem]
) -> InboxGroup:
    return InboxGroup(key, title, hint, len(rows), [item(row) for row in rows[:_SHOWN]])
