"""Putting right what a dead worker left. Each app that keeps work in rows contributes a sweeper."""

from collections.abc import Callable

from regulator import clock
from regulator.outbox.lease import somebody_delivers
from regulator.outbox.models import Message
from regulator.registry import Registry

SWEEPERS: Registry[Callable[[], int]] = Registry("sweeper")
"""By name; each puts right what it finds, answers how many rows that were, and may be run at any time."""


def sweep() -> dict[str, int]:
    """Run every sweeper; answers, for each that found something, how many rows it put right."""
    found = {name: put_right() for name, put_right in SWEEPERS.items()}
    return {name: count for name, count in found.items() if count}


def requeue_abandoned() -> int:
    """Queue again each letter that a killed sender left in flight, once its lease has run out.

    Never while a sender is at work: a letter that it has in flight may take longer than its own lease.
    """
    if somebody_delivers():
        return 0
    left = Message.objects.filter(state=Message.State.SENDING, lease_until__lt=clock.now())
    return left.update(
        state=Message.State.QUEUED, next_attempt_at=clock.now(), lease_token="", lease_until=None
    )
