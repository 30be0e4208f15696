"""Writing the audit record, in the transaction of the change it records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection, transaction
from django.utils import timezone

from county_portal.audit.chain import FIRST_DIGEST, seal
from county_portal.audit.models import DEPUTY_FOR, Event

# One appender at a time: without the lock concurrent writers would fork the chain.
_APPEND_LOCK = 0x636F756E
SYSTEM = "system"


class Actor(Protocol):
    """What the record copies of a user."""

    pk: Any
    role: str

    def get_username(self) -> str: ...
    @property
    def acts_for(self) -> Any: ...
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
            detail=_plain({**entry.detail, **_deputy(actor)}),
            previous_digest=digest,
        )
        event.digest = digest = seal(event)
        events.append(event)
    Event.objects.bulk_create(events)


def _deputy(actor: Actor | None) -> dict[str, Any]:
    """For whom the actor stood in, where the act was none of the own post; the absent colleague did nothing."""
    absent = actor.acts_for if actor else None
    if absent is None:
        return {}
    return {DEPUTY_FOR: {"login": absent.get_username(), "name": absent.display_name}}


def _plain(value: Any) -> Any:
    """The value as it will come back from the database, so that the seal still fits it then.

    Raises TypeError for a float, which PostgreSQL may write differently, and for what JSON does not know.
    """
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"not plain JSON in an audit entry: {value!r}")


def _lock_head() -> tuple[int, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_APPEND_LOCK])
        # A statement of its own: it must see what the lock was waited for.
        cursor.execute("SELECT serial, digest FROM audit_event ORDER BY serial DESC LIMIT 1")
        head = cursor.fetchone()
    return (head[0], head[1]) if head else (0, FIRST_DIGEST)
