"""Celery's way into accounts: sessions that ended are removed, with whatever was typed into them."""

from celery import shared_task
from django.core.management import call_command


@shared_task(name="accounts.forget_sessions")
def forget_sessions() -> None:
    """Hourly, because text that was kept for somebody is promised to be gone after an hour."""
    call_command("clearsessions")
