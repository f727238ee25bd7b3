"""Closing somebody's sign-in and opening it again; and the open cases that a leaver would leave behind."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import PortalSession, User
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.reasons import checked_reason
from regulator.casework.services import hand_over
from regulator.organisations.models import ApiKey, Invitation
from regulator.people.access import end_other_access
from regulator.people.events import record
from regulator.people.holding import another_administrator_stays, changing_person
from regulator.people.models import StaffInvitation


@dataclass(frozen=True, slots=True)
class HandingOver:
    """To whom the open cases of somebody go: one by one, by key, and all others. ``None`` is nobody, and is
    said on purpose: without ``rest_is_said`` a case that is not named is an omission."""

    each: Mapping[int, User | None] = field(default_factory=dict)
    rest: User | None = None
    rest_is_said: bool = False

    def of(self, keys: list[int]) -> dict[int, User | None]:
        """To whom each of these cases goes. Raises ``ValidationError`` for those of which nothing was
        said."""
        unsaid = [key for key in keys if key not in self.each and not self.rest_is_said]
        if unsaid:
            count = len(unsaid)
            raise ValidationError(
                {
                    "rest": f"Say to whom the {'open case goes' if count == 1 else f'{count} open cases go'},"
                    " or that nobody gets them."
                }
            )
        return {key: self.each.get(key, self.rest) for key in keys}


def hand_over_cases(*, person: User, to: HandingOver, reason: str, by: Actor, version: int | None) -> int:
    """Hand over all open cases of somebody who stays; answers how many. Recorded, here and on each case.

    Raises ``NotPermitted``, ``StaleVersion``, ``NotAllowedNow`` where there is none, ``ValidationError`` as
    ``deactivate``.
    """
    with changing_person(person, version=version, by=by) as held:
        why = checked_reason(reason)
        count = _hand_over(held, to, by)
        if not count:
            raise NotAllowedNow("No open case is assigned to this person.")
        record("cases_handed_over", person=held, by=by, payload={"cases": count}, text=why)
    return count


def deactivate(*, person: User, to: HandingOver, reason: str, by: Actor, version: int | None) -> User:
    """Close somebody's sign-in, at once: their sessions and API keys end, and so does what else opens to them
    (``people.access``); what invitations of theirs still stand are cancelled; their open cases are handed
    over. Recorded, with the reason and with how many of each.

    Raises ``NotPermitted``, ``StaleVersion``; ``NotAllowedNow`` for oneself, for the last administrator, and
    where it is closed already; ``ValidationError`` for no reason, for open cases of which nothing was said
    (also those that came since the page was read), and for one given to somebody who does not work on cases.
    """
    with changing_person(person, version=version, by=by) as held:
        why = checked_reason(reason)
        if not held.is_active:
            raise NotAllowedNow("This person’s sign-in is closed already.")
        another_administrator_stays(held)
        held.is_active = False
        payload = {
            "cases": _hand_over(held, to, by),
            "sessions": PortalSession.objects.of(held.pk).count(),
            "keys": _end_keys(held),
            "invitations": _cancel_invitations(held),
        }
        PortalSession.objects.filter(user=held).delete()
        end_other_access(held, by=by)
        record("deactivated", person=held, by=by, payload=payload, text=why)
    return person


def reactivate(*, person: User, reason: str, by: Actor, version: int | None) -> User:
    """Open somebody's sign-in again, in the role that they held. What ended with it stays ended, and so does
    what still stood of a sign-in that was closed otherwise. Recorded.

    Raises ``NotPermitted``, ``StaleVersion``, ``NotAllowedNow`` where it is open, ``ValidationError`` for no
    reason.
    """
    with changing_person(person, version=version, by=by) as held:
        why = checked_reason(reason)
        if held.is_active:
            raise NotAllowedNow("This person may sign in already.")
        held.is_active = True
        end_other_access(held, by=by)
        record("reactivated", person=held, by=by, payload={"to": held.role}, text=why)
    return person


def _hand_over(leaver: User, to: HandingOver, by: Actor) -> int:
    keys = list(Case.objects.open().filter(assignee=leaver).order_by("pk").values_list("pk", flat=True))
    given = to.of(keys)
    if leaver in given.values():
        raise ValidationError({"rest": "Give the cases to somebody else, or to nobody."})
    try:
        return hand_over(of=leaver, to=given, by=by)
    except ValidationError as refused:
        raise ValidationError({"rest": refused.messages}) from refused


def _end_keys(person: User) -> int:
    """End the API keys that somebody made for an employer's system; answers how many worked."""
    theirs = ApiKey.objects.filter(membership__user=person, revoked_at__isnull=True)
    working = theirs.working().count()
    theirs.update(revoked_at=clock.now())
    return working


def _cancel_invitations(person: User) -> int:
    """Cancel what somebody sent and nobody took up, so that nobody comes back by a link of their own."""
    now = clock.now()
    of_employers = Invitation.objects.standing().filter(invited_by=person).update(cancelled_at=now)
    return of_employers + StaffInvitation.objects.standing().filter(invited_by=person).update(
        cancelled_at=now
    )
