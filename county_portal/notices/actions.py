"""Telling people, and what they do with what they are told."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from county_portal.accounts.actions import change_own_email
from county_portal.accounts.models import User
from county_portal.accounts.selectors import pair_deputies
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.notices.models import MailOptOut, Notice
from county_portal.notices.selectors import get_notice, list_notices, wants_mail

# What is told of a deputyship itself: for the two people alone.
DEPUTYSHIP = "deputyship"

_quiet: ContextVar[bool] = ContextVar("quiet", default=False)


@contextmanager
def quiet() -> Iterator[None]:
    """Acts inside the block tell nobody: years that lie behind, played by the demonstration alone."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


def is_quiet() -> bool:
    """Whether nobody would be told now, so that nobody need be looked up."""
    return _quiet.get()


@dataclass(frozen=True, slots=True)
class Message:
    """What is told; the same `key` to the same person is told once, whoever tells it again."""

    key: str
    kind: str
    title: str
    body: str = ""
    path: str = ""


def notify(recipients: Iterable[User], message: Message) -> None:
    """Put the message into each inbox, within the caller's transaction: told if and only if it happened."""
    notify_each((person, message) for person in recipients)


def notify_each(told: Iterable[tuple[User, Message]]) -> None:
    """Put into each inbox what is meant for it, and into that of whoever stands in; two statements, however many."""
    if is_quiet():
        return
    meant = list(told)
    now = clock.now()
    Notice.objects.bulk_create(
        [
            Notice(
                recipient=person,
                key=message.key,
                kind=message.kind,
                title=message.title,
                body=message.body,
                path=message.path,
                created_at=now,
            )
            for person, message in [*meant, *_for_deputies(meant)]
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )


def _for_deputies(told: Sequence[tuple[User, Message]]) -> list[tuple[User, Message]]:
    """The same for whoever stands in today for somebody who is told; one query, of an index of few rows.

    Whoever is told in his own right besides is told once.
    """
    if not told:
        return []
    deputies = {absent.pk: deputy for absent, deputy in pair_deputies(each for each, _ in told)}
    return [
        (deputies[person.pk], message)
        for person, message in told
        if person.pk in deputies and message.kind != DEPUTYSHIP
    ]


def mark_read(*, actor: User, notice_id: UUID) -> Notice:
    """Note when it was first read; one's own only, 404 otherwise."""
    notice = get_notice(actor, notice_id)
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=clock.now())
    return notice


def mark_all_read(*, actor: User, seen: Sequence[UUID] | None = None) -> int:
    """Mark all of one's own as read, or those of them that were on the page; returns how many."""
    unread = list_notices(actor).filter(read_at__isnull=True)
    if seen is not None:
        unread = unread.filter(public_id__in=seen)
    return unread.order_by().update(read_at=clock.now())


def pass_on_unread(*, person: User, successor: User) -> int:
    """Copy what a person has not read to whoever goes on with the work; returns how many there were."""
    unread = list(list_notices(person).filter(read_at__isnull=True))
    notify_each(
        (successor, Message(each.key, each.kind, each.title, each.body, each.path))
        for each in unread
    )
    return len(unread)


@transaction.atomic
def change_mail(*, actor: User, email: str, is_wanted: bool) -> None:
    """Set where one's own daily mail goes and whether it is wanted at all."""
    change_own_email(actor=actor, email=email)
    was_wanted = wants_mail(actor)
    if was_wanted == is_wanted:
        return
    if is_wanted:
        MailOptOut.objects.filter(person=actor).delete()
    else:
        MailOptOut.objects.get_or_create(person=actor, defaults={"since": clock.now()})
    detail = {"login": actor.login, "mail": [was_wanted, is_wanted]}
    record(actor, Entry("change_mail", "user", str(actor.public_id), detail))
