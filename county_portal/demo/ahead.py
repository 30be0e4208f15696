"""The demonstration's clock, set ahead for the web, the worker and the scheduler at once.

What comes due in three years cannot be shown or tried otherwise. A file in the instance's directory says by how
many days; without it the clock is right. Nothing reads it where data are real.
"""

from datetime import date, timedelta
from pathlib import Path

from django.conf import settings

from county_portal.common import clock

# What was read last, and when the file was written then.
_read: dict[Path, tuple[int, timedelta]] = {}
_NONE = timedelta()


def shift() -> timedelta:
    """By how much the clock is ahead; one look at the file's time."""
    path = _path()
    try:
        written = path.stat().st_mtime_ns
    except FileNotFoundError:
        return _NONE
    known = _read.get(path)
    if known is None or known[0] != written:
        known = (written, timedelta(days=int(path.read_text(encoding="ascii"))))
        _read[path] = known
    return known[1]


def set_today(day: date | None) -> None:
    """Set every process's clock to a day, at the hour it is; None: right again."""
    path = _path()
    path.unlink(missing_ok=True)
    if day is not None:
        ahead = (day - clock.today()).days
        fresh = path.with_suffix(".new")
        fresh.write_text(str(ahead), encoding="ascii")
        fresh.replace(path)


def played_today() -> date | None:
    """The day the demonstration is set to; None while it is right, or where data are real."""
    return clock.today() if settings.IS_DEMONSTRATION and shift() else None


def _path() -> Path:
    return Path(settings.VAR_DIR) / "demo-clock"
