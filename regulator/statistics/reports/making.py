"""Setting the PDFs of freezes: the rows say what is due, the broker is only a hint.

A PDF is set under a lease and becomes ready in one step, so a worker that dies leaves a row that the next one
takes up, and never half a document. The same freeze gives the same bytes, whoever sets it.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import typst
from django.db.models import F, Q, QuerySet

from regulator import clock
from regulator.statistics.reports.models import Document
from regulator.statistics.reports.setting import set_report

logger = logging.getLogger(__name__)
MOST_ATTEMPTS: Final = 3
LEASE: Final = timedelta(minutes=2)
"""How long a document may stand still before its worker is taken for dead. Each step renews it."""
_DIED: Final = "The worker stopped during each attempt."
State = Document.State


class TakenOver(Exception):
    """Another worker has the document now: this one was taken for dead."""


def make_due() -> int:
    """Set each PDF that waits, or whose worker died, the oldest first; answers how many became ready."""
    made = 0
    for key in list(_due().order_by("pk").values_list("pk", flat=True)):
        held = _claim(key)
        if held is not None:
            made += _make(held)
    return made


def _due() -> "QuerySet[Document]":
    died = Q(state=State.RUNNING, lease_until__lt=clock.now())
    return Document.objects.filter(Q(state=State.WAITING) | died)


def _claim(key: int) -> Document | None:
    """Take one on, committed before the work begins; ``None`` where another has it, or where it was tried too
    often and is given up."""
    given_up = (
        _due()
        .filter(pk=key, attempts__gte=MOST_ATTEMPTS)
        .update(state=State.FAILED, words=_DIED, lease_until=None, version=F("version") + 1)
    )
    if given_up:
        logger.error("the PDF %s could not be made: its worker stopped each time", key)
        return None
    claimed = (
        _due()
        .filter(pk=key)
        .update(
            state=State.RUNNING,
            percent=0,
            words="Begun",
            attempts=F("attempts") + 1,
            version=F("version") + 1,
            lease_until=clock.now() + LEASE,
        )
    )
    return Document.objects.select_related("freeze__report").get(pk=key) if claimed else None


@dataclass(slots=True)
class _Work:
    """A document that this worker holds: each step is written only under the version that it holds."""

    held: Document

    def step(self, percent: int, words: str) -> None:
        """Say how far the work is, and hold it for another while. Raises ``TakenOver``."""
        self.settle(percent=percent, words=words, lease_until=clock.now() + LEASE)

    def settle(self, **values: object) -> None:
        mine = Document.objects.filter(pk=self.held.pk, version=self.held.version, state=State.RUNNING)
        if not mine.update(version=F("version") + 1, **values):
            raise TakenOver
        self.held.version += 1


def _make(held: Document) -> bool:
    """Set one PDF; whether it became ready. What the typesetter refuses puts it off, until it was tried often
    enough."""
    work = _Work(held)
    try:
        pdf = set_report(held.freeze, progress=work.step)
        work.settle(
            state=State.READY,
            percent=100,
            words="",
            pdf=pdf,
            sha256=hashlib.sha256(pdf).hexdigest(),
            size=len(pdf),
            made_at=clock.now(),
            lease_until=None,
        )
    except TakenOver:
        logger.warning("the PDF %s was taken over by another worker", held.pk)
        return False
    except typst.TypstError as fault:
        logger.warning("the PDF %s could not be set in attempt %d: %s", held.pk, held.attempts, fault)
        _put_off(work, fault)
        return False
    return True


def _put_off(work: _Work, fault: Exception) -> None:
    last = work.held.attempts >= MOST_ATTEMPTS
    try:
        work.settle(
            state=State.FAILED if last else State.WAITING,
            percent=0,
            words=f"{type(fault).__name__}: {fault}"[:200],
            lease_until=None,
        )
    except TakenOver:
        logger.warning("the PDF %s was taken over by another worker", work.held.pk)
