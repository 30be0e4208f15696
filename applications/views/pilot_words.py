"""What pages say of a pilot: its badge, whose turn it is, what happened. No rows, no request."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from applications.enums import (
    AcceptanceAction,
    AcceptanceOutcome,
    AcceptanceState,
    ChangeState,
    PilotAct,
    PilotState,
    SheetState,
)
from applications.rules.terms import TERM_ACTS, Term
from applications.templatetags.applications_ui import PILOT_MARKS
from county_portal.common.components import HistoryEntry, Step, Turn
from county_portal.common.province import words
from county_portal.common.text import chinese_date

if TYPE_CHECKING:
    from applications.models import (
        Acceptance,
        AcceptanceOpinion,
        AcceptanceStep,
        Pilot,
        PilotEvent,
        TargetChange,
    )

PROVINCE = words().province_office
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
    PilotAct.HAND_OVER: ("info", "arrow-left-right"),
}


@dataclass(frozen=True, slots=True)
class Badge:
    """A state as `components/state_badge.html` takes it."""

    label: str
    tone: str
    icon: str = ""


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
    # A second acceptance comes after the term; only the county's rectification has a day then.
    until = pilot.ends_on if acceptance.number == 1 else None
    if state == AcceptanceState.PROVINCE_REVIEW and acceptance.proposed_by_id:
        return Turn(f"{PROVINCE}发布人作出验收结论", acceptance.proposed_at, until)
    who = {
        AcceptanceState.DRAFT: f"{pilot.office.name}编制验收总结",
        AcceptanceState.RETURNED: f"{pilot.office.name}改正验收总结",
        AcceptanceState.SUBMITTED: f"{pilot.reviewing_office.name}受理验收材料",
        AcceptanceState.CITY_REVIEW: f"{pilot.reviewing_office.name}审核验收材料",
        AcceptanceState.PROVINCE_REVIEW: f"{PROVINCE}组织答辩、核查和专家评议",
    }
    at_county = state in {AcceptanceState.DRAFT, AcceptanceState.RETURNED}
    return Turn(who[state], since, acceptance.due_on if at_county else until)


_ACCEPTANCE_MARKS = {
    AcceptanceState.DRAFT: ("neutral", "pencil-square"),
    AcceptanceState.SUBMITTED: ("warning", "send"),
    AcceptanceState.CITY_REVIEW: ("warning", "hourglass-split"),
    AcceptanceState.RETURNED: ("danger", "arrow-return-left"),
    AcceptanceState.PROVINCE_REVIEW: ("info", "send-check"),
    AcceptanceState.DECIDED: ("success", "check-circle-fill"),
}
OUTCOME_TONES = {
    AcceptanceOutcome.PASSED: "success",
    AcceptanceOutcome.RECTIFY: "warning",
    AcceptanceOutcome.FAILED: "danger",
}


def acceptance_badge(acceptance: "Acceptance") -> Badge:
    """An acceptance's state; once decided, its outcome."""
    if acceptance.state == AcceptanceState.DECIDED:
        tone = OUTCOME_TONES[AcceptanceOutcome(acceptance.outcome)]
        return Badge(acceptance.get_outcome_display(), tone)
    tone, icon = _ACCEPTANCE_MARKS[AcceptanceState(acceptance.state)]
    return Badge(acceptance.get_state_display(), tone, icon)


@dataclass(frozen=True, slots=True)
class ListedAcceptance:
    """An acceptance as a list shows it."""

    acceptance: "Acceptance"
    badge: Badge
    turn: Turn


def listed_acceptances(acceptances: Iterable["Acceptance"]) -> list[ListedAcceptance]:
    """Acceptances with their badges and turns."""
    return [
        ListedAcceptance(each, acceptance_badge(each), acceptance_turn(each))
        for each in acceptances
    ]


# How many of the stages lie behind, by state.
_BEHIND = {
    AcceptanceState.DRAFT: 0,
    AcceptanceState.RETURNED: 0,
    AcceptanceState.SUBMITTED: 1,
    AcceptanceState.CITY_REVIEW: 1,
    AcceptanceState.PROVINCE_REVIEW: 2,
    AcceptanceState.DECIDED: 4,
}


def acceptance_steps(acceptance: "Acceptance") -> list[Step]:
    """How far it has come."""
    pilot = acceptance.pilot
    behind = _BEHIND[AcceptanceState(acceptance.state)]
    if acceptance.state == AcceptanceState.PROVINCE_REVIEW and acceptance.proposed_by_id:
        behind = 3
    stages = (
        ("县级总结", pilot.office.short_name),
        ("市级审核", pilot.reviewing_office.short_name),
        ("答辩、核查和评议", PROVINCE),
        ("作出结论", PROVINCE),
    )
    here = "returned" if acceptance.state == AcceptanceState.RETURNED else "current"
    return [
        Step(label, "done" if place < behind else here if place == behind else "todo", note)
        for place, (label, note) in enumerate(stages)
    ]


_STEP_MARKS = {
    AcceptanceAction.SUBMIT: ("info", "send"),
    AcceptanceAction.RECALL: ("neutral", "arrow-counterclockwise"),
    AcceptanceAction.ACCEPT: ("info", "lock-fill"),
    AcceptanceAction.APPROVE: ("success", "check-circle-fill"),
    AcceptanceAction.DECIDE: ("success", "patch-check-fill"),
}


def acceptance_history(steps: Sequence["AcceptanceStep"]) -> list[HistoryEntry]:
    """The steps newest first."""
    return [
        HistoryEntry(
            step.label,
            step.actor_name,
            step.actor.office.name,
            step.at,
            step.comment,
            *_STEP_MARKS.get(AcceptanceAction(step.action), ("danger", "arrow-return-left")),
        )
        for step in reversed(steps)
    ]


def consequences_of(acceptance: "Acceptance", action: AcceptanceAction) -> list[str]:
    """What follows from a step."""
    pilot = acceptance.pilot
    city = pilot.reviewing_office.short_name
    if action == AcceptanceAction.DECIDE:
        day = f"，整改期限{chinese_date(acceptance.rectify_by)}" if acceptance.rectify_by else ""
        return [
            f"拟定结论：{acceptance.get_outcome_display()}{day}。",
            f"理由：{acceptance.reasons}",
            "结论以正式公文编号公布，送县级和市级，试点状态随之变更。",
        ]
    said: dict[AcceptanceAction, list[str]] = {
        AcceptanceAction.SUBMIT: [f"报{city}受理。受理之前可以撤回，受理后内容锁定。"],
        AcceptanceAction.RECALL: ["撤回后可以继续修改，改好后重新报送。"],
        AcceptanceAction.ACCEPT: ["受理后县级不能再撤回，内容锁定。"],
        AcceptanceAction.APPROVE: [f"转{PROVINCE}组织答辩、现场核查和专家评议。"],
    }
    back = ["县级可以修改全部内容，须在改正期限前重新报送，再经市级审核。"]
    return said.get(action, back)


_SHEET_TONES = {
    SheetState.ASSIGNED: "warning",
    SheetState.CONFLICTED: "neutral",
    SheetState.GIVEN: "success",
}


def opinion_badge(opinion: "AcceptanceOpinion") -> Badge:
    """Where an expert's opinion stands."""
    return Badge(opinion.get_state_display(), _SHEET_TONES[SheetState(opinion.state)])


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
        event.actor_name,
        actor.office.name,
        event.at,
        "\n".join(words),
        tone,
        icon,
    )


def open_acts(pilot: "Pilot") -> list[PilotAct]:
    """What the province may do to the term now."""
    return [act for act, sources in TERM_ACTS.items() if pilot.state in sources]
