"""What pages say of appeals: states, whose turn, what happened. No rows, no request."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from county_portal.common.components import HistoryEntry, Step, Turn
from county_portal.common.province import words
from scoring.enums import AppealAction, AppealState

if TYPE_CHECKING:
    from scoring.models import Appeal, AppealStep

PROVINCE = words().province_office
TONES = {
    AppealState.FILED: "warning",
    AppealState.OPINED: "info",
    AppealState.REVIEWED: "info",
    AppealState.UPHELD: "success",
    AppealState.REJECTED: "danger",
    AppealState.WITHDRAWN: "neutral",
}
_ACT_TONES = {
    AppealAction.UPHOLD: "success",
    AppealAction.REJECT: "danger",
    AppealAction.REOPEN: "warning",
    AppealAction.GO_ON: "warning",
    AppealAction.WITHDRAW: "neutral",
}
_WAY = ("县级申诉", "市级意见", "省级复查", "省级决定")
_BEHIND = {
    AppealState.FILED: 1,
    AppealState.OPINED: 2,
    AppealState.REVIEWED: 3,
    AppealState.UPHELD: 4,
    AppealState.REJECTED: 4,
    AppealState.WITHDRAWN: 1,
}
# Between the two of the province; others hear of them with the decision.
INTERNAL = frozenset({AppealAction.REVIEW, AppealAction.REOPEN})


def appeal_tone(appeal: "Appeal") -> str:
    """Tone of its state."""
    return TONES[AppealState(appeal.state)]


def appeal_turn(appeal: "Appeal", due: date | None) -> Turn:
    """Whose turn an appeal is; `due` until when."""
    who, note = {
        AppealState.FILED: (
            f"{appeal.reviewing_office.name}提出意见",
            f"逾期未提意见的，{PROVINCE}可转入复查。",
        ),
        AppealState.OPINED: (f"{PROVINCE}复查", ""),
        AppealState.REVIEWED: (f"{PROVINCE}决定", "由复查人以外的人决定。"),
    }.get(AppealState(appeal.state), ("", ""))
    return Turn(who, appeal.state_since, due, note)


def appeal_steps(appeal: "Appeal") -> list[Step]:
    """How far an appeal has come."""
    behind = _BEHIND[AppealState(appeal.state)]
    here = "returned" if appeal.state == AppealState.WITHDRAWN else "current"
    return [
        Step(label, "done" if place < behind else here if place == behind else "todo")
        for place, label in enumerate(_WAY)
    ]


def appeal_history(steps: Iterable["AppealStep"], *, shows_review: bool) -> list[HistoryEntry]:
    """The steps in words; what the province says to itself is shown to it, and to all once it is decided."""
    return [
        HistoryEntry(
            step.label,
            step.actor_name,
            step.actor.office.name,
            step.at,
            step.comment if shows_review or step.action not in INTERNAL else "",
            _ACT_TONES.get(AppealAction(step.action), "info"),
        )
        for step in steps
    ]
