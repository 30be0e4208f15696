"""The calendar of days off: a year's notice of the State Council, entered as a whole."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from county_portal.accounts.models import CalendarDay, DayKind, User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.common.errors import Invalid, NotAllowed

_LINE = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:\s*(?:至|~|—)\s*(\d{4}-\d{2}-\d{2}))?\s+(放假|上班|调休上班)\s*(.*)"
)
_KINDS = {"放假": DayKind.OFF, "上班": DayKind.WORK, "调休上班": DayKind.WORK}
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class TypedDay:
    """A day that is not what its place in the week says."""

    day: date
    kind: DayKind
    name: str


def read_days(year: int, text: str) -> list[TypedDay]:
    """The days of lines like 2026-10-01至2026-10-07 放假 国庆节.

    Raises Invalid `calendar_lines` naming each line that cannot be read, a day of another year, or one twice.
    """
    days: dict[date, TypedDay] = {}
    problems = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            found = _days_of(line.strip())
        except ValueError:
            problems.append(f"第{number}行“{line.strip()[:30]}”不能识别")
            continue
        for each in found:
            if each.day.year != year:
                problems.append(f"第{number}行的{each.day:%Y-%m-%d}不在{year}年")
            elif each.day in days:
                problems.append(f"第{number}行的{each.day:%Y-%m-%d}重复")
            days[each.day] = each
    if problems or not days:
        said = "；".join(problems[:5]) or "没有填写任何日期"
        raise Invalid(
            "calendar_lines",
            f"{said}。请按“2026-10-01至2026-10-07 放假 国庆节”的格式，一行一段，改正后保存。",
            "text",
        )
    return [days[day] for day in sorted(days)]


def _days_of(line: str) -> list[TypedDay]:
    found = _LINE.fullmatch(line)
    if found is None:
        raise ValueError(line)
    first = date.fromisoformat(found[1])
    last = date.fromisoformat(found[2]) if found[2] else first
    length = (last - first).days
    longest = 31
    name = found[4].strip()
    if not 0 <= length < longest or len(name) > _LONGEST_NAME:
        raise ValueError(line)
    return [
        TypedDay(first + timedelta(days=step), _KINDS[found[3]], name) for step in range(length + 1)
    ]


@transaction.atomic
def replace_year(*, actor: User, year: int, days: Sequence[TypedDay], source: str) -> int:
    """Put a year's days in the place of those it had; deadlines that stand are not moved by it.

    Raises Invalid `source_missing`.
    """
    if not actor.holds(Permission.MANAGE_CALENDAR):
        raise NotAllowed
    if not source.strip():
        raise Invalid("source_missing", "请填写依据的通知文号。", "source")
    before = CalendarDay.objects.filter(day__year=year)
    had = before.count()
    before.delete()
    CalendarDay.objects.bulk_create(
        [CalendarDay(day=each.day, kind=each.kind, name=each.name, source=source) for each in days]
    )
    listed = [f"{each.day:%Y-%m-%d} {each.kind}" for each in days]
    detail = {"year": year, "days": [had, len(days)], "source": source, "listed": listed}
    record(actor, Entry("replace_calendar", "calendar", str(year), detail))
    return len(days)
