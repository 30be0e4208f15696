"""How often one address did what it may do a few times: shared by all web processes, forgotten soon.

First asking for documents that are not there; other matters count under names of their own.

Guessing 60 random bits is hopeless; this only keeps who tries from being a burden. Where Redis is away nobody is
counted, since verifying must go on.
"""

import time

from django.conf import settings
from django.core.cache import caches
from redis.exceptions import RedisError

WINDOW_SECONDS = 600
_MISSES = "verify-misses"


def is_over_limit(address: str | None, matter: str = _MISSES, most: int | None = None) -> bool:
    """Whether this address has tried too much lately: `most` times, or as the settings say of misses."""
    if address is None or not settings.REDIS_URL:
        return False
    try:
        limit = settings.VERIFY_MISSES if most is None else most
        return int(caches["limits"].get(_key(address, matter), 0)) >= limit
    except (RedisError, OSError):
        return False


def count_miss(address: str | None, matter: str = _MISSES) -> None:
    """Note one more."""
    if address is None or not settings.REDIS_URL:
        return
    try:
        caches["limits"].add(_key(address, matter), 0, timeout=WINDOW_SECONDS)
        caches["limits"].incr(_key(address, matter))
    except (RedisError, OSError, ValueError):  # away, or the window ended in between
        return


def _key(address: str, matter: str) -> str:
    return f"{matter}:{int(time.time()) // WINDOW_SECONDS}:{address.replace(':', '.')}"
