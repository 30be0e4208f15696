"""Writing the audit record, in the transaction of the change it records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection, transaction
from django.utils import timezone

from county_portal.audit.chain import FIRST_DIGEST, seal
from county_portal.audit.models import Event

# One appender at a time: without the lock concurrent writers would fork the chain.
_APPEND_LOCK = 0x636F756E
SYSTEM = "system"


class Actor(Protocol):
    """What the record copies of a user."""

    pk: Any
    role: str

    def get_username(self) -> str: ...
    @property
    def office_name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """What to record; `detail` holds plain JSON values, changes as {"field": [before, after]}."""

    act: str
    kind: str
    object_id: str
    detail: Mapping[str, Any]
    region_code: str = ""


def record(actor: Actor | None, entry: Entry) -> None:
    """Append one entry; `actor` None means the system itself."""
    record_all(actor, [entry])


def record_all(actor: Actor | None, entries: Sequence[Entry]) -> None:
    """Append entries in order, under one lock held until the transaction ends.

    Must run inside the transaction of the change: an audit entry and its change commit together.
    """
    if not entries:
        return
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("audit entries belong to a transaction")
    serial, digest = _lock_head()
    now = timezone.now()
    events = []
    for entry in entries:
        serial += 1
        event = Event(
            serial=serial,
            at=now,
            actor_id=actor.pk if actor else None,
            actor_login=actor.get_username() if actor else SYSTEM,
            actor_role=actor.role if actor else "",
            actor_office=actor.office_name if actor else "",
            act=entry.act,
            kind=entry.kind,
            object_id=str(entry.object_id),
            region_code=entry.region_code,
            detail=dict(entry.detail),
            previous_digest=digest,
        )
        event.digest = digest = seal(event)
        events.append(event)
    Event.objects.bulk_create(events)


def _lock_head() -> tuple[int, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_APPEND_LOCK])
    head = Event.objects.order_by("-serial").values_list("serial", "digest").first()
    return head or (0, FIRST_DIGEST)
