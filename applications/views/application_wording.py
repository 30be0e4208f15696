"""What pages say of an application: whose turn, how far, what each step leads to. No rows, no request."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from applications.enums import ApplicationAction, ApplicationState, RoundState
from applications.rules.times import applying_refusal
from applications.selectors.applications import time_of
from applications.views.round_words import Crumbs, office_crumbs
from county_portal.common.components import HistoryEntry, Step, Turn
from county_portal.common.text import chinese_date
from county_portal.common.workflow import Transition
from indicators.views.wording import PROVINCE, Button

if TYPE_CHECKING:
    from applications.models import Application, ApplicationStep

_A, _S = ApplicationAction, ApplicationState

# Whose turn, where it is the county's: what its bureau has to do.
_COUNTY_TURNS: Mapping[str, str] = {
    _S.DRAFT: "编制申报材料",
    _S.RETURNED: "按要求改正",
    _S.GOVERNMENT: "提请县政府审议并登记",
    _S.READY: "报送",
}
_ENDED: Mapping[str, str] = {
    _S.NOT_RECOMMENDED: "本批次未获推荐。",
    _S.SELECTED: "已确定为创新型试点。",
    _S.NOT_SELECTED: "本批次未入选。",
}
_SHUT_OUT = "本批次名单已经公布，本件没有推荐到省，不再办理。"


def turn_of(application: "Application", *, is_recommended: bool = False) -> Turn:
    """The turn; `is_recommended`: a letter of recommendation holds, so that the province is next."""
    state, since = ApplicationState(application.state), application.state_since
    if application.round.state == RoundState.DECIDED and state not in _ENDED:
        return Turn("", since, None, _SHUT_OUT)
    if state in _COUNTY_TURNS:
        refusal = applying_refusal(time_of(application))
        note = refusal.sentence if refusal else _more_time(application)
        who = f"{application.office.name}{_COUNTY_TURNS[state]}"
        return Turn(who, since, application.due_on, note)
    city, due_on = application.reviewing_office.name, application.round.city_due_on
    if state == _S.REVIEWED and is_recommended:
        return Turn(f"{PROVINCE}形式审查", since, None)
    at_city = {_S.SUBMITTED: "受理", _S.CITY_REVIEW: "审核", _S.REVIEWED: "出具推荐函"}
    if state in at_city:
        return Turn(f"{city}{at_city[state]}", since, due_on)
    if state == _S.ADMITTED:
        return Turn(f"{PROVINCE}评审", since, None)
    return Turn("", since, None, _ENDED[state])


def _more_time(application: "Application") -> str:
    if application.extended_to is None or application.extended_to < application.due_on:
        return ""
    return f"已延期：{application.extension_reason}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended, and why, as the county is told."""

    reasons: str
    tone: str


_OUTCOMES: Mapping[str, tuple[ApplicationAction, str]] = {
    _S.NOT_RECOMMENDED: (_A.LEAVE_OUT, "warning"),
    _S.SELECTED: (_A.SELECT, "success"),
    _S.NOT_SELECTED: (_A.REFUSE, "neutral"),
}


def outcome_of(application: "Application", steps: Iterable["ApplicationStep"]) -> Outcome | None:
    """The decision with the reasons it was given; None while nothing is decided."""
    state = ApplicationState(application.state)
    if state not in _OUTCOMES:
        return None
    action, tone = _OUTCOMES[state]
    reasons = [step.comment for step in steps if step.action == action]
    return Outcome(reasons[-1] if reasons else "", tone)


_STEPS = ("编制材料", "县政府审议", "县级报送", "市级审核推荐", "省级评审", "公布结果")
# How many of the steps lie behind, by state.
_BEHIND: Mapping[str, int] = {
    _S.DRAFT: 0,
    _S.RETURNED: 0,
    _S.GOVERNMENT: 1,
    _S.READY: 2,
    _S.SUBMITTED: 3,
    _S.CITY_REVIEW: 3,
    _S.REVIEWED: 3,
    _S.NOT_RECOMMENDED: 3,
    _S.ADMITTED: 4,
    _S.SELECTED: 6,
    _S.NOT_SELECTED: 6,
}


def steps_of(application: "Application", *, is_recommended: bool = False) -> list[Step]:
    """How far the application has come."""
    state = ApplicationState(application.state)
    behind = _BEHIND[state] + (state == _S.REVIEWED and is_recommended)
    here = "returned" if state in {_S.RETURNED, _S.NOT_RECOMMENDED} else "current"
    notes = {
        0: application.office.short_name,
        3: application.reviewing_office.short_name,
        4: PROVINCE,
    }
    if state in _ENDED:
        notes[behind - 1 if state != _S.NOT_RECOMMENDED else behind] = _ENDED[state].rstrip("。")
    return [
        Step(
            label,
            "done" if place < behind else here if place == behind else "todo",
            notes.get(place, ""),
        )
        for place, label in enumerate(_STEPS)
    ]


_STEP_MARKS: Mapping[str, tuple[str, str]] = {
    _A.FINISH: ("info", "file-earmark-text"),
    _A.RESUME: ("neutral", "pencil-square"),
    _A.APPROVE_COUNTY: ("success", "patch-check"),
    _A.SUBMIT: ("info", "send"),
    _A.RECALL: ("neutral", "arrow-counterclockwise"),
    _A.ACCEPT: ("info", "lock-fill"),
    _A.APPROVE: ("success", "check-circle-fill"),
    _A.LEAVE_OUT: ("warning", "dash-circle"),
    _A.RECONSIDER: ("info", "arrow-counterclockwise"),
    _A.ADMIT: ("success", "check-circle-fill"),
    _A.SELECT: ("success", "flag-fill"),
    _A.REFUSE: ("neutral", "dash-circle"),
}


def history_of(steps: Iterable["ApplicationStep"]) -> list[HistoryEntry]:
    """The steps, newest first."""
    return [_entry(step) for step in reversed(list(steps))]


def _entry(step: "ApplicationStep") -> HistoryEntry:
    tone, icon = _STEP_MARKS.get(step.action, ("danger", "arrow-return-left"))
    actor = step.actor
    return HistoryEntry(
        step.label, step.actor_name, actor.office.name, step.at, step.comment, tone, icon
    )


# Where steps are taken: the county's each on a page of its own, the city's beside the materials it reviews.
_PAGES: Mapping[str, str] = {
    _A.FINISH: "applications:finish",
    _A.RESUME: "applications:resume",
    _A.APPROVE_COUNTY: "applications:approve_county",
    _A.SUBMIT: "applications:submit",
    _A.RECALL: "applications:recall",
    _A.ACCEPT: "applications:review",
    _A.APPROVE: "applications:review",
    _A.ADMIT: "applications:candidate",
}
_SECONDARY = {_A.RESUME, _A.RECALL}


def buttons_of(application: "Application", moves: Iterable[Transition]) -> list[Button]:
    """One button per step that has a page of its own, leading to where it is decided."""
    return [
        Button(
            move.label,
            reverse(_PAGES[move.action], args=[application.public_id]),
            move.action not in _SECONDARY,
        )
        for move in moves
        if move.action in _PAGES
    ]


def crumbs(application: "Application", *last: str) -> Crumbs:
    """The way from the application to a page about it."""
    own = reverse("applications:application", args=[application.public_id])
    name = f"{application.region.full_name}申报材料"
    return office_crumbs((name, own if last else None), *((label, None) for label in last))


@dataclass(frozen=True, slots=True)
class Decision:
    """What a step leads to, for the page on which it is decided."""

    title: str
    label: str
    consequences: list[str]
    done: str


def decision_of(application: "Application", action: ApplicationAction) -> Decision:
    """The words of a county's step that needs no input."""
    city = application.reviewing_office.name
    due = chinese_date(application.due_on)
    match action:
        case ApplicationAction.FINISH:
            return _finishing(city, due)
        case ApplicationAction.RESUME:
            return _resuming()
        case ApplicationAction.SUBMIT:
            return _submitting(city)
        case _:
            return _recalling(city, due)


def _finishing(city: str, due: str) -> Decision:
    return Decision(
        "定稿，提请县政府审议？",
        "确认定稿",
        [
            "定稿后各部分锁定，县政府审议的就是现在的内容。",
            "审议中如需修改，先“继续修改”，改后重新定稿、重新审议。",
            f"县政府审议通过并登记后，须于{due}前报送{city}。",
        ],
        "已定稿。县政府审议通过后，由负责人登记审议情况。",
    )


def _resuming() -> Decision:
    return Decision(
        "继续修改申报材料？",
        "继续修改",
        [
            "各部分重新开放修改，本次定稿作废。",
            "修改后须重新定稿，并重新登记县政府审议通过。",
        ],
        "可以继续修改。修改后请重新定稿并提请县政府审议。",
    )


def _submitting(city: str) -> Decision:
    return Decision(
        f"报送{city}？",
        "确认报送",
        [
            "报送的是县政府审议通过的内容，报送时留存一份副本。",
            f"{city}受理前可以撤回；受理后如需修改，由{city}退回。",
        ],
        f"已报送{city}。",
    )


def _recalling(city: str, due: str) -> Decision:
    return Decision(
        "撤回已报送的申报材料？",
        "撤回",
        [
            f"{city}不能再受理，直到重新报送。",
            f"内容不变可以直接重新报送；如需修改，先“继续修改”并重新审议。须于{due}前报送。",
        ],
        "已撤回。",
    )
