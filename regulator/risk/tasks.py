"""Celery's ways into the risk model. What is to be scored are rows and events; the broker is only a hint."""

from celery import shared_task

from regulator import hint
from regulator.accounts.actors import Scheduled
from regulator.risk import services
from regulator.risk.services.following import RESCORER


@shared_task(name="risk.nightly_run")
def nightly_run() -> int:
    """Today's run, and every run that waits; answers how many were done."""
    return services.run_nightly(by=Scheduled("risk.nightly_run"))


@shared_task(name=RESCORER.name)
def rescore_changed() -> int:
    """Score again the employers of whom there is something new, and ask for another turn where some is
    left."""
    followed = services.follow()
    if followed and services.anything_to_follow():
        hint.wake(RESCORER.name)
    return followed
