"""Celery's ways into notifications. What is due is found in the database."""

from celery import shared_task

from notifications import idempotency
from notifications.services import abandoned, patterns


@shared_task(name="notifications.tend_drafts")
def tend_drafts() -> dict[str, int]:
    """Hourly: remind of drafts that wait, announce and remove those that were abandoned."""
    return abandoned.tend_drafts()


@shared_task(name="notifications.forget_requests")
def forget_requests() -> int:
    """Nightly: forget what programs asked for under an ``Idempotency-Key`` more than a week ago."""
    return idempotency.forget_requests()


@shared_task(name="notifications.look_for_patterns")
def look_for_patterns() -> dict[str, int]:
    """Hourly: propose what looks like a duplicate or a cluster."""
    return patterns.look_for_patterns()
