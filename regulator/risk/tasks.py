"""Celery's way into the risk model."""

from celery import shared_task

from regulator.accounts.actors import Scheduled
from regulator.risk import services


@shared_task(name="risk.nightly_run")
def nightly_run() -> int:
    """Today's run, and every run that waits; answers how many were done."""
    return services.run_nightly(by=Scheduled("risk.nightly_run"))
