"""The second person: publishing a learning case as it was proposed, or giving it back."""

from django.core.exceptions import ValidationError

from notifications.learning import library
from notifications.learning.conditions import own_hand, published_one
from notifications.learning.doubts import doubts_about, texts_of
from notifications.learning.facts import filed_otherwise
from notifications.learning.lifecycle import DRAFT, PUBLISHED, REPLACED
from notifications.learning.models import LearningCase, PublishedLearning
from notifications.learning.services.holding import holding, in_hand
from notifications.learning.services.writing import check_given, own_of
from notifications.models import Notification
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.casework.chain import append
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import refuse_identifiers

CHANGED = "Since it was proposed, the checks find what nobody gave a reason for."
OTHERWISE = "Give it back: how it is filed is no longer what the notification says."
UNSURE = "Confirm that what is doubted identifies no site and may be public, or give it back."


def approve_learning(
    *,
    notification: Notification,
    by: Actor,
    version: int | None,
    doubts_confirmed: bool = False,
    identifies_nobody: str = "",
) -> PublishedLearning:
    """Publish what was proposed; where an earlier revision stands in the library, in its place. Everything is
    checked anew, because names and counts change.

    Raises ``NotPermitted`` (also for a declared interest), ``StaleVersion``; ``NotAllowedNow`` for whoever
    wrote in it, where nothing waits, where the notification is closed or counted no more, or was coded
    or corrected since it was written (``facts.filed_otherwise``), and for doubts that were not there when the
    writer gave the reason; ``ValidationError`` for doubts that ``by`` did not
    confirm; ``IdentifiersFound``.
    """
    with holding(notification, "approve", by=by, version=version) as (held, person):
        learning = in_hand(held, "approve")
        own = own_of(notification, held)
        if refused := own_hand(held, learning, person):
            raise NotAllowedNow(refused)
        if wrong := filed_otherwise(learning, own):
            raise NotAllowedNow(f"{OTHERWISE} {' '.join(wrong.values())}")
        _check(learning, held, confirmed=doubts_confirmed)
        said = texts_of(learning)
        refuse_identifiers(case=held, texts=said, by=person, reason=identifies_nobody)
        former = published_one(held)
        if former is not None:
            former.state, former.ended_by, former.ended_at = REPLACED, person, clock.now()
            former.save(update_fields=["state", "ended_by", "ended_at"])
        entry = library.put(
            told_of(learning),
            number=former.public_number if former is not None else None,
            revision=learning.number,
        )
        learning.state, learning.public_number = PUBLISHED, entry.number
        learning.approved_by, learning.approved_at = person, clock.now()
        learning.save()
        payload = {
            "revision": learning.number,
            "number": entry.number,
            "replaces": former.number if former is not None else None,
        }
        append("learning.published", case=held, by=person, payload=payload)
    return entry


def return_learning(
    *,
    notification: Notification,
    by: Actor,
    version: int | None,
    reason: str,
    identifies_nobody: str = "",
) -> None:
    """Give back what was proposed, to be written again, and say why. Raises as ``approve_learning`` does."""
    with holding(notification, "return", by=by, version=version) as (held, person):
        learning = in_hand(held, "return")
        check_given(reason)
        refuse_identifiers(case=held, texts={"reason": reason}, by=person, reason=identifies_nobody)
        learning.state = DRAFT
        learning.returned_by, learning.returned_at = person, clock.now()
        learning.returned_why = reason.strip()
        learning.save()
        payload = {"revision": learning.number}
        append("learning.returned", case=held, by=person, payload=payload, text=reason.strip())


def told_of(learning: LearningCase) -> library.Told:
    """What the library is to tell of it: nothing of the case, and no day."""
    return library.Told(
        texts=texts_of(learning),
        modality=learning.modality,
        sub_modality=learning.sub_modality,
        tiers=learning.cause_told,
        equipment=learning.equipment,
        themes=tuple(learning.themes),
    )


def _check(learning: LearningCase, held: Case, *, confirmed: bool) -> None:
    doubts = doubts_about(learning, held)
    if doubts.certain:
        told = ", ".join(each.told for each in doubts.certain)
        raise NotAllowedNow(f"It says {told}. Give it back, and say so.")
    if not doubts.any:
        return
    if unseen := doubts.beyond(learning.doubts):
        raise NotAllowedNow(f"{CHANGED} {' '.join(unseen)} Give it back, and say so.")
    if not confirmed:
        raise ValidationError({"doubts_confirmed": UNSURE})
