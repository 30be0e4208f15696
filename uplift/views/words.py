"""What pages say of plans: states, whose turn, how far, what happened."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from county_portal.common import clock
from county_portal.common.components import HistoryEntry, Step, Turn
from uplift.enums import PlanAction, VersionState

if TYPE_CHECKING:
    from uplift.models import PlanVersion, VersionStep

HOME = ("跃升计划", "uplift:plans")
TONES = {
    VersionState.DRAFTED: "warning",
    VersionState.SUBMITTED: "info",
    VersionState.SETTLED: "success",
    VersionState.REPLACED: "neutral",
    VersionState.CLOSED: "neutral",
    VersionState.DROPPED: "neutral",
}
_ACT_TONES = {
    PlanAction.SETTLE: "success",
    PlanAction.RETURN: "warning",
    PlanAction.DROP: "neutral",
    PlanAction.CLOSE: "neutral",
    PlanAction.REPLACE: "neutral",
}
_WAY = ("拟定", "审定", "执行", "结束")
_BEHIND = {
    VersionState.DRAFTED: 0,
    VersionState.SUBMITTED: 1,
    VersionState.SETTLED: 2,
    VersionState.REPLACED: 4,
    VersionState.CLOSED: 4,
    VersionState.DROPPED: 0,
}
Crumbs = list[tuple[str, str | None]]


def version_turn(version: "PlanVersion") -> Turn:
    """Whose turn a version is."""
    office = version.plan.office.name
    if version.state == VersionState.DRAFTED:
        return Turn(f"{office}拟定", version.state_since, note="改完后送本单位审定人审定。")
    if version.state == VersionState.SUBMITTED:
        return Turn(f"{office}审定", version.state_since, note="由拟定人以外的人审定。")
    if version.state == VersionState.SETTLED:
        end = term_end(version)
        if is_over(version):
            # No day by which to close it: the list of the last year comes when it comes.
            note = (
                f"计划期已于{end.year}年12月31日届满，对照考核继续；"
                f"{end.year}年度名单公布后总结，由审定人办理结束。"
            )
            since = datetime(end.year + 1, 1, 1, tzinfo=clock.BEIJING)
            return Turn(f"{office}审定人", since, note=note)
        note = "各县按月报送，按年登记专项资金。"
        return Turn(f"{office}及所属各县组织实施", version.state_since, end, note)
    return Turn("", version.state_since)


def term_end(version: "PlanVersion") -> date:
    """The last day the plan speaks of."""
    return date(version.to_year, 12, 31)


def is_over(version: "PlanVersion") -> bool:
    """Whether its years have passed while it is still in force: held against the last list, not yet closed."""
    return version.state == VersionState.SETTLED and clock.today() > term_end(version)


def version_badge(version: "PlanVersion") -> tuple[str, str]:
    """The state in words, and its tone; a plan whose years have passed is no longer said to be under way."""
    if is_over(version):
        return "已期满", "warning"
    state = VersionState(version.state)
    return state.label, TONES[state]


def version_steps(version: "PlanVersion") -> list[Step]:
    """How far a version has come."""
    behind = _BEHIND[VersionState(version.state)]
    return [
        Step(label, "done" if place < behind else "current" if place == behind else "todo")
        for place, label in enumerate(_WAY)
    ]


def version_history(steps: "Iterable[VersionStep]") -> list[HistoryEntry]:
    """The steps in words."""
    return [
        HistoryEntry(
            step.label,
            step.actor_name,
            step.actor.office.name,
            step.at,
            step.comment,
            _ACT_TONES.get(PlanAction(step.action), "info"),
        )
        for step in steps
    ]


def crumbs(version: "PlanVersion", *last: str) -> Crumbs:
    """From the list of plans by the plan to here."""
    own = reverse("uplift:plan", args=[version.public_id]) if last else None
    return [
        (HOME[0], reverse(HOME[1])),
        (str(version), own),
        *((label, None) for label in last),
    ]
