"""Telling people."""

from collections.abc import Iterable
from dataclasses import dataclass

from county_portal.accounts.models import User
from county_portal.common import clock
from county_portal.notices.models import Notice


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
    Notice.objects.bulk_create(
        (
            Notice(
                recipient=person,
                key=message.key,
                kind=message.kind,
                title=message.title,
                body=message.body,
                path=message.path,
                created_at=clock.now(),
            )
            for person in recipients
        ),
        ignore_conflicts=True,
    )
