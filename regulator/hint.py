"""Telling a worker that there is work in the database: only a hint, a sweeper finds what it misses."""

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def wake_on_commit(task: str) -> None:
    """Ask for ``task`` once the present transaction is committed; now, where there is none."""
    transaction.on_commit(partial(wake, task))


def wake(task: str) -> None:
    """Ask for ``task``. A broker that is down costs nobody their request: the hint is lost, and logged."""
    try:
        current_app.send_task(task, retry=False)
    except (OperationalError, OSError) as fault:
        logger.warning("No worker could be told of %s; the sweeper will find the work: %s", task, fault)
