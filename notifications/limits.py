"""How often something may be done: counts in the shared cache, one for each stretch of time."""

import hashlib

from django.core.cache import cache

from regulator import clock


def within(key: str, *, most: int, seconds: int) -> bool:
    """Count one more of ``key``; whether it is among the first ``most`` of the present ``seconds``.

    The key is hashed, so that no address stands in the cache. Exact where the caller holds the end of the
    chain (``casework.chain.writing``), which lets one through at a time.
    """
    stretch = int(clock.now().timestamp()) // seconds
    name = f"limit:{hashlib.sha256(key.encode()).hexdigest()}:{stretch}"
    count = int(cache.get(name, 0)) + 1
    cache.set(name, count, timeout=2 * seconds)
    return count <= most
