"""Who may do what with a learning case, and why not now. Asked by services and desk alike."""

from collections.abc import Iterable
from typing import Final

from notifications.learning.lifecycle import PUBLISHED, refusal
from notifications.learning.models import LearningCase
from notifications.lifecycle import CLOSED
from notifications.models import Basis, Notification
from regulator.accounts.models import User
from regulator.casework.models import Case, Event, Restriction

NONE: Final = "No learning case of this notification is open."
OWN: Final = "You had a hand in writing this, so somebody else must approve it."
RESTRICTED_SINCE: Final = (
    "The notification was restricted after this was published, and it still stands in the public library. "
    "Withdraw it, or write a revision with the reason why the public may read it."
)
NOT_PUBLIC: Final = "No learning case of this notification stands in the library."
WRITING: Final = ("learning.saved", "learning.proposed")
"""The deeds of whoever writes. One of theirs on this case, and they approve nothing of it."""


def not_writable(case: Case, notification: Notification) -> str:
    """Why nothing is learnt from this notification in public, in plain English; ``""`` where it may be (no
    query): it is counted, and its closure was confirmed."""
    if refused := not_closed(case):
        return refused
    if notification.basis != Basis.STATUTORY:
        return "Learning cases are written from statutory notifications: those that are counted."
    return ""


def not_closed(case: Case) -> str:
    """Why it is too early to write of it; ``""`` once its closure was confirmed (no query)."""
    return "" if case.status == CLOSED else "A learning case is written once the notification is closed."


def open_one(case: Case) -> LearningCase | None:
    """What is being written or waits for a second person (one query)."""
    open_ones = LearningCase.objects.open().filter(notification=case.pk)
    return open_ones.select_related("cause").first()


def published_one(case: Case) -> LearningCase | None:
    """What stands in the library (one query)."""
    standing = LearningCase.objects.filter(notification=case.pk, state=PUBLISHED)
    return standing.select_related("cause").first()


def not_now(name: str, learning: LearningCase | None) -> str:
    """Why the transition cannot be taken, in plain English; ``""`` where it can (no query)."""
    return NONE if learning is None else refusal(name, learning.state)


def own_hand(case: Case, learning: LearningCase, by: User) -> str:
    """Why ``by`` may not approve it: they wrote in it, or in an earlier revision (one query at most)."""
    if by.pk in (learning.written_by_id, learning.edited_by_id, learning.proposed_by_id):
        return OWN
    wrote = Event.objects.filter(case=case.pk, actor=by, type__in=WRITING)
    return OWN if wrote.exists() else ""


def restricted_since(learning: LearningCase, standing: Iterable[Restriction]) -> str:
    """That ``learning`` is public from before its notification was restricted, in plain English; ``""`` where
    it is not, or a second person let it stand since (no query)."""
    if learning.state != PUBLISHED or learning.approved_at is None:
        return ""
    later = any(each.restricted_at > learning.approved_at for each in standing)
    return RESTRICTED_SINCE if later else ""
