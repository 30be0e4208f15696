"""What waits for a person, told without its contents: administrators see how much, never what.

Nearly all work belongs to an office and a post, so that colleagues find it in their own inbox; what belongs to
the person alone is handed on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from county_portal.accounts.models import User
from county_portal.accounts.roles import Role
from county_portal.accounts.selectors import list_colleagues
from county_portal.documents.selectors.drafts import list_drafted_by
from county_portal.home.selectors import list_inbox, list_running
from county_portal.notices.selectors import count_unread


@dataclass(frozen=True, slots=True)
class Matter:
    """Work of one kind: how much, waiting since when."""

    title: str
    count: int
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """Everything of a person: what the post's colleagues find anyway, and what is the person's alone."""

    shared: Sequence[Matter]
    drafts: int
    unread: int
    running: int
    colleagues: Sequence[User]
    is_expert: bool

    @property
    def is_nothing(self) -> bool:
        """Whether nothing at all waits."""
        return not (self.shared or self.drafts or self.unread or self.running)


def work_of(person: User) -> Work:
    """What waits for the person, each app asked for its own."""
    return Work(
        shared=_shared(person),
        drafts=list_drafted_by(person).count(),
        unread=count_unread(person),
        running=len(list_running(person)),
        colleagues=list(list_colleagues(person)),
        is_expert=person.role == Role.PROVINCE_EXPERT,
    )


def _shared(person: User) -> list[Matter]:
    """The kinds of the person's inbox, numbers alone."""
    matters = []
    for group in list_inbox(person):
        known = [item.since for item in group.items if item.since is not None]
        matters.append(Matter(group.title, group.count, min(known, default=None)))
    return matters
