"""How often a program may call the API: so many calls a minute of the clock."""

import logging
from typing import Final

from django.conf import settings
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from regulator.accounts.limits import counted, until_the_next

logger = logging.getLogger(__name__)
MINUTE: Final = 60


class AMinute(BaseThrottle):
    """At most ``most`` calls of one ``name`` in a minute of the clock; then 429, until the minute is over.

    A ``most`` of 0 counts nothing and refuses nobody. While Redis is down nothing is counted: the API does
    not stand or fall with its cache.
    """

    def allow_request(self, request: Request, view: APIView) -> bool:
        name, most = self.limit(request)
        if not most:
            return True
        try:
            return counted(f"api:{name}", seconds=MINUTE) <= most
        except RedisError:
            logger.exception("the calls of the API are not counted, Redis does not answer")
            return True

    def limit(self, request: Request) -> tuple[str, int]:
        """What the call counts for, and how many of it a minute has room for."""
        raise NotImplementedError

    def wait(self) -> float:
        return until_the_next(MINUTE)


class PerAddress(AMinute):
    """Of each network address, for what is open to everybody (``API_CHECKS_A_MINUTE``)."""

    def limit(self, request: Request) -> tuple[str, int]:
        return f"checks:{self.get_ident(request)}", settings.API_CHECKS_A_MINUTE


class PerReader(AMinute):
    """Of each network address, for what everybody may read (``API_READS_A_MINUTE``).

    Counted where there is Redis to count in. Without it a count would be a write to the database for each
    read, which costs more than the read that it limits.
    """

    def limit(self, request: Request) -> tuple[str, int]:
        most = settings.API_READS_A_MINUTE if settings.REDIS_URL else 0
        return f"public:{self.get_ident(request)}", most
