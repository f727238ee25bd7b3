"""Celery's ways into the outbox. The broker is only a hint: the due letters are rows."""

from celery import shared_task

from regulator.outbox import delivery, hint, sweep


@shared_task(name="outbox.deliver_due")
def deliver_due() -> int:
    """Send what is due, and ask for another turn where some is left."""
    tried = delivery.deliver_due()
    if tried and delivery.anything_due():
        hint.wake()
    return tried


@shared_task(name="outbox.sweep")
def sweep_all() -> dict[str, int]:
    """Put right what dead workers left, and wake the deliverer for whatever is due."""
    found = sweep.sweep()
    if delivery.anything_due():
        hint.wake()
    return found
