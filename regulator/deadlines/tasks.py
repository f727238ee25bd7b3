"""Celery's ways into deadlines."""

from celery import shared_task

from regulator.deadlines import reminders


@shared_task(name="deadlines.remind")
def remind() -> int:
    """Hourly: the reminders that have fallen due."""
    return reminders.remind()


@shared_task(name="deadlines.escalate")
def escalate() -> int:
    """Daily: the deadlines that have gone by."""
    return reminders.escalate()
