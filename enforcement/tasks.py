"""Celery's way into enforcement: finds the work and calls the service."""

from celery import shared_task

from enforcement import services
from enforcement.queries import due_for_publication, with_changed_facts
from regulator.accounts.actors import Scheduled

PROPOSE_PUBLICATION = "enforcement.propose_publication"
PROPOSE_FACTS = "enforcement.propose_facts"


@shared_task(name=PROPOSE_PUBLICATION)
def propose_publication() -> int:
    """For each notice whose time for appeal is over: the clock for its entry, and the managers told, once.

    Daily. Answers how many were proposed; a second run answers 0.
    """
    by = Scheduled(PROPOSE_PUBLICATION)
    return sum(services.propose_publication(notice=notice, by=by) for notice in due_for_publication())


@shared_task(name=PROPOSE_FACTS)
def propose_facts() -> int:
    """For each entry whose employer or site was renamed, moved or changed its kind: a correction is proposed.

    Daily. Answers how many were proposed; a second run answers 0.
    """
    by = Scheduled(PROPOSE_FACTS)
    return sum(services.propose_facts(notice=notice, by=by) for notice in with_changed_facts())
