"""The province's writes: a collection is drawn up, opened for all counties, postponed, closed."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import Office, Region, User
from county_portal.accounts.roles import Level, OfficeKind, Permission
from county_portal.accounts.selectors import list_counties_alive_on
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.common.postponing import Days, ensure_later, later_words, moved, recorded
from indicators.enums import CollectionState
from indicators.models import Collection, CollectionPostponement, Submission, SystemVersion
from indicators.notifications import CLOSED, OPENED, POSTPONED, REOPENED, tell_collection
from indicators.selectors import get_collection


@dataclass(frozen=True, slots=True)
class CollectionInput:
    """What a collection is drawn up from."""

    version: SystemVersion
    title: str
    data_year: int
    evaluation_year: int
    opens_on: date
    county_due_on: date
    city_due_on: date
    notes: str = ""


def _require(actor: User) -> None:
    if not actor.holds(Permission.COLLECT):
        raise NotAllowed


def _entry(act: str, collection: Collection, detail: Mapping[str, object]) -> Entry:
    return Entry(act, "collection", str(collection.public_id), detail)


@transaction.atomic
def create_collection(*, actor: User, data: CollectionInput) -> Collection:
    """Draw up a collection. Raises Invalid if the year has one already or the dates are out of order."""
    _require(actor)
    collection = Collection(created_by=actor)
    _fill(collection, data)
    record(actor, _entry("create_collection", collection, {"data_year": data.data_year}))
    return collection


@transaction.atomic
def change_collection(*, actor: User, collection_id: UUID, data: CollectionInput) -> Collection:
    """Change everything about one that is still drawn up; of an open one only the days move, later."""
    _require(actor)
    collection = _lock_draft(actor, collection_id)
    before = _told(collection)
    _fill(collection, data)
    detail = {"before": before, "after": _told(collection)}
    record(actor, _entry("change_collection", collection, detail))
    return collection


@transaction.atomic
def discard_collection(*, actor: User, collection_id: UUID) -> str:
    """Drop one that was only drawn up; what it said stays in the record. Returns its title."""
    _require(actor)
    collection = _lock_draft(actor, collection_id)
    record(actor, _entry("discard_collection", collection, _told(collection)))
    collection.delete()
    return collection.title


def _lock_draft(actor: User, collection_id: UUID) -> Collection:
    collection = get_collection(actor, collection_id, lock=True)
    if collection.state != CollectionState.DRAFT:
        raise Stale(
            "collection_already_open",
            "该采集任务已经开放，不能再修改或删除；确需更多时间请办理“延长期限”。",
        )
    return collection


def _fill(collection: Collection, data: CollectionInput) -> None:
    others = Collection.objects.exclude(pk=collection.pk)
    if others.filter(version=data.version, data_year=data.data_year).exists():
        raise Invalid(
            "collection_exists",
            f"{data.data_year}年度的采集任务已经建立，请直接使用。",
            "data_year",
        )
    if not data.opens_on <= data.county_due_on <= data.city_due_on:
        raise Invalid(
            "dates_out_of_order",
            "日期须依次为：开始日期、县级截止日期、市级截止日期。",
            "county_due_on",
        )
    if data.data_year >= data.evaluation_year:
        raise Invalid("years_out_of_order", "评价年度须晚于数据年度。", "evaluation_year")
    for each in fields(data):
        setattr(collection, each.name, getattr(data, each.name))
    collection.save()


def _told(collection: Collection) -> dict[str, object]:
    """What the record keeps of a collection before and after a change."""
    return {each.name: str(getattr(collection, each.name)) for each in fields(CollectionInput)}


@transaction.atomic
def open_collection(*, actor: User, collection_id: UUID) -> Collection:
    """Open it: every county alive at the end of the data year gets its submission."""
    _require(actor)
    collection = get_collection(actor, collection_id, lock=True)
    if collection.state != CollectionState.DRAFT:
        raise Stale("collection_already_open", "该采集任务已经开放，无需重复操作。")
    regions = list(list_counties_alive_on(date(collection.data_year, 12, 31)))
    offices = {
        office.region_id: office
        for office in Office.objects.filter(
            level=Level.COUNTY, kind=OfficeKind.BUREAU, region__in=regions
        )
    }
    now = clock.now()
    Submission.objects.bulk_create(
        _submission(collection, region, offices[region.pk]) for region in regions
    )
    collection.state, collection.opened_at = CollectionState.OPEN, now
    collection.save(update_fields=["state", "opened_at"])
    record(actor, _entry("open_collection", collection, {"counties": len(regions)}))
    tell_collection(collection, OPENED, collection.notes)
    return collection


def _submission(collection: Collection, region: Region, office: Office) -> Submission:
    return Submission(
        collection=collection,
        region=region,
        office=office,
        reviewing_office=region.reviewing_office,
        state_since=clock.now(),
    )


@transaction.atomic
def postpone_collection(
    *, actor: User, collection_id: UUID, days: Days, reason: str
) -> CollectionPostponement:
    """Give every county or city of an open collection more time, with the reason for all to read.

    A county's own later day, or that of a return, stays as it is. Raises Invalid for days that give no time.
    """
    _require(actor)
    collection = get_collection(actor, collection_id, lock=True)
    if collection.state != CollectionState.OPEN:
        raise Stale("collection_not_open", "该采集任务不在填报中，不能延长期限。")
    if not reason.strip():
        raise Invalid("reason_required", "延长期限须写明原因。", "reason")
    ensure_later(collection, days)
    made = CollectionPostponement.objects.create(
        collection=collection,
        **moved(collection, days),
        reason=reason.strip(),
        actor=actor,
        at=clock.now(),
    )
    collection.county_due_on, collection.city_due_on = days.county_due_on, days.city_due_on
    collection.save(update_fields=["county_due_on", "city_due_on"])
    record(actor, _entry("postpone_collection", collection, recorded(made)))
    tell_collection(collection, POSTPONED, f"{later_words(made)}。{made.reason}")
    return made


@transaction.atomic
def close_collection(*, actor: User, collection_id: UUID) -> Collection:
    """Close it: nothing may be filled or submitted any more."""
    _require(actor)
    collection = get_collection(actor, collection_id, lock=True)
    if collection.state != CollectionState.OPEN:
        raise Stale("collection_not_open", "该采集任务不在填报中，不能截止。")
    collection.state, collection.closed_at = CollectionState.CLOSED, clock.now()
    collection.save(update_fields=["state", "closed_at"])
    record(actor, _entry("close_collection", collection, {}))
    tell_collection(collection, CLOSED)
    return collection


@transaction.atomic
def reopen_collection(*, actor: User, collection_id: UUID, reason: str) -> Collection:
    """Open a closed one again for corrections, with the reason on record."""
    _require(actor)
    collection = get_collection(actor, collection_id, lock=True)
    if collection.state != CollectionState.CLOSED:
        raise Stale("collection_not_closed", "该采集任务尚未截止，无需重新开放。")
    if not reason.strip():
        raise Invalid("reason_required", "重新开放须写明原因。", "reason")
    collection.state, collection.closed_at = CollectionState.OPEN, None
    collection.save(update_fields=["state", "closed_at"])
    record(actor, _entry("reopen_collection", collection, {"reason": reason.strip()}))
    tell_collection(collection, REOPENED, reason.strip())
    return collection
