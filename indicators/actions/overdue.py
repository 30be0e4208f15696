"""What pilots owe past its day goes up step by step: their cities hear of it, then the province, of each step once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from county_portal.notices.actions import Message
from indicators.actions.telling import Address, name_some
from indicators.notifications import Side
from indicators.rules.reminders import crossed_on, is_crossed


@dataclass(frozen=True, slots=True)
class Owed:
    """Something awaited from a county, or from its city once the county has handed it in."""

    name: str
    city_id: int
    is_at_city: bool
    due_on: date


@dataclass(frozen=True, slots=True)
class OverdueWords:
    """What a notice says, and how it is known again: keys begin with `key` and hold `scope`, such as a year.

    `after` are the days past due on which county, city and province hear of it, in this order.
    """

    kind: str
    key: str
    scope: tuple[str, ...]
    title: str
    path: str
    after: tuple[int, int, int]


def tell_above(owed: Iterable[Owed], words: OverdueWords, today: date) -> Iterator[Address]:
    """One notice a city, for what its counties and for what it owes itself; and one for the province.

    Told again when more cross the line.
    """
    rows = sorted(owed, key=lambda row: row.city_id)
    for office, group in groupby(rows, key=lambda row: row.city_id):
        yield from _of_city(office, list(group), words, today)
    days = words.after[2]
    late = _late(rows, days, today)
    if late:
        title = f"{words.title}：{len(late)}个试点逾期{days}天以上"
        yield Address(Side.PROVINCE, None, _message(words, ("province",), title, late, days))


def _of_city(
    office: int, rows: Sequence[Owed], words: OverdueWords, today: date
) -> Iterator[Address]:
    own, counties, _ = words.after
    for is_at_city, who, verb, days in (
        (False, "county", "未报", counties),
        (True, "review", "未审", own),
    ):
        late = _late([row for row in rows if row.is_at_city == is_at_city], days, today)
        if late:
            title = f"{words.title}：{len(late)}个试点逾期{verb}"
            parts = ("city", who, str(office))
            yield Address(Side.CITY, office, _message(words, parts, title, late, days))


def _late(rows: Iterable[Owed], days: int, today: date) -> list[Owed]:
    return [row for row in rows if is_crossed(today, row.due_on, days)]


def _message(
    words: OverdueWords, parts: Sequence[str], title: str, late: Sequence[Owed], days: int
) -> Message:
    """With the day the last of them crossed the line in its key, by which a later notice is another."""
    newest = max(crossed_on(row.due_on, days) for row in late).isoformat()
    first, *rest = parts
    key = ":".join((f"{words.key}-{first}", *rest, *words.scope, newest))
    return Message(key, words.kind, title, name_some([row.name for row in late]), words.path)
