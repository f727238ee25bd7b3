"""Celery's way into enforcement: finds the work and calls the service."""

import logging

from celery import shared_task

from enforcement import services
from enforcement.gate.facts import changed_facts
from enforcement.queries import due_for_publication, unlike_their_record
from regulator.accounts.actors import Scheduled

logger = logging.getLogger(__name__)
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

    Daily. Answers how many were proposed; a second run answers 0. One that fails stands in the way of no
    other: it is logged, raised once all were tried, and tried again the next day.
    """
    by, proposed = Scheduled(PROPOSE_FACTS), 0
    faults: list[Exception] = []
    for notice in unlike_their_record():
        try:
            if changed_facts(notice.case, notice):
                proposed += services.propose_facts(notice=notice, by=by)
        except Exception as fault:
            logger.exception("the facts of an entry could not be proposed: case %s", notice.pk)
            faults.append(fault)
    if faults:
        raise ExceptionGroup("the facts of entries could not be proposed", faults)
    return proposed
