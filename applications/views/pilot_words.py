"""What pages say of a pilot: its badge, whose turn it is, what happened. No rows, no request."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from applications.enums import (
    AcceptanceState,
    ChangeState,
    PilotAct,
    PilotState,
)
from applications.rules.terms import TERM_ACTS, Term
from county_portal.common.components import HistoryEntry
from county_portal.documents.numbers import chinese_date

if TYPE_CHECKING:
    from applications.models import Acceptance, Pilot, PilotEvent, TargetChange

PROVINCE = "省科技厅"
# State -> (tone, icon) of its badge.
PILOT_MARKS = {
    PilotState.ACTIVE: ("info", "play-circle"),
    PilotState.SUSPENDED: ("warning", "pause-circle"),
    PilotState.WITHDRAWN: ("neutral", "slash-circle"),
    PilotState.RECTIFYING: ("warning", "exclamation-triangle-fill"),
    PilotState.ACCEPTED: ("success", "patch-check-fill"),
    PilotState.FAILED: ("danger", "x-circle-fill"),
}
CHANGE_TONES = {
    ChangeState.ASKED: "warning",
    ChangeState.SUPPORTED: "info",
    ChangeState.APPROVED: "success",
    ChangeState.REFUSED: "danger",
    ChangeState.TAKEN_BACK: "neutral",
}
_EVENT_MARKS = {
    PilotAct.BEGIN: ("info", "play-circle"),
    PilotAct.EXTEND: ("warning", "calendar-event"),
    PilotAct.SUSPEND: ("warning", "pause-circle"),
    PilotAct.RESUME: ("info", "play-circle"),
    PilotAct.WITHDRAW: ("danger", "slash-circle"),
    PilotAct.RECTIFY: ("warning", "exclamation-triangle-fill"),
    PilotAct.ACCEPT: ("success", "patch-check-fill"),
    PilotAct.FAIL: ("danger", "x-circle-fill"),
}


@dataclass(frozen=True, slots=True)
class Badge:
    """A state as `components/state_badge.html` takes it."""

    label: str
    tone: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is, since when, until when; `who` blank when nothing is left to do."""

    who: str
    since: datetime | date | None
    until: date | None
    note: str = ""


def pilot_badge(pilot: "Pilot") -> Badge:
    """A pilot's state."""
    tone, icon = PILOT_MARKS[PilotState(pilot.state)]
    return Badge(pilot.get_state_display(), tone, icon)


def pilot_turn(
    pilot: "Pilot",
    term: Term,
    acceptance: "Acceptance | None" = None,
    changes: Iterable["TargetChange"] = (),
) -> Turn:
    """The turn: an acceptance under way first, then requests, then the county's own work."""
    if acceptance is not None and acceptance.state != AcceptanceState.DECIDED:
        return acceptance_turn(acceptance)
    for change in changes:
        if change.state in _CHANGE_TURNS:
            return _CHANGE_TURNS[change.state](change)
    return _own_turn(pilot, term, acceptance)


def _own_turn(pilot: "Pilot", term: Term, acceptance: "Acceptance | None") -> Turn:
    match PilotState(pilot.state):
        case PilotState.ACTIVE:
            return _building(pilot, term)
        case PilotState.RECTIFYING:
            until = acceptance.rectify_by if acceptance else None
            note = "整改完成后由县级再次报送总结验收材料。"
            return Turn(f"{pilot.office.name}整改", pilot.state_since, until, note)
        case PilotState.SUSPENDED:
            return Turn(f"{PROVINCE}决定恢复或退出", pilot.state_since, None, "试点建设已暂停。")
    return Turn("", pilot.state_since, None, f"试点{pilot.get_state_display()}。")


_CHANGE_TURNS: Mapping[str, Callable[["TargetChange"], Turn]] = {
    ChangeState.ASKED: lambda change: Turn(
        f"{change.pilot.reviewing_office.name}审核目标调整申请", change.asked_at, None
    ),
    ChangeState.SUPPORTED: lambda change: Turn(f"{PROVINCE}审批目标调整申请", change.city_at, None),
}


def _building(pilot: "Pilot", term: Term) -> Turn:
    if term.is_acceptance_open:
        who = f"{pilot.office.name}开展总结验收"
        note = "" if term.days_left >= 0 else "建设期已经结束，总结验收已逾期，请尽快办理。"
        return Turn(who, term.acceptance_opens_on, term.ends_on, note)
    opens = chinese_date(term.acceptance_opens_on)
    return Turn(
        f"{pilot.office.name}建设", term.starts_on, term.ends_on, f"总结验收自{opens}起可以开始。"
    )


def acceptance_turn(acceptance: "Acceptance") -> Turn:
    """Whose turn it is with an acceptance."""
    pilot, state = acceptance.pilot, AcceptanceState(acceptance.state)
    since = acceptance.state_since
    if state == AcceptanceState.DECIDED:
        return Turn("", since, None, f"验收结论：{acceptance.get_outcome_display()}。")
    if state == AcceptanceState.PROVINCE_REVIEW and acceptance.proposed_by_id:
        return Turn(f"{PROVINCE}发布人作出验收结论", acceptance.proposed_at, None)
    who = {
        AcceptanceState.DRAFT: f"{pilot.office.name}编制验收总结",
        AcceptanceState.RETURNED: f"{pilot.office.name}改正验收总结",
        AcceptanceState.SUBMITTED: f"{pilot.reviewing_office.name}受理验收材料",
        AcceptanceState.CITY_REVIEW: f"{pilot.reviewing_office.name}审核验收材料",
        AcceptanceState.PROVINCE_REVIEW: f"{PROVINCE}组织答辩、核查和专家评议",
    }
    at_county = state in {AcceptanceState.DRAFT, AcceptanceState.RETURNED}
    return Turn(who[state], since, acceptance.due_on if at_county else None)


def change_badge(change: "TargetChange") -> Badge:
    """A request's state."""
    return Badge(change.get_state_display(), CHANGE_TONES[ChangeState(change.state)])


def change_turn(change: "TargetChange") -> Turn:
    """Whose turn it is with a request."""
    if change.state in _CHANGE_TURNS:
        return _CHANGE_TURNS[change.state](change)
    decided_at = change.province_at or change.city_at or change.asked_at
    return Turn("", decided_at, None, f"申请{change.get_state_display()}。")


@dataclass(frozen=True, slots=True)
class ListedChange:
    """A request as a list shows it."""

    change: "TargetChange"
    badge: Badge
    turn: Turn


def listed_changes(changes: Iterable["TargetChange"]) -> list[ListedChange]:
    """Requests with their badges and turns."""
    return [ListedChange(each, change_badge(each), change_turn(each)) for each in changes]


def event_history(events: Sequence["PilotEvent"]) -> list[HistoryEntry]:
    """Events as the shared component takes them, newest first."""
    return [_entry(event) for event in events]


def _entry(event: "PilotEvent") -> HistoryEntry:
    tone, icon = _EVENT_MARKS[PilotAct(event.act)]
    words = [event.reason] if event.reason else []
    if event.act == PilotAct.BEGIN:
        words.append(f"建设期自{chinese_date(event.on)}起。")
    if event.until:
        label = "整改期限" if event.act == PilotAct.RECTIFY else "建设期至"
        words.append(f"{label}{chinese_date(event.until)}。")
    if event.document_number:
        words.append(f"依据文号：{event.document_number}")
    actor = event.actor
    return HistoryEntry(
        event.get_act_display(),
        actor.display_name,
        actor.office.name,
        event.at,
        "\n".join(words),
        tone,
        icon,
    )


def open_acts(pilot: "Pilot") -> list[PilotAct]:
    """What the province may do to the term now."""
    return [act for act, sources in TERM_ACTS.items() if pilot.state in sources]
