"""Who is due a reminder, and who was told of what is overdue."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from county_portal.common import clock
from county_portal.notices.models import Notice
from indicators.enums import EDITABLE, CollectionState, SubmissionState
from indicators.models import Collection, Submission
from indicators.rules.reminders import crossed_on, is_crossed

REVIEWING = (SubmissionState.SUBMITTED, SubmissionState.CITY_REVIEW)


def list_held(collections: Iterable[Collection], today: date) -> QuerySet[Submission]:
    """Sheets a county or a city has in hand and may still move; one query.

    Of a closed collection only those of counties that were opened late.
    """
    return (
        Submission.objects.filter(collection__in=[row.pk for row in collections])
        .filter(state__in=[*EDITABLE, *REVIEWING])
        .filter(Q(collection__state=CollectionState.OPEN) | Q(late_until__gte=today))
        .select_related("collection", "region", "reviewing_office")
        .order_by("reviewing_office__order", "region__code")
    )


def counted_from(submission: Submission) -> date:
    """From when lateness counts: the due day, or the day the sheet was handed over if that was later."""
    handed = timezone.localtime(submission.state_since, clock.BEIJING).date()
    return max(submission.due_on, handed)


# --- keys: one telling each ----------------------------------------------------------------------


def before_key(submission: Submission, step: int) -> str:
    """The reminder of a county so many days before its day."""
    return f"remind:{submission.public_id}:{submission.due_on.isoformat()}:{step}"


def late_key(submission: Submission) -> str:
    """The county's own notice that its day has passed."""
    return f"late:{submission.public_id}:{counted_from(submission).isoformat()}"


def office_key(collection: Collection, office_id: int, on: date) -> str:
    """What a city is told on a day of its late counties or of its own late reviews."""
    return f"late-city:{collection.public_id}:{office_id}:{on.isoformat()}"


def province_key(collection: Collection, on: date) -> str:
    """What the province is told on a day of a collection, once for all counties."""
    return f"late-province:{collection.public_id}:{on.isoformat()}"


def told_on(prefix: str) -> list[date]:
    """Days on which something whose key ends with the day was told, oldest first."""
    keys = Notice.objects.filter(key__startswith=prefix).values_list("key", flat=True).distinct()
    return sorted(date.fromisoformat(key.rpartition(":")[2]) for key in keys)


# --- what a page says ----------------------------------------------------------------------------


def reminder_words(collection: Collection, overdue: Sequence[Submission]) -> dict[int, str]:
    """For each overdue submission what has been told of it and to whom; three queries."""
    first = dict(
        Notice.objects.filter(key__in=[late_key(row) for row in overdue])
        .values_list("key")
        .annotate(at=Min("created_at"))
    )
    city = city_days(collection)
    province = told_on(f"late-province:{collection.public_id}:")
    return {row.pk: _words(row, first, city, province) for row in overdue}


def city_days(collection: Collection) -> dict[int, list[date]]:
    """Days on which each reviewing office was told of what is overdue, by its key."""
    prefix = f"late-city:{collection.public_id}:"
    keys = Notice.objects.filter(key__startswith=prefix).values_list("key", flat=True).distinct()
    days: dict[int, list[date]] = {}
    for key in keys:
        _, _, office, day = key.split(":")
        days.setdefault(int(office), []).append(date.fromisoformat(day))
    return days


def _words(
    row: Submission,
    first: Mapping[str, datetime],
    city: Mapping[int, Sequence[date]],
    province: Sequence[date],
) -> str:
    own_days, county_days, province_days = row.collection.escalate_after
    counted = counted_from(row)
    own = first.get(late_key(row))
    parts = []
    if own:
        parts.append(f"{_day(timezone.localtime(own, clock.BEIJING).date())}已提醒县级")
    is_city_turn = row.state in REVIEWING
    threshold = own_days if is_city_turn else county_days
    at_city = _first_from(city.get(row.reviewing_office_id, ()), crossed_on(counted, threshold))
    if at_city:
        parts.append(f"{_day(at_city)}已{'提醒' if is_city_turn else '上报'}市级")
    at_province = _first_from(province, crossed_on(counted, province_days))
    if at_province:
        parts.append(f"{_day(at_province)}已上报省级")
    return "；".join(parts) or "尚未提醒"


def _first_from(days: Iterable[date], start: date) -> date | None:
    return min((day for day in days if day >= start), default=None)


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


@dataclass(frozen=True, slots=True)
class LateGroup:
    """Submissions of one collection that have crossed a threshold."""

    collection: Collection
    rows: Sequence[Submission]
    newest: date


def late_group(rows: Iterable[Submission], days: int, today: date) -> LateGroup | None:
    """Those for which so many days have passed, and when the last of them did."""
    late = [row for row in rows if is_crossed(today, counted_from(row), days)]
    if not late:
        return None
    newest = max(crossed_on(counted_from(row), days) for row in late)
    return LateGroup(late[0].collection, late, newest)
