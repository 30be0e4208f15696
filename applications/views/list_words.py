"""What pages say of a list of pilots: tones, steps, buttons, whose turn. No rows, no request."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from applications.enums import ListState, RoundState
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from county_portal.common.components import Step, Turn
from county_portal.common.province import words
from county_portal.common.text import chinese_date

if TYPE_CHECKING:
    from applications.models import PilotList, PilotRound
    from county_portal.accounts.models import User

LIST_TONES = {
    ListState.DRAFT: "neutral",
    ListState.NOTICE: "warning",
    ListState.PUBLISHED: "success",
    ListState.WITHDRAWN: "neutral",
}


@dataclass(frozen=True, slots=True)
class Button:
    """An act offered on the page of a list."""

    label: str
    url: str
    is_primary: bool = False


def turn_of_list(
    call: "PilotRound", row: "PilotList | None", *, has_objections: bool = False
) -> Turn:
    """Who is to do what next; `has_objections`: some are not answered yet."""
    manager, publisher = f"{words().province_office}业务管理员", f"{words().province_office}发布人"
    if row is None:
        if call.state == RoundState.OPEN:
            return Turn(
                f"{words().city}科技局",
                call.opened_at,
                call.city_due_on,
                "推荐截止并办理批次截止后拟定名单",
            )
        return Turn(manager, call.closed_at, None, "办结形式审查和专家评审后拟定名单")
    if row.state == ListState.DRAFT:
        return Turn(manager, row.prepared_at, None, "厅务会审议后登记审议情况，开始公示")
    if row.state == ListState.NOTICE:
        if row.notice_until and clock.today() <= row.notice_until:
            return Turn("公众", row.notice_from, row.notice_until, "公示期内接受异议")
        who = manager if has_objections else publisher
        words_ = (
            "公示期满，办结异议后公布名单" if has_objections else "公示期满、异议办结，可以公布名单"
        )
        return Turn(who, row.notice_until, None, words_)
    return Turn("", row.published_at, None, "名单已公布")


def list_steps_of(row: "PilotList | None") -> list[Step]:
    """How far the list has come."""
    order = [ListState.DRAFT, ListState.NOTICE, ListState.PUBLISHED]
    labels = ["拟定名单", "公示", "公布"]
    place = order.index(ListState(row.state)) if row and row.state in order else -1
    is_over = row is not None and row.state == ListState.PUBLISHED
    notes = ["", "", ""]
    if row and row.notice_from and row.notice_until:
        notes[1] = f"{chinese_date(row.notice_from)}至{chinese_date(row.notice_until)}"
    return [
        Step(label, _step_state(number, place, is_over=is_over), note)
        for number, (label, note) in enumerate(zip(labels, notes, strict=True))
    ]


def _step_state(number: int, place: int, *, is_over: bool) -> str:
    if number < place or is_over:
        return "done"
    return "current" if number == max(place, 0) else "todo"


def buttons_of(
    user: "User", call: "PilotRound", row: "PilotList | None", *, may_publish: bool = False
) -> list[Button]:
    """Acts the state and the role offer; `may_publish`: nothing stands in the way of it."""
    runs, decides = user.holds(Permission.RUN_PILOTS), user.holds(Permission.DECIDE_PILOTS)
    found = []
    may_begin = row is None and call.state != RoundState.OPEN
    if runs and (may_begin or (row and row.state == ListState.DRAFT)):
        url = reverse("applications:list_draft", args=[call.public_id])
        found.append(Button("修改名单" if row else "拟定名单", url, is_primary=row is None))
    if row is None or row.state == ListState.PUBLISHED:
        return found
    args = [row.public_id]
    if runs and row.state == ListState.DRAFT:
        found.append(
            Button("开始公示", reverse("applications:list_notice", args=args), is_primary=True)
        )
    if runs and row.state == ListState.NOTICE:
        found.append(Button("登记异议", reverse("applications:objection_new", args=args)))
    if decides and may_publish:
        found.append(
            Button("公布名单", reverse("applications:list_publish", args=args), is_primary=True)
        )
    found.append(Button("撤回", reverse("applications:list_withdraw", args=args)))
    return found
