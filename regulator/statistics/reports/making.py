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
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat, Left

from regulator import clock
from regulator.statistics.reports.models import Document
from regulator.statistics.reports.setting import set_report

logger = logging.getLogger(__name__)
MOST_ATTEMPTS: Final = 3
LEASE: Final = timedelta(minutes=2)
"""How long a document may stand still before its worker is taken for dead. Each step renews it."""
_UNDONE: Final = "No attempt came to its end. The last one: "
_LONGEST: Final = 200
_UNDONE_SO_FAR: Final = Left(Concat(Value(_UNDONE), F("words")), _LONGEST)
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
        .update(state=State.FAILED, words=_UNDONE_SO_FAR, lease_until=None, version=F("version") + 1)
    )
    if given_up:
        logger.error("the PDF %s could not be made: no attempt came to its end", key)
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
    enough; what nobody expects is noted and raised: the next worker takes it up when the lease is over."""
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
    except Exception as fault:
        _settle(work, words=_in_words(fault))
        raise
    return True


def _put_off(work: _Work, fault: Exception) -> None:
    last = work.held.attempts >= MOST_ATTEMPTS
    state = State.FAILED if last else State.WAITING
    _settle(work, state=state, percent=0, words=_in_words(fault), lease_until=None)


def _in_words(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"[:_LONGEST]


def _settle(work: _Work, **values: object) -> None:
    try:
        work.settle(**values)
    except TakenOver:
        logger.warning("the PDF %s was taken over by another worker", work.held.pk)
