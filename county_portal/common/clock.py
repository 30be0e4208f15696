"""The portal's clock: what business acts read, so that a demonstration can play past years.

Only `county_portal.demo` and tests ever set or shift it; the audit record always keeps the real time.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

BEIJING = ZoneInfo("Asia/Shanghai")
_played: ContextVar[datetime | None] = ContextVar("played_time", default=None)
_shift: list[Callable[[], timedelta]] = []


def now() -> datetime:
    """The current instant."""
    played = _played.get()
    if played is not None:
        return played
    return timezone.now() + _shift[0]() if _shift else timezone.now()


def today() -> date:
    """The current date in Beijing, which deadlines are compared with."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The day a moment fell on in Beijing, whatever zone it is kept in: before eight in the morning not UTC's."""
    return moment.astimezone(BEIJING).date()


def shift_by(source: Callable[[], timedelta] | None) -> None:
    """Let `source` say by how much the clock is ahead; None: it is not. The demonstration alone has one."""
    _shift[:] = [source] if source else []


@contextmanager
def playing(moment: datetime) -> Iterator[None]:
    """Let business acts inside the block happen at `moment`."""
    token = _played.set(moment)
    try:
        yield
    finally:
        _played.reset(token)
