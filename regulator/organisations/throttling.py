"""How often a program may call with a key: so many calls a minute of each caller, reads and writes apart."""

from django.conf import settings
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from regulator.accounts.throttling import AMinute
from regulator.organisations.authentication import caller_of


class PerCaller(AMinute):
    """Of each API key, and of each person in a session (``API_READS_A_MINUTE``, ``API_WRITES_A_MINUTE``)."""

    def limit(self, request: Request) -> tuple[str, int]:
        if request.method in SAFE_METHODS:
            return f"reads:{caller_of(request)}", settings.API_READS_A_MINUTE
        return f"writes:{caller_of(request)}", settings.API_WRITES_A_MINUTE
