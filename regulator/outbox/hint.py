"""Telling a worker that there are letters to send. Only a hint: the sweeper finds what nobody was told of."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def wake_on_commit() -> None:
    """Wake a worker once the present transaction is committed; now, where there is none."""
    transaction.on_commit(wake)


def wake() -> None:
    """Ask for a delivery. A broker that is down costs nobody their request: the hint is lost, and logged."""
    try:
        current_app.send_task("outbox.deliver_due", retry=False)
    except (OperationalError, OSError) as fault:
        logger.warning("No worker could be told of letters to send; the sweeper will find them: %s", fault)
