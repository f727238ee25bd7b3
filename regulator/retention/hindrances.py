"""Why a case that is old enough is kept all the same. Each reason is a condition in SQL and a sentence.

This room states those that the platform knows of; case apps add their own (an appeal that is pending), and
which of their tables tie two cases together (``KIN``).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q, QuerySet

from regulator import clock
from regulator.casework.models import Case, CaseLink, DisclosureBundle, InformationRequest
from regulator.registry import Registry
from regulator.retention.models import LegalHold, RetentionItem


@dataclass(frozen=True, slots=True)
class Hindrance:
    """One reason: ``cases`` answers the condition on cases. Its subqueries must not depend on the case, so
    that the database runs each once for a list; none of their values may be NULL."""

    why: str
    cases: Callable[[], Q]


HINDRANCES: Registry[Hindrance] = Registry("reason for which a case is kept")
"""By the name under which a batch keeps it, of 12 characters at most."""


@dataclass(frozen=True, slots=True)
class Kin:
    """A table in which a row ties two cases together, by the names of its two keys."""

    rows: Callable[[], QuerySet[Any]]
    one: str
    other: str


KIN: Registry[Kin] = Registry("tie between two cases")

LISTED: Final = "listed"
AFTERWARDS: Final = {
    "redacted": "Its texts were removed already.",
    "opened": "It was reopened after the list was made.",
    "changed": "It was changed after the list was made.",
    "policy": "The policy was changed after the list was made.",
    "too_young": "It is not old enough under the policy.",
    "list": "The list is not the one that was approved.",
}
"""What else may be found when a list is carried out."""


def sentence(name: str) -> str:
    """The reason of that name in words; also of one that no app states any more."""
    if name in HINDRANCES:
        return HINDRANCES.get(name).why
    return AFTERWARDS.get(name, "It was held back.")


def held() -> Q:
    """Cases that are under a legal hold, their own or their employer's."""
    standing = LegalHold.objects.standing().order_by()
    own = standing.filter(case__isnull=False).values("case")
    employers = standing.filter(employer__isnull=False).values("employer")
    return Q(pk__in=own) | Q(employer__in=employers)


def linked() -> Q:
    """Cases tied to one that is open or under a legal hold."""
    standing = Q(closed_at__isnull=True) | held()
    blocking = Case.objects.filter(standing).order_by().values("pk")
    found = Q(pk__in=[])
    for kin in KIN.values():
        rows = kin.rows().order_by()
        found |= Q(pk__in=rows.filter(**{f"{kin.other}__in": blocking}).values(kin.one))
        found |= Q(pk__in=rows.filter(**{f"{kin.one}__in": blocking}).values(kin.other))
    return found


def _asked() -> Q:
    """A question whose day is past on a case that is over is answered no more: nobody waits for it."""
    awaited = InformationRequest.objects.filter(answered_at__isnull=True, due_on__gte=clock.today())
    return Q(pk__in=awaited.order_by().values("case"))


def _running() -> Q:
    return Q(next_due_on__isnull=False)


def _bundled() -> Q:
    states = (DisclosureBundle.State.WAITING, DisclosureBundle.State.RUNNING)
    return Q(pk__in=DisclosureBundle.objects.filter(state__in=states).order_by().values("case"))


def _listed() -> Q:
    waiting = RetentionItem.objects.filter(outcome=RetentionItem.Outcome.WAITING)
    return Q(pk__in=waiting.order_by().values("case"))


def contribute() -> None:
    """Register what the platform knows of."""
    HINDRANCES.register("hold", Hindrance("A legal hold stands on it or on its employer.", held))
    HINDRANCES.register("linked", Hindrance("A linked case is open or under a legal hold.", linked))
    HINDRANCES.register("question", Hindrance("A question to the employer can still be answered.", _asked))
    HINDRANCES.register("clock", Hindrance("One of its clocks still runs.", _running))
    HINDRANCES.register("bundle", Hindrance("A disclosure bundle of it is being made.", _bundled))
    HINDRANCES.register(LISTED, Hindrance("It stands on a list that is not finished.", _listed))
    KIN.register("casework.links", Kin(lambda: CaseLink.objects.standing(), "first", "second"))


def names(*, but: frozenset[str] = frozenset()) -> Iterator[str]:
    """Every reason that is stated, in its order."""
    return (name for name in HINDRANCES if name not in but)


def any_of(*, but: frozenset[str] = frozenset()) -> Q:
    """Cases that are kept for any reason."""
    found = Q(pk__in=[])
    for name in names(but=but):
        found |= HINDRANCES.get(name).cases()
    return found
