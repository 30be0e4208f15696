"""The portal's clock: what business acts read, so that a demonstration can play past years.

Only `county_portal.demo` and tests ever set it; the audit record always keeps the real time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

BEIJING = ZoneInfo("Asia/Shanghai")
_played: ContextVar[datetime | None] = ContextVar("played_time", default=None)


def now() -> datetime:
    """The current instant."""
    return _played.get() or timezone.now()


def today() -> date:
    """The current date in Beijing, which deadlines are compared with."""
    return now().astimezone(BEIJING).date()


@contextmanager
def playing(moment: datetime) -> Iterator[None]:
    """Let business acts inside the block happen at `moment`."""
    token = _played.set(moment)
    try:
        yield
    finally:
        _played.reset(token)
