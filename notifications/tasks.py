"""Celery's ways into notifications. What is due is found in the database."""

from celery import shared_task

from notifications.services import abandoned


@shared_task(name="notifications.tend_drafts")
def tend_drafts() -> dict[str, int]:
    """Hourly: remind of drafts that wait, announce and remove those that were abandoned."""
    return abandoned.tend_drafts()
