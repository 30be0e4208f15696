"""The door to announcements: those who manage them, those they are addressed to, anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from county_portal.accounts.roles import ROLE_LEVEL, Permission, Role
from county_portal.administration.models import (
    Announcement,
    AnnouncementFile,
    AnnouncementQuerySet,
    AnnouncementState,
    Audience,
    Receipt,
)
from county_portal.common import clock

SHOWN = 5


def list_managed(user: User) -> QuerySet[Announcement]:
    """Every version of every announcement, newest first, for those who manage them."""
    if not user.holds(Permission.MANAGE_NOTICES):
        return Announcement.objects.none()
    return Announcement.objects.select_related("created_by").order_by("-created_at", "-pk")


def get_managed(user: User, public_id: UUID, *, lock: bool = False) -> Announcement:
    """One of them; 404 otherwise."""
    rows = list_managed(user)
    if lock:
        rows = rows.select_for_update(of=("self",))
    return get_object_or_404(rows, public_id=public_id)


def list_readable(user: User | None) -> AnnouncementQuerySet:
    """What somebody (None: anybody) may read: those that stand and those that are over, pinned first.

    Withdrawn and replaced ones are gone for readers.
    """
    rows = Announcement.objects.filter(
        state=AnnouncementState.PUBLISHED, from_on__lte=clock.today()
    )
    return rows.addressed_to(user) if user else rows.for_all()


def get_readable(user: User | None, public_id: UUID) -> Announcement:
    """One of them; 404 otherwise."""
    return get_object_or_404(list_readable(user), public_id=public_id)


def get_attached(user: User | None, public_id: UUID, file_id: UUID) -> AnnouncementFile:
    """A file of an announcement one may read or manages; 404 otherwise."""
    readable = list_readable(user)
    rows = AnnouncementFile.objects.select_related("file")
    condition = Q(announcement__in=readable)
    if user is not None and user.holds(Permission.MANAGE_NOTICES):
        condition = Q()
    return get_object_or_404(
        rows.filter(condition), announcement__public_id=public_id, public_id=file_id
    )


def list_current(user: User | None) -> list[Announcement]:
    """The first few that stand today, pinned first, each with `is_read`; one query."""
    rows = list_readable(user).standing_on(clock.today())
    read = Receipt.objects.filter(announcement=OuterRef("pk"), reader_id=user.pk if user else None)
    return list(rows.annotate(is_read=Exists(read))[:SHOWN])


@dataclass(frozen=True, slots=True)
class OfficeReading:
    """How many of an office's people have opened an announcement."""

    office: str
    level: str
    read: int
    people: int


def readings(announcement: Announcement) -> Sequence[OfficeReading]:
    """By office, among the enabled people it is addressed to; offices where somebody has not read come first.

    One query.
    """
    people = User.objects.filter(is_active=True, is_practice=False)
    if announcement.audience == Audience.LEVELS:
        roles = [role for role in Role if ROLE_LEVEL[role] in announcement.levels]
        people = people.filter(role__in=roles)
    elif announcement.audience == Audience.POSTS:
        people = people.filter(role__in=announcement.roles)
    read = Exists(Receipt.objects.filter(announcement=announcement, reader=OuterRef("pk")))
    rows = (
        people.annotate(has_read=read)
        .values("office__name", "office__level")
        .annotate(all=Count("pk"), read=Count("pk", filter=Q(has_read=True)))
        .order_by("office__level", "office__order", "office__name")
    )
    found = [
        OfficeReading(row["office__name"], row["office__level"], row["read"], row["all"])
        for row in rows
    ]
    return sorted(found, key=lambda each: each.read == each.people)


def versions_of(announcement: Announcement) -> list[Announcement]:
    """The versions before it, newest first; a query each, and there are few."""
    found: list[Announcement] = []
    row = announcement.previous
    while row is not None:
        found.append(row)
        row = row.previous
    return found
