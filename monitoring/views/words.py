"""What pages say of warnings: whose turn, what happened. No rows, no request."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from county_portal.common import clock
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


@dataclass(frozen=True, slots=True)
class Term:
    """What one level has to do about a warning, and by which day; `is_now` where it has it."""

    level: str
    words: str
    is_now: bool = False


def warning_terms(warning: "Warning", steps: Iterable["WarningStep"], city_days: int) -> list[Term]:
    """The days of every level, past and to come; nothing for a warning that is settled.

    `city_days` as set for its severity; the night after a day has passed takes it one level up.
    """
    if warning.state == WarningState.CLOSED:
        return []
    went_on = {
        Stage(step.stage): _day(clock.day_of(step.at))
        for step in reversed(list(steps))
        if step.action == WarningAction.ESCALATE
    }
    stage, due = Stage(warning.stage), warning.due_on
    doing = "按承诺整改" if warning.state == WarningState.ANSWERED else "说明原因和措施"
    terms = {
        Stage.COUNTY: f"逾期，{went_on.get(Stage.CITY, '')}转市级；仍可补充说明",
        Stage.CITY: f"逾期，{went_on.get(Stage.PROVINCE, '')}转省级",
        Stage.PROVINCE: "督办，直至解除",
    }
    if due and stage == Stage.COUNTY:
        begins = due + timedelta(days=1)
        due_city = begins + timedelta(days=city_days)
        terms[Stage.COUNTY] = f"{doing}，至{_day(due)}"
        terms[Stage.CITY] = f"县级逾期的，{_day(begins)}起督办，至{_day(due_city)}"
        terms[Stage.PROVINCE] = f"市级仍逾期的，{_day(due_city + timedelta(days=1))}起督办"
    elif due and stage == Stage.CITY:
        terms[Stage.CITY] = f"督办，至{_day(due)}"
        terms[Stage.PROVINCE] = f"市级逾期的，{_day(due + timedelta(days=1))}起督办"
    return [Term(each.label, terms[each], each == stage) for each in Stage]


def _day(day: date) -> str:
    return f"{day:%-m月%-d日}"


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
