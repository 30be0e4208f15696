"""Which years are reported, by when, and when people are told. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

# What opens after its day, a list published late or a pilot resumed, leaves so many days.
DAYS_AFTER_OPENING = 30
# What the city has after the common day, it is given so many days to pass on.
DAYS_TO_REVIEW = 10


@dataclass(frozen=True, slots=True)
class Timetable:
    """The month and day by which reports are due (S0 三(二): 每年3月底前), and days before and after it.

    `after` are the days past due on which county, city and province hear of it, in this order.
    """

    month: int
    day: int
    before: tuple[int, ...]
    after: tuple[int, int, int]

    def due_on(self, year: int, opened_on: date) -> date:
        """By when the report on `year` is to come."""
        regular = date(year + 1, self.month, self.day)
        return regular if opened_on <= regular else opened_on + timedelta(days=DAYS_AFTER_OPENING)


def review_due(due_on: date, since: date) -> date:
    """By when the city is to pass on what it has had since a day: the common day, unless it came after that."""
    return due_on if since <= due_on else since + timedelta(days=DAYS_TO_REVIEW)


def resumed_due(due_on: date, suspended_on: date, resumed_on: date) -> date:
    """By when a report is to come of a pilot that stood still: a day that fell into the pause moves behind it."""
    later = resumed_on + timedelta(days=DAYS_AFTER_OPENING)
    return max(due_on, later) if due_on >= suspended_on else due_on


def years_due(starts_on: date, ends_on: date, today: date) -> Iterable[int]:
    """Years of a term that are over: the report on a year opens on 1 January of the next."""
    return range(starts_on.year, min(ends_on.year, today.year - 1) + 1)
