"""Whose turn it is with an application, since when, until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from applications.enums import ApplicationState
from applications.models import Application
from applications.selectors.applications import why_not_applying
from applications.selectors.rounds import recommended_ids
from county_portal.accounts.roles import Level

_S = ApplicationState
_PROVINCE = "省科技厅"


@dataclass(frozen=True, slots=True)
class Turn:
    """`who` is an office with what it has to do, blank when nothing is left to do."""

    who: str
    since: datetime
    until: date | None = None
    note: str = ""
    level: Level | None = None


def turn_of(application: Application, *, is_recommended: bool | None = None) -> Turn:
    """The turn, with the reason where the county's time is over.

    `is_recommended` says whether a letter that holds speaks of it; asked for (one query) where it matters and
    is not given.
    """
    state, since = _S(application.state), application.state_since
    city, city_due_on = application.reviewing_office.name, application.round.city_due_on
    if state in _COUNTY_WORDS:
        refusal = why_not_applying(application)
        note = refusal.sentence if refusal else _extension(application)
        who = application.office.name + _COUNTY_WORDS[state]
        return Turn(who, since, application.due_on, note, Level.COUNTY)
    if state in _CITY_WORDS:
        return Turn(city + _CITY_WORDS[state], since, city_due_on, level=Level.CITY)
    if state == _S.REVIEWED:
        if is_recommended is None:
            is_recommended = application.pk in recommended_ids([application])
        if not is_recommended:
            return Turn(f"{city}排序、出具推荐函", since, city_due_on, level=Level.CITY)
        return Turn(f"{_PROVINCE}形式审查", since, level=Level.PROVINCE)
    if state == _S.ADMITTED:
        return Turn(f"{_PROVINCE}评审", since, level=Level.PROVINCE)
    return Turn("", since)


_COUNTY_WORDS = {
    _S.DRAFT: "编制",
    _S.RETURNED: "修改",
    _S.GOVERNMENT: "登记县政府审议情况",
    _S.READY: "报送",
}
_CITY_WORDS = {_S.SUBMITTED: "受理", _S.CITY_REVIEW: "审核"}


def turns_of(applications: Iterable[Application]) -> dict[int, Turn]:
    """The turn of each; one query for all."""
    rows = list(applications)
    recommended = recommended_ids([row for row in rows if row.state == _S.REVIEWED])
    return {row.pk: turn_of(row, is_recommended=row.pk in recommended) for row in rows}


def _extension(application: Application) -> str:
    if application.extended_to is None:
        return ""
    return f"已延期，原因：{application.extension_reason}"
