"""The timetable of a collection: reminders before a day, and who is told after it county → city → province.

Every telling has a key of its own, so that a run may be repeated at will and catches up on days on which
none took place. There is no actor: the calendar tells.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.common.province import words
from county_portal.common.text import chinese_date
from county_portal.notices.actions import Message
from indicators.actions.monthly_reminders import of_months
from indicators.actions.telling import Address, deliver, name_some
from indicators.enums import EDITABLE, CollectionState
from indicators.models import Collection, Submission
from indicators.notifications import Side
from indicators.rules.reminders import is_crossed, step_before
from indicators.selectors import get_collection
from indicators.selectors.reminders import (
    before_key,
    city_days,
    counted_from,
    late_group,
    late_key,
    list_held,
    office_key,
    province_key,
    told_on,
)

BEFORE, LATE = "remind", "late"


@transaction.atomic
def send_reminders(on: date | None = None) -> int:
    """Tell what the timetable of `on` asks for and has not been told; returns how many notices were new."""
    today = on or clock.today()
    # Locked: two runs at once would both find nothing told yet, and record it twice.
    collections = _lock_collections(today)
    held = list(list_held(collections, today))
    addresses = [address for row in held for address in _of_county(row, today)]
    for collection in collections:
        rows = [row for row in held if row.collection_id == collection.pk]
        addresses += _of_cities(collection, rows, today)
        addresses += _of_province(collection, rows, today)
    return deliver([*addresses, *of_months(today)])


def _lock_collections(today: date) -> list[Collection]:
    late = Submission.objects.filter(late_until__gte=today).values("collection")
    return list(
        Collection.objects.filter(Q(state=CollectionState.OPEN) | Q(pk__in=late))
        .exclude(state=CollectionState.DRAFT)
        .select_for_update()
        .order_by("pk")
    )


def _of_county(row: Submission, today: date) -> Iterator[Address]:
    if row.state not in EDITABLE:
        return
    path = reverse("indicators:submission", args=[row.public_id])
    name, due_on = row.region.full_name, row.due_on
    step = step_before(today, due_on, row.collection.remind_before)
    # Whoever got the sheet today has just been told until when.
    if step is not None and clock.day_of(row.state_since) < today:
        left = (due_on - today).days
        when = f"还剩{left}天" if left else "今天截止"
        title = f"{name}填报表请于{chinese_date(due_on)}前提交（{when}）"
        yield Address(
            Side.COUNTY, row.office_id, Message(before_key(row, step), BEFORE, title, path=path)
        )
    if is_crossed(today, counted_from(row), row.collection.escalate_after[0]):
        title = f"{name}填报表已逾期（{chinese_date(due_on)}截止），请尽快与{words().province_office}联系"
        yield Address(Side.COUNTY, row.office_id, Message(late_key(row), LATE, title, path=path))


def _of_cities(
    collection: Collection, rows: Sequence[Submission], today: date
) -> Iterator[Address]:
    """One notice a city and day: its late counties, its own late reviews; and a reminder before its day."""
    after_own, after_county, _ = collection.escalate_after
    told = city_days(collection)
    by_office = sorted(rows, key=lambda row: row.reviewing_office_id)
    for office_id, held in groupby(by_office, key=lambda row: row.reviewing_office_id):
        own = list(held)
        counties = [row for row in own if row.state in EDITABLE]
        reviews = [row for row in own if row.state not in EDITABLE]
        yield from _before_review(collection, office_id, reviews, today)
        groups = [late_group(counties, after_county, today), late_group(reviews, after_own, today)]
        newest = max((group.newest for group in groups if group), default=None)
        if newest is None or max(told.get(office_id, [date.min])) >= newest:
            continue
        words = [
            f"{len(group.rows)}个县（市、区）逾期{verb}：{_names(group.rows)}"
            for group, verb in zip(groups, ("未报", "未审"), strict=True)
            if group
        ]
        title = f"{collection.title}：" + "，".join(word.partition("：")[0] for word in words)
        message = Message(
            office_key(collection, office_id, today),
            LATE,
            title,
            "\n".join(words),
            _listing(collection),
        )
        yield Address(Side.CITY, office_id, message)


def _before_review(
    collection: Collection, office_id: int, reviews: Sequence[Submission], today: date
) -> Iterator[Address]:
    due_days = sorted({row.due_on for row in reviews})
    for due_on in due_days:
        step = step_before(today, due_on, collection.remind_before)
        if step is None:
            continue
        count = sum(row.due_on == due_on for row in reviews)
        key = f"remind-city:{collection.public_id}:{office_id}:{due_on.isoformat()}:{step}"
        title = f"{collection.title}：还有{count}份填报表待审核，请于{chinese_date(due_on)}前完成"
        message = Message(key, BEFORE, title, path=_listing(collection))
        yield Address(Side.CITY, office_id, message)


def _of_province(
    collection: Collection, rows: Sequence[Submission], today: date
) -> Iterator[Address]:
    """One notice a collection and day, with the number and the way to the list: never one a county."""
    group = late_group(rows, collection.escalate_after[2], today)
    told = told_on(f"late-province:{collection.public_id}:")
    if group is None or (told and told[-1] >= group.newest):
        return
    title = f"{collection.title}：{len(group.rows)}个县（市、区）逾期{collection.escalate_after[2]}天以上"
    message = Message(
        province_key(collection, today), LATE, title, _names(group.rows), _listing(collection)
    )
    yield Address(Side.PROVINCE, None, message)


def _names(rows: Sequence[Submission]) -> str:
    return name_some([row.region.full_name for row in rows])


def _listing(collection: Collection) -> str:
    query = urlencode({"collection": collection.public_id, "state": "overdue"})
    return f"{reverse('indicators:submissions')}?{query}"


@dataclass(frozen=True, slots=True)
class Timetable:
    """Days before a day, and days after it for county, city and province."""

    before: Sequence[int]
    after: tuple[int, int, int]


@transaction.atomic
def set_timetable(*, actor: User, collection_id: UUID, timetable: Timetable) -> Collection:
    """Change when a collection's people are reminded; what was told stays told."""
    if not actor.holds(Permission.COLLECT):
        raise NotAllowed
    collection = get_collection(actor, collection_id, lock=True)
    if collection.state == CollectionState.CLOSED:
        raise Stale("collection_closed", "本次采集已截止，不再提醒，无需修改提醒安排。")
    if list(timetable.after) != sorted(set(timetable.after)):
        raise Invalid(
            "escalation_out_of_order",
            "逾期上报须依次为：县级、市级、省级，天数逐级增加。",
            "county",
        )
    before = [list(collection.remind_before), list(collection.escalate_after)]
    collection.remind_before = sorted(set(timetable.before), reverse=True)
    collection.escalate_after = list(timetable.after)
    collection.save(update_fields=["remind_before", "escalate_after"])
    detail = {"timetable": [before, [collection.remind_before, collection.escalate_after]]}
    record(actor, Entry("set_timetable", "collection", str(collection.public_id), detail))
    return collection
