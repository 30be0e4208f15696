"""What the people of the programme write, by the character of their county; the texts are data."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

from applications.rules.materials import Step, Task
from county_portal.common.province_files import read_province_json

MONTHS = 12


@cache
def load_words() -> Mapping[str, Any]:
    """The whole file, read once."""
    return read_province_json("demo/pilot-words.json")


def said(*path: str) -> str:
    """One text by its place in the file."""
    found: Any = load_words()
    for key in path:
        found = found[key]
    return str(found)


def one_of(place: int, *path: str) -> str:
    """One of several texts, in turn."""
    found: Any = load_words()
    for key in path:
        found = found[key]
    return str(found[place % len(found)])


def plan_text(character: str, section: str, fields: Mapping[str, object]) -> str:
    """A section of a plan."""
    return said("characters", character, section).format(**fields)


def plan_tasks(character: str, year: int) -> Sequence[Task]:
    """The key tasks of a plan whose first year is `year`."""
    words = load_words()
    return [
        _task(kind, words["tasks"][kind], year) for kind in words["characters"][character]["tasks"]
    ]


def _task(kind: str, entry: Mapping[str, Any], year: int) -> Task:
    steps = [
        Step(name, date(year + first, from_month, 1), _end_of(year + last, to_month))
        for name, first, from_month, last, to_month in entry["steps"]
    ]
    return Task(kind, entry["goal"], list(entry["units"]), steps)


def _end_of(year: int, month: int) -> date:
    following = date(year + month // MONTHS, month % MONTHS + 1, 1)
    return following - timedelta(days=1)
