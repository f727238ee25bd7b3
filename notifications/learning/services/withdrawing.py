"""Taking a learning case out of the library. It takes away and adds nothing, so one person does it."""

from typing import Any, Final

from django.core.exceptions import ValidationError

from notifications.learning import library
from notifications.learning.conditions import NOT_PUBLIC, published_one
from notifications.learning.lifecycle import APPROVE, PUBLISHED, WITHDRAWN
from notifications.learning.models import LearningCase, PublishedLearning
from notifications.learning.services.holding import holding
from notifications.learning.services.writing import check_given
from notifications.models import Notification
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import append, writing
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.identifiers import find
from regulator.casework.models import Case
from regulator.casework.services import refuse_identifiers
from regulator.organisations.policies import NotPermitted, permit

_NAMES_SOMEBODY: Final = "Give the reason without a name, a number or an address of a person."


def withdraw_learning(
    *,
    notification: Notification,
    by: Actor,
    version: int | None,
    reason: str,
    identifies_nobody: str = "",
) -> None:
    """Take what stands in the library out of it: its address says from then on that it was withdrawn.

    What is being written meanwhile goes on, and gets an address of its own. Raises ``NotPermitted``,
    ``StaleVersion``, ``NotAllowedNow`` where nothing stands, ``ValidationError`` for no reason,
    ``IdentifiersFound``.
    """
    with holding(notification, "withdraw", by=by, version=version) as (held, person):
        check_given(reason)
        refuse_identifiers(case=held, texts={"reason": reason}, by=person, reason=identifies_nobody)
        _withdraw(held, person, reason)


def withdraw_published(*, number: int, by: Actor, revision: int, reason: str) -> None:
    """Take out of the library what stands there at ``number``, whose case is redacted, so that no page
    of the case leads to it any more. ``revision`` is the one that was read.

    Raises as ``withdraw_learning`` does, and ``NotAllowedNow`` where the case is at hand: it is withdrawn
    there. ``ValidationError`` for a reason that seems to identify somebody.
    """
    if not isinstance(by, User):
        raise NotPermitted("A learning case is withdrawn by a person.")
    permit(by, APPROVE)
    with writing():
        entry = PublishedLearning.objects.standing().filter(number=number).first()
        if entry is None:
            raise NotAllowedNow("No learning case stands at this number.")
        if entry.revision != revision:
            raise StaleVersion(read=revision, current=entry.revision)
        if LearningCase.objects.filter(public_number=number, state=PUBLISHED).exists():
            raise NotAllowedNow("It is withdrawn on the page of its notification.")
        check_given(reason)
        if find(reason):
            raise ValidationError({"reason": _NAMES_SOMEBODY})
        library.take_out(number)
        payload: dict[str, Any] = {"number": number, "revision": revision}
        append("learning.withdrawn", case=None, by=by, payload=payload, text=reason.strip())


def _withdraw(held: Case, by: User, reason: str) -> None:
    learning = published_one(held)
    if learning is None or learning.public_number is None:
        raise NotAllowedNow(NOT_PUBLIC)
    library.take_out(learning.public_number)
    learning.state = WITHDRAWN
    learning.ended_by, learning.ended_at, learning.ended_why = by, clock.now(), reason.strip()
    learning.save(update_fields=["state", "ended_by", "ended_at", "ended_why"])
    payload = {"revision": learning.number, "number": learning.public_number}
    append("learning.withdrawn", case=held, by=by, payload=payload, text=reason.strip())
