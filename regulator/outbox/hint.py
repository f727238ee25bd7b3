"""Telling a worker that there are letters to send. Only a hint: the sweeper finds what nobody was told of."""

from django.db import transaction

from regulator import hint


def wake_on_commit() -> None:
    """Wake a worker once the present transaction is committed; now, where there is none."""
    transaction.on_commit(wake)


def wake() -> None:
    """Ask for a delivery. A broker that is down costs nobody their request."""
    hint.wake("outbox.deliver_due")
