"""Celery's way into enforcement: finds the work and calls the service."""

import logging
from collections.abc import Callable, Iterable

from celery import shared_task

from enforcement import services
from enforcement.gate.facts import changed_facts, says_otherwise
from enforcement.models import Notice
from enforcement.queries import due_for_publication, on_the_register, unlike_their_record
from regulator.accounts.actors import Scheduled
from regulator.casework.models import Case

logger = logging.getLogger(__name__)
PROPOSE_PUBLICATION = "enforcement.propose_publication"
PROPOSE_FACTS = "enforcement.propose_facts"
PROPOSE_REDRAWN = "enforcement.propose_redrawn"


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

    Daily. Answers how many were proposed; a second run answers 0. Raises as ``_of_each`` does.
    """
    return _of_each(unlike_their_record(), changed_facts, services.propose_facts, PROPOSE_FACTS)


@shared_task(name=PROPOSE_REDRAWN)
def propose_redrawn() -> int:
    """For each entry that would say something else if it were drawn now: that is proposed, so that no entry
    goes on saying what a later release of the portal would not (up to thirteen queries for each that stands).

    Daily. Answers how many were proposed; a second run answers 0. Raises as ``_of_each`` does.
    """
    return _of_each(on_the_register(), says_otherwise, services.propose_redrawn, PROPOSE_REDRAWN)


def _of_each(
    notices: Iterable[Notice],
    differs: Callable[[Case, Notice], object],
    propose: Callable[..., bool],
    task: str,
) -> int:
    """Propose for each notice whose entry differs; how many were. One that fails stands in the way of no
    other: it is logged, raised once all were tried, and tried again the next day."""
    by, proposed = Scheduled(task), 0
    faults: list[Exception] = []
    for notice in notices:
        try:
            if differs(notice.case, notice):
                proposed += propose(notice=notice, by=by)
        except Exception as fault:
            logger.exception("%s: an entry could not be proposed: case %s", task, notice.pk)
            faults.append(fault)
    if faults:
        raise ExceptionGroup(f"{task}: entries could not be proposed", faults)
    return proposed
