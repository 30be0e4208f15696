"""A year of the grading room in words: its steps with where they lead. No rows, no request."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse

from county_portal.common.components import Step, Turn
from scoring.enums import ListState, RunState, StudyState
from scoring.selectors.room import YearInRoom, turn_of

if TYPE_CHECKING:
    from county_portal.accounts.models import Region

_NAMES = ("采集审核", "评价", "稳健性", "复核临界县", "名单", "申诉")


@dataclass(frozen=True, slots=True)
class RoomYear:
    """What the page shows of a year."""

    year: YearInRoom
    turn: Turn
    steps: list[Step]
    waiting: "Sequence[Region]"  # boundary counties that keep the list back


def room_year(year: YearInRoom, *, may_collect: bool) -> RoomYear:
    """Steps up to where it stands; what lies before the place is done."""
    turn = turn_of(year)
    is_published = bool(year.published and year.published.state == ListState.PUBLISHED)
    is_studied = bool(year.study and year.study.state == StudyState.COMPLETE)
    is_graded = year.graded is not None and not _is_running(year)
    done = [
        is_graded or not year.unreviewed,
        is_graded,
        # A list published before studies were asked for had none.
        is_published or is_studied,
        is_published or (is_studied and not year.boundary.open),
        is_published,
        is_published and turn.who == "",
    ]
    here = next((place for place, over in enumerate(done) if not over), len(done))
    notes, urls = _notes(year), _urls(year, may_collect=may_collect)
    steps = [
        Step(name, "done" if over else "current" if place == here else "todo", note, url)
        for place, (name, over, note, url) in enumerate(zip(_NAMES, done, notes, urls, strict=True))
    ]
    waiting = () if is_published else year.boundary.waiting
    return RoomYear(year, turn, steps, waiting)


def _is_running(year: YearInRoom) -> bool:
    return bool(year.run and year.run.state == RunState.QUEUED)


def _notes(year: YearInRoom) -> list[str]:
    classes = "、".join(f"{name}类{count}" for name, count in year.classes)
    study = year.study.get_state_display() if year.study else ""
    cases = year.boundary
    return [
        f"{year.reviewed}/{year.submissions}",
        classes or (year.run.get_state_display() if year.run else ""),
        study,
        f"{cases.reviewed}/{cases.cases}" if cases.cases else "",
        year.published.get_state_display() if year.published else "",
        f"在办{year.open_appeals}件" if year.open_appeals else "",
    ]


def _urls(year: YearInRoom, *, may_collect: bool) -> list[str]:
    run, published = year.run, year.published
    study = _address("scoring:robustness", year.graded.public_id) if year.graded else ""
    return [
        _address("indicators:collection", year.collection.public_id) if may_collect else "",
        _address("scoring:run", run.public_id) if run else "",
        study,
        study if year.boundary.cases else "",
        _address("scoring:list", published.public_id) if published else "",
        _address("scoring:appeals") if year.appeals else "",
    ]


def _address(name: str, *args: object) -> str:
    """The page, or nothing: one that is missing must not take the room with it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
