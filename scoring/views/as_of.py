"""Pages of results as of a day: which day was asked for, what held then, and the way back to today."""

from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import HttpRequest

from county_portal.common import clock
from county_portal.common.errors import Refused
from county_portal.common.text import chinese_date
from scoring.rules import read_past_day
from scoring.selectors.as_of import list_held_on, run_held_on
from scoring.selectors.lists import replaced_by
from scoring.selectors.runs import get_run

if TYPE_CHECKING:
    from county_portal.accounts.requests import AuthenticatedRequest
    from scoring.models import GradingRun, PublishedList

FIELD = "as_of"


@dataclass(frozen=True, slots=True)
class AsOf:
    """What the banner says and the field of the day holds; without a day the page is today's."""

    day: date | None
    latest: date
    today_url: str
    text: str = ""


def asked_day(request: HttpRequest) -> date | None:
    """The day in the address. Raises Invalid for nonsense and for the future."""
    return read_past_day(request.GET.get(FIELD, ""), clock.today())


def as_of(request: HttpRequest, text: str = "") -> AsOf:
    """For the banner and the field; `text` says what held on the day."""
    return AsOf(asked_day(request), clock.today(), request.path, text)


def list_of_day(request: HttpRequest, row: "PublishedList") -> tuple["PublishedList", AsOf]:
    """The version of the same year's list in force on the day asked for; 404 in words before the first."""
    day = asked_day(request)
    if day is None:
        return row, as_of(request)
    held = list_held_on(row.collection, day)
    if held is None:
        raise _nothing_yet(day, f"{row.collection.data_year}年度名单尚未公布")
    return held, as_of(request, _list_words(held))


def _list_words(held: "PublishedList") -> str:
    words = f"当日有效的是{held.document_number}（第{held.version}版，{_day(held)}公布）"
    later = replaced_by(held)
    return f"{words}；该版后于{_day(later)}更正。" if later else f"{words}，今天仍然有效。"


def _day(row: "PublishedList") -> str:
    published_at = row.published_at
    assert published_at is not None  # noqa: S101 -- a published list has one
    return chinese_date(clock.day_of(published_at))


def run_of_day(request: "AuthenticatedRequest", row: "GradingRun") -> tuple["GradingRun", AsOf]:
    """The run whose results held on the day asked for; 404 in words before the first."""
    day = asked_day(request)
    if day is None:
        return row, as_of(request)
    held = run_held_on(row.collection, day)
    if held is None:
        raise _nothing_yet(day, f"{row.collection.data_year}年度还没有完成的评价")
    published = list_held_on(row.collection, day)
    words = (
        f"当日有效的是第{held.number}次评价的结果。{_list_words(published)}"
        if published
        else f"当日最近完成的是第{held.number}次评价，名单尚未公布。"
    )
    return get_run(request.user, held.public_id), as_of(request, words)


def _nothing_yet(day: date, what: str) -> Refused:
    return Refused(
        "nothing_held_then",
        f"截至{chinese_date(day)}，{what}，请改选更晚的日期，或查看今天的结果。",
        HTTPStatus.NOT_FOUND,
    )
