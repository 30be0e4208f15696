"""Tones of progress reports for pages; no queries and no rules."""

from django import template

from reports.enums import ProgressState

register = template.Library()

# State -> (tone, icon) of its badge.
MARKS = {
    ProgressState.DRAFT: ("neutral", "pencil-square"),
    ProgressState.SUBMITTED: ("warning", "send"),
    ProgressState.CITY_REVIEW: ("warning", "hourglass-split"),
    ProgressState.RETURNED: ("danger", "arrow-return-left"),
    ProgressState.PROVINCE_REVIEW: ("info", "send-check"),
    ProgressState.RECEIVED: ("success", "check-circle-fill"),
}


@register.filter
def progress_tone(state: str) -> str:
    """Tone of a report's state."""
    return MARKS[ProgressState(state)][0]


@register.filter
def progress_icon(state: str) -> str:
    """Icon of a report's state."""
    return MARKS[ProgressState(state)][1]
