"""Celery's way into the outbox."""

from celery import shared_task


@shared_task(name="outbox.deliver_due")
def deliver_due() -> int:
    return 0
