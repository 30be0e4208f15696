"""Working days, by the week and the calendar of days off."""

from datetime import date, timedelta

from county_portal.accounts.models import CalendarDay, DayKind
from county_portal.common import clock

_SATURDAY = 5


def list_calendar(year: int) -> list[CalendarDay]:
    """The days of a year that are not what the week says, in order."""
    return list(CalendarDay.objects.filter(day__year=year))


def calendar_years() -> list[int]:
    """Years that have such days, latest first."""
    return [day.year for day in CalendarDay.objects.dates("day", "year", order="DESC")]


def working_day(count: int, start: date | None = None) -> date:
    """The `count`-th working day after `start` (today); before it for a negative count; one query.

    A year nobody has entered counts by the week alone.
    """
    start = start or clock.today()
    if count == 0:
        return start
    step = timedelta(days=1 if count > 0 else -1)
    reach = (abs(count) * 3 + 40) * step
    first, last = sorted((start, start + reach))
    known = dict(CalendarDay.objects.filter(day__range=(first, last)).values_list("day", "kind"))
    day, left = start, abs(count)
    for _ in range(abs(reach.days)):
        day += step
        left -= is_working(day, known)
        if left == 0:
            return day
    raise OverflowError(count)


def is_working(day: date, known: dict[date, str]) -> bool:
    """Whether a day is worked, by the calendar's `known` days, else by the week."""
    kind = known.get(day)
    return day.weekday() < _SATURDAY if kind is None else kind == DayKind.WORK
