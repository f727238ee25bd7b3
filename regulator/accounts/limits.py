"""How often something may be done: counts in the shared cache, one for each stretch of time."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction

from regulator import clock


def within(key: str, *, most: int, seconds: int) -> bool:
    """Count one more of ``key``; whether it is among the first ``most`` of the present ``seconds``."""
    return counted(key, seconds=seconds) <= most


def counted(key: str, *, seconds: int) -> int:
    """Count one more of ``key``; how many there were in the present ``seconds``, in all processes together.

    The key is hashed, so that no address stands in the cache.
    """
    stretch = int(clock.now().timestamp()) // seconds
    digest = hashlib.sha256(key.encode()).digest()
    name = f"limit:{digest.hex()}:{stretch}"
    with _alone(digest):
        cache.add(name, 0, timeout=2 * seconds)
        try:
            number = cache.incr(name)
        except ValueError:  # thrown out of a full cache meanwhile
            number = 1
        cache.touch(name, timeout=2 * seconds)  # a table forgets the time-out when it counts
    return number


def until_the_next(seconds: int) -> int:
    """Whole seconds, at least one, until the present stretch of ``seconds`` is over."""
    return seconds - int(clock.now().timestamp()) % seconds


@contextmanager
def _alone(digest: bytes) -> Iterator[None]:
    """Redis counts in one step. Where the cache is a table, one counts after the other: SQLite has one writer
    at a time anyway, PostgreSQL is asked for a lock."""
    if settings.REDIS_URL:
        yield
        return
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                number = int.from_bytes(digest[:8], signed=True)
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
        yield
