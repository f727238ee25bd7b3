"""Holding a notification for one deed on its learning case: the case locked at the version read."""

from collections.abc import Iterator
from contextlib import contextmanager

from notifications.learning.conditions import not_now, open_one
from notifications.learning.lifecycle import LIFECYCLE
from notifications.learning.models import LearningCase
from notifications.models import Notification
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import changing
from regulator.casework.visibility import permit_on
from regulator.organisations.policies import NotPermitted


@contextmanager
def holding(
    notification: Notification, name: str, *, by: Actor, version: int | None
) -> Iterator[tuple[Case, User]]:
    """Yield the case as ``casework.services.changing`` does, for a transition that ``by`` may take at all.

    Raises ``NotPermitted``, also for a declared interest and for whoever is no person; ``StaleVersion``;
    ``NotAllowedNow`` for a redacted case.
    """
    if not isinstance(by, User):
        raise NotPermitted("A learning case is written and approved by people.")
    permission = LIFECYCLE.transitions[name].permission
    with changing(notification.case, version=version) as held:
        permit_on(held, permission, by)
        yield held, by


def in_hand(held: Case, name: str) -> LearningCase:
    """The open learning case of a held case, from where it allows the transition (one query). Raises
    ``NotAllowedNow``."""
    learning = open_one(held)
    if learning is None or not_now(name, learning):
        raise NotAllowedNow(not_now(name, learning))
    return learning
