"""Asking for the monthly digest, changing what it is about, and ending it."""

from collections.abc import Iterable

from django.db import transaction

from notifications.guidance.models import DigestLetter, Wish
from regulator import clock
from regulator.accounts.models import User
from regulator.organisations.models import Modality
from regulator.organisations.policies import NotPermitted
from regulator.outbox.models import Message
from regulator.outbox.services import forget


def wish_for_digest(*, by: User, modalities: Iterable[str]) -> Wish:
    """Send ``by`` the digest from now on, of these modalities or of all. Nothing older is told.

    Raises ``NotPermitted`` for anybody who acts for no employer.
    """
    chosen = set(modalities)
    wanted = [each.value for each in Modality if each in chosen]
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=by.pk)
        if not acts_for_an_employer(person):
            raise NotPermitted("The digest is for those who act for an employer.")
        wish, made = Wish.objects.get_or_create(
            user=person, defaults={"modalities": wanted, "told_through": clock.now()}
        )
        if not made:
            Wish.objects.filter(pk=wish.pk).update(modalities=wanted)
            wish.modalities = wanted
    return wish


def end_wish(*, by: User) -> None:
    """Send ``by`` no digest any more; nothing where they had none."""
    wish = Wish.objects.filter(user=by).first()
    if wish is not None:
        stop_wish(wish=wish)


def stop_wish(*, wish: Wish) -> None:
    """End it, whoever follows its link. A letter that has not left does not leave any more, and what letters
    said is erased. Ended once more it is ended too."""
    with transaction.atomic():
        held = Wish.objects.select_for_update().filter(pk=wish.pk).first()
        if held is None:
            return
        letters = DigestLetter.objects.filter(wish=held)
        forget(Message.objects.filter(pk__in=list(letters.values_list("message_id", flat=True))))
        letters.delete()
        held.delete()


def acts_for_an_employer(person: User) -> bool:
    """Whether somebody is one of an employer's people now (one query for a person just read)."""
    return person.is_active and not person.role and bool(person.employer_roles)
