"""Words and tones of indicators for pages; no queries and no rules."""

from dataclasses import replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from django import template
from django.utils import timezone

from county_portal.common import clock
from county_portal.common.numbers import plain
from indicators.enums import Absence, CollectionState, SubmissionState, ValueStatus
from indicators.rules import CellFigure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from indicators.selectors import Change, Row

register = template.Library()

FOUR_PLACES = Decimal("0.0001")
# State -> (tone, icon) of its badge.
SUBMISSION_MARKS = {
    SubmissionState.DRAFT: ("neutral", "pencil-square"),
    SubmissionState.SUBMITTED: ("warning", "send"),
    SubmissionState.CITY_REVIEW: ("warning", "hourglass-split"),
    SubmissionState.RETURNED: ("danger", "arrow-return-left"),
    SubmissionState.PROVINCE_REVIEW: ("info", "send-check"),
    SubmissionState.ACCEPTED: ("success", "check-circle-fill"),
}
COLLECTION_MARKS = {
    CollectionState.DRAFT: ("neutral", "pencil-square"),
    CollectionState.OPEN: ("info", "play-circle"),
    CollectionState.CLOSED: ("success", "lock-fill"),
}


@register.filter
def submission_tone(state: str) -> str:
    """Tone of a submission's state."""
    return SUBMISSION_MARKS[SubmissionState(state)][0]


@register.filter
def submission_icon(state: str) -> str:
    """Icon of a submission's state."""
    return SUBMISSION_MARKS[SubmissionState(state)][1]


@register.filter
def submission_word(state: str) -> str:
    """A submission's state in words."""
    return str(SubmissionState(state).label)


_WORKBOOK_TONES = {"preview": "warning", "applied": "success", "refused": "danger"}


@register.filter
def workbook_tone(state: str) -> str:
    """Tone of an uploaded workbook's state."""
    return _WORKBOOK_TONES.get(state, "neutral")


@register.filter
def collection_tone(state: str) -> str:
    """Tone of a collection's state."""
    return COLLECTION_MARKS[CollectionState(state)][0]


@register.filter
def collection_icon(state: str) -> str:
    """Icon of a collection's state."""
    return COLLECTION_MARKS[CollectionState(state)][1]


@register.filter
def shown(number: Decimal | None) -> Decimal | None:
    """An unrounded ratio cut to what a reader can use; points are never computed from this."""
    return None if number is None else number.quantize(FOUR_PLACES, ROUND_HALF_UP)


@register.filter
def absence_word(absence: str) -> str:
    """缺报, 不适用 or 定性; 未填 where nothing was answered."""
    return str(Absence(absence).label) if absence else "未填"


@register.filter
def status_word(status: str) -> str:
    """How far a figure has been confirmed, in words."""
    return str(ValueStatus(status).label)


@register.filter
def of_line(by_line: "Mapping[str, Sequence[object]] | None", code: str) -> "Sequence[object]":
    """What belongs to a line, of a mapping by its code."""
    return (by_line or {}).get(code, ())


@register.filter
def figure_changes(change: "Change", line: "Row") -> list[str]:
    """What a line said before it was changed: its figure, its note, whichever differs."""
    before, now = change.before or CellFigure(), line.figure or CellFigure()
    words = []
    if replace(before, note="") != replace(now, note=""):
        words.append(f"原为{figure_words(before, line)}")
    if before.note != now.note:
        words.append(f"说明原为“{before.note}”" if before.note else "补充了说明")
    return words


@register.filter
def figure_phrase(figure: CellFigure | None, line: "Row") -> str:
    """A figure of the past in one phrase, its note included; 未填 for none."""
    if figure is None:
        return "未填"
    words = figure_words(figure, line)
    return f"{words}（说明：{figure.note}）" if figure.note else words


@register.filter
def hour(moment: datetime) -> str:
    """14:03."""
    return f"{timezone.localtime(moment):%H:%M}"


@register.filter
def saved_words(moment: datetime | None) -> str:
    """已保存 14:03, with the day before it unless it is today; blank leaves the plain word."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    if local.date() == clock.today():
        return f"已保存 {local:%H:%M}"
    return f"已保存 {local.month}月{local.day}日"


def figure_words(figure: CellFigure, line: "Row") -> str:
    """A figure in one phrase: the number with its unit, or the absence."""
    exact = figure.exact(line.spec.factor)
    if exact is None:
        return absence_word(figure.absence)
    words = f"{plain(shown(exact))}{line.spec.unit}"
    if figure.numerator is not None and figure.text:
        words += f"，填写的比率{figure.text}"
    return f"{words}（预测）" if figure.is_forecast else words
