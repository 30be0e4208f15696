"""How often one address asked for documents that are not there: shared by all web processes, forgotten soon.

Guessing 60 random bits is hopeless; this only keeps who tries from being a burden. Where Redis is away nobody is
counted, since verifying must go on.
"""

import time

from django.conf import settings
from django.core.cache import caches
from redis.exceptions import RedisError

WINDOW_SECONDS = 600


def is_over_limit(address: str | None) -> bool:
    """Whether this address has tried too much lately."""
    if address is None or not settings.REDIS_URL:
        return False
    try:
        return int(caches["limits"].get(_key(address), 0)) >= settings.VERIFY_MISSES
    except (RedisError, OSError):
        return False


def count_miss(address: str | None) -> None:
    """Note one more."""
    if address is None or not settings.REDIS_URL:
        return
    try:
        caches["limits"].add(_key(address), 0, timeout=WINDOW_SECONDS)
        caches["limits"].incr(_key(address))
    except (RedisError, OSError, ValueError):  # away, or the window ended in between
        return


def _key(address: str) -> str:
    return f"verify-misses:{int(time.time()) // WINDOW_SECONDS}:{address.replace(':', '.')}"
