"""Celery's way through the gate: finds the entries whose day has come, and calls the service."""

from celery import shared_task

from enforcement.gate import services
from enforcement.gate.queries import due_for_release
from regulator.accounts.actors import Scheduled

RELEASE_ENTRIES = "gate.release_entries"


@shared_task(name=RELEASE_ENTRIES)
def release_entries() -> int:
    """Each approved entry whose embargo is over goes onto the register. Answers how many; a second run 0."""
    by = Scheduled(RELEASE_ENTRIES)
    return sum(services.release_entry(proposal=proposal, by=by) for proposal in due_for_release())
