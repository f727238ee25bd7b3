"""Celery's ways into organisations. What is due is found in the database."""

from celery import shared_task

from regulator.organisations import services


@shared_task(name="organisations.remind_of_activity")
def remind_of_activity() -> int:
    """Daily, and idle but in May: remind leads of returns for the year that ended in March."""
    return services.remind_of_activity()
