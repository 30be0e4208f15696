"""The door to notices."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Max, QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from county_portal.notices.models import MailOptOut, Notice


def list_notices(user: User) -> QuerySet[Notice]:
    """A person's own, newest first."""
    return Notice.objects.filter(recipient_id=user.pk).order_by("-created_at", "-pk")


def list_unread_first(user: User) -> QuerySet[Notice]:
    """A person's own, those not yet read on top."""
    return list_notices(user).order_by(F("read_at").desc(nulls_first=True), "-created_at", "-pk")


def list_unread(user: User) -> QuerySet[Notice]:
    """A person's own that were not read, newest first."""
    return list_notices(user).filter(read_at__isnull=True)


def get_notice(user: User, public_id: UUID) -> Notice:
    """One of one's own; 404 otherwise."""
    return get_object_or_404(list_notices(user), public_id=public_id)


def count_unread(user: User) -> int:
    """How many of them have not been read."""
    return list_unread(user).count()


def wants_mail(user: User) -> bool:
    """Whether somebody has not switched the daily mail off."""
    return not MailOptOut.objects.filter(person=user).exists()


def list_mailed(users: Iterable[User]) -> set[int]:
    """Keys of those whom a mail would reach: with an address, and not switched off; one query."""
    addressed = [user.pk for user in users if user.email]
    silent = MailOptOut.objects.filter(person__in=addressed).values_list("person", flat=True)
    return set(addressed) - set(silent)


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody due a mail: the notices that came since the last one."""

    user: User
    since: datetime | None


def list_addressees(until: datetime) -> list[Addressee]:
    """People with an address and mail wanted, to whom something unread came since their last mail."""
    people = (
        User.objects.filter(is_active=True, mail_opt_out__isnull=True)
        .exclude(email="")
        .annotate(last=Max("mail_digests__sent_at"))
    )
    addressees = {person.pk: Addressee(person, person.last) for person in people}
    if not addressees:
        return []
    # One query more, not one a person: a join of both sides would count each notice several times.
    waiting = (
        Notice.objects.filter(recipient__in=addressees, read_at__isnull=True, created_at__lte=until)
        .values("recipient")
        .annotate(newest=Max("created_at"))
    )
    due = [
        addressees[row["recipient"]]
        for row in waiting
        if _is_new(row["newest"], addressees[row["recipient"]].since)
    ]
    return sorted(due, key=lambda addressee: addressee.user.pk)


def _is_new(newest: datetime, since: datetime | None) -> bool:
    return since is None or newest > since


def list_for_mail(addressee: Addressee, until: datetime) -> list[Notice]:
    """What a mail would name: unread, come since the last mail, newest first."""
    unread = list_unread(addressee.user).filter(created_at__lte=until)
    if addressee.since:
        unread = unread.filter(created_at__gt=addressee.since)
    return list(unread)
