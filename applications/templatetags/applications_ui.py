"""Tones and signs of rounds, applications and pilots for pages; no queries and no rules."""

from django import template

from applications.enums import ApplicationState, PilotState, RoundState
from applications.rules.materials import row_number

register = template.Library()

# State -> (tone, icon) of its badge.
ROUND_MARKS = {
    RoundState.DRAFT: ("neutral", "pencil-square"),
    RoundState.OPEN: ("info", "play-circle"),
    RoundState.CLOSED: ("warning", "lock-fill"),
    RoundState.DECIDED: ("success", "check-circle-fill"),
}
APPLICATION_MARKS = {
    ApplicationState.DRAFT: ("neutral", "pencil-square"),
    ApplicationState.GOVERNMENT: ("warning", "building"),
    ApplicationState.READY: ("warning", "send"),
    ApplicationState.SUBMITTED: ("warning", "inbox"),
    ApplicationState.CITY_REVIEW: ("warning", "hourglass-split"),
    ApplicationState.RETURNED: ("danger", "arrow-return-left"),
    ApplicationState.REVIEWED: ("info", "check-lg"),
    ApplicationState.NOT_RECOMMENDED: ("neutral", "slash-circle"),
    ApplicationState.ADMITTED: ("info", "clipboard-check"),
    ApplicationState.SELECTED: ("success", "award"),
    ApplicationState.NOT_SELECTED: ("neutral", "dash-circle"),
}
PILOT_MARKS = {
    PilotState.ACTIVE: ("info", "play-circle"),
    PilotState.SUSPENDED: ("warning", "pause-circle"),
    PilotState.WITHDRAWN: ("neutral", "slash-circle"),
    PilotState.RECTIFYING: ("warning", "exclamation-triangle-fill"),
    PilotState.ACCEPTED: ("success", "patch-check-fill"),
    PilotState.FAILED: ("danger", "x-circle-fill"),
}


register.filter("row_number", row_number)


@register.filter
def round_tone(state: str) -> str:
    """Tone of a round's state."""
    return ROUND_MARKS[RoundState(state)][0]


@register.filter
def round_icon(state: str) -> str:
    """Icon of a round's state."""
    return ROUND_MARKS[RoundState(state)][1]


@register.filter
def application_tone(state: str) -> str:
    """Tone of an application's state."""
    return APPLICATION_MARKS[ApplicationState(state)][0]


@register.filter
def application_icon(state: str) -> str:
    """Icon of an application's state."""
    return APPLICATION_MARKS[ApplicationState(state)][1]


@register.filter
def pilot_tone(state: str) -> str:
    """Tone of a pilot's state."""
    return PILOT_MARKS[PilotState(state)][0]


@register.filter
def pilot_icon(state: str) -> str:
    """Icon of a pilot's state."""
    return PILOT_MARKS[PilotState(state)][1]
