"""What a load balancer or the supervisor asks: is this process alive, and can it do its work."""

import logging
import socket
from collections.abc import Callable

from celery import current_app
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import KombuError, OperationalError

logger = logging.getLogger(__name__)

BROKER_PATIENCE_SECONDS = 2


def _database_answers() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _broker_answers() -> None:
    with current_app.connection_for_write(connect_timeout=BROKER_PATIENCE_SECONDS) as broker:
        broker.ensure_connection(max_retries=1, timeout=BROKER_PATIENCE_SECONDS)
        broker.default_channel.close()


PARTS: dict[str, Callable[[], None]] = {"database": _database_answers, "broker": _broker_answers}
_FAULTS = (DatabaseError, KombuError, OperationalError, OSError, socket.timeout)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as this process answers at all; asks neither the database nor the broker."""
    return JsonResponse({"status": "alive"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database and the broker answer, otherwise 503.

    The body says of each part ``ok`` or ``failed`` and nothing else: addresses and messages, which can carry a
    password, go to the log.
    """
    parts = {name: _state(name, check) for name, check in PARTS.items()}
    ready = "failed" not in parts.values()
    return JsonResponse(
        {"status": "ready" if ready else "not ready", "parts": parts}, status=200 if ready else 503
    )


def _state(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except _FAULTS as fault:
        logger.warning("not ready: the %s does not answer (%s)", name, type(fault).__name__)
        return "failed"
    return "ok"
