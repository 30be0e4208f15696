"""The hash chain: how an entry is sealed, and how the whole is verified."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC

from county_portal.audit.models import Event

FIRST_DIGEST = "0" * 64


@dataclass(frozen=True, slots=True)
class Verification:
    """Result of walking the chain; `broken_at` is the first serial that does not fit, or None."""

    events: int
    head: str
    broken_at: int | None

    @property
    def ok(self) -> bool:
        """Whether every entry fits."""
        return self.broken_at is None


def seal(event: Event) -> str:
    """SHA-256 over the entry's canonical JSON and the previous digest."""
    content = [
        event.serial,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.actor_id,
        event.actor_login,
        event.actor_role,
        event.actor_office,
        event.act,
        event.kind,
        event.object_id,
        event.region_code,
        event.detail,
        event.previous_digest,
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def verify(events: Iterable[Event]) -> Verification:
    """Walk `events` in serial order, recomputing every digest."""
    count, digest = 0, FIRST_DIGEST
    for event in events:
        count += 1
        fits = event.serial == count and event.previous_digest == digest
        if not fits or event.digest != seal(event):
            return Verification(count, digest, event.serial)
        digest = event.digest
    return Verification(count, digest, None)
