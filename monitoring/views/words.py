"""What pages say of warnings: whose turn, what happened. No rows, no request."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from county_portal.common.components import HistoryEntry, Turn
from county_portal.common.province import words
from monitoring.enums import Stage, WarningAction, WarningState

if TYPE_CHECKING:
    from monitoring.models import Warning, WarningStep  # noqa: A004 -- the word of the field

_TONES = {
    WarningAction.RAISE: "warning",
    WarningAction.CHANGE: "warning",
    WarningAction.ESCALATE: "danger",
    WarningAction.URGE: "danger",
    WarningAction.RECOVER: "success",
    WarningAction.CLOSE: "success",
}
PORTAL = "系统"


def warning_turn(warning: "Warning") -> Turn:
    """Whose turn a warning is."""
    if warning.state == WarningState.CLOSED:
        return Turn("", warning.closed_at, None, warning.closing_words)
    since, until = warning.stage_since, warning.due_on
    if warning.stage == Stage.CITY:
        note = "可督办县级，也可在核实后解除；逾期转省级督办。"
        return Turn(f"{warning.reviewing_office.name}督办", since, until, note)
    if warning.stage == Stage.PROVINCE:
        return Turn(
            f"{words().province_office}督办", since, until, "可督办县级，也可在核实后解除。"
        )
    if warning.state == WarningState.ANSWERED:
        note = "数据回到正常范围后自动解除；过了承诺日期仍未解除的，转市级督办。"
        return Turn(f"{warning.office.name}落实整改", since, until, note)
    note = "逾期未说明的，转市级督办。"
    return Turn(f"{warning.office.name}说明原因和措施", since, until, note)


def warning_history(steps: Iterable["WarningStep"]) -> list[HistoryEntry]:
    """The steps in words, newest first; what no person did was done by the portal."""
    return [
        HistoryEntry(
            step.label,
            step.actor_name or PORTAL,
            step.actor.office.name if step.actor else "按月报数据和期限",
            step.at,
            step.comment,
            _TONES.get(WarningAction(step.action), "info"),
        )
        for step in steps
    ]
