"""Tones and signs of standings, and months in words; no queries and no rules."""

from datetime import date

from django import template

from measures.enums import Standing
from measures.rules.months import month_words

register = template.Library()

# Standing -> (tone, icon) of its badge.
MARKS = {
    Standing.NOT_STARTED: ("neutral", "circle"),
    Standing.UNDER_WAY: ("info", "play-circle"),
    Standing.LAGGING: ("danger", "exclamation-triangle-fill"),
    Standing.ADJUSTED: ("warning", "pencil-square"),
    Standing.DONE: ("success", "check-circle-fill"),
    Standing.ENDED: ("neutral", "slash-circle"),
}


@register.filter
def standing_tone(state: str) -> str:
    """Tone of a standing."""
    return MARKS[Standing(state)][0]


@register.filter
def standing_icon(state: str) -> str:
    """Icon of a standing."""
    return MARKS[Standing(state)][1]


@register.filter
def standing_label(state: str) -> str:
    """A standing in words."""
    return str(Standing(state).label)


@register.filter
def month(value: date | None) -> str:
    """2026年3月; nothing for none."""
    return month_words(value) if value else ""
