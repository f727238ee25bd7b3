"""Celery's way into editions: what is due on their first day."""

from celery import shared_task

from regulator.editions.services import begin_due


@shared_task(name="editions.begin")
def begin() -> int:
    """Shortly after midnight, and again each hour for what was missed."""
    return begin_due()
