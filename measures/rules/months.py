"""Months of a ledger: which are over, due, late. A month is the date of its first day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from county_portal.common import clock
from county_portal.common.text import chinese_date

_MONTHS = 12


def month_of(day: date) -> date:
    """The month a day lies in."""
    return day.replace(day=1)


def shifted(month: date, by: int) -> date:
    """So many months later, or earlier."""
    place = month.year * _MONTHS + month.month - 1 + by
    return date(place // _MONTHS, place % _MONTHS + 1, 1)


def months_apart(first: date, last: date) -> int:
    """Months from the one to the other; negative where the first is the later."""
    return (last.year - first.year) * _MONTHS + last.month - first.month


def due_on(month: date, due_day: int) -> date:
    """Until when a month is to be reported: a day of the next."""
    return shifted(month, 1).replace(day=due_day)


def closes_at(month: date, due_day: int) -> datetime:
    """The instant after which what is entered no longer belongs to that month's report."""
    return datetime.combine(
        due_on(month, due_day) + timedelta(days=1), time.min, tzinfo=clock.BEIJING
    )


def month_words(month: date) -> str:
    """2026年3月."""
    return chinese_date(month).rpartition("月")[0] + "月"


@dataclass(frozen=True, slots=True)
class Span:
    """The days a unit answers for a measure, both included; `last` None while no end is set."""

    first: date
    last: date | None = None

    def months(self, through: date) -> Iterator[date]:
        """Months it answers for, up to and with `through`."""
        last = min(through, month_of(self.last)) if self.last else through
        month = month_of(self.first)
        while month <= last:
            yield month
            month = shifted(month, 1)


def months_over(span: Span, today: date) -> list[date]:
    """Months that have ended."""
    return list(span.months(shifted(month_of(today), -1)))


def months_late(span: Span, due_day: int, today: date) -> list[date]:
    """Months whose day has passed."""
    return [month for month in months_over(span, today) if due_on(month, due_day) < today]
