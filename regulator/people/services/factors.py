"""What happens to somebody's second step of signing in: recorded, told to them, and taken away if need be."""

from typing import Final

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import PortalSession, User
from regulator.accounts.second_factor import FACTORS
from regulator.casework.chain import writing
from regulator.casework.errors import NotAllowedNow
from regulator.casework.reasons import checked_reason
from regulator.outbox.services import enqueue
from regulator.people.access import end_other_access
from regulator.people.events import record
from regulator.people.holding import changing_person
from regulator.people.letters import FACTOR_CHANGED, FACTORS_RESET

_WHAT: Final = {
    ("factor_added", Authenticator.Type.TOTP): "An authenticator app was set up as your second step.",
    ("factor_added", Authenticator.Type.WEBAUTHN): "A passkey was added to your second step.",
    ("factor_removed", Authenticator.Type.TOTP): "The authenticator app of your second step was removed.",
    ("factor_removed", Authenticator.Type.WEBAUTHN): "A passkey of your second step was removed.",
    (
        "recovery_codes_made",
        Authenticator.Type.RECOVERY_CODES,
    ): "New recovery codes were made for your sign-in.",
    (
        "recovery_code_used",
        Authenticator.Type.RECOVERY_CODES,
    ): "One of your recovery codes was used to sign in.",
}
"""What the letter says of each change; of what is not listed no letter is written."""


def note_factor(*, what: str, person: User, factor: Authenticator) -> None:
    """Record a change that somebody made to their own second step, and tell them by letter."""
    with writing():
        record(what, person=person, by=person, payload={"type": str(factor.type)})
        told = _WHAT.get((what, Authenticator.Type(factor.type)))
        if told:
            now = clock.now()
            key = f"{FACTOR_CHANGED.name}:{person.pk}:{what}:{factor.pk}:{now.isoformat()}"
            context = {"what": told, "when": now}
            enqueue(letter=FACTOR_CHANGED.name, to=person.email, context=context, dedupe_key=key)


def reset_factors(*, person: User, reason: str, by: Actor, version: int | None) -> int:
    """Take away every factor of somebody with their recovery codes, and sign them out everywhere: what opens
    to them without signing in ends too (``people.access``). Answers how many factors there were. They set up
    another at their next sign-in, and are bound anew to whom the identity provider says they are. Recorded,
    and told to them.

    Raises ``NotPermitted``, ``StaleVersion``, ``NotAllowedNow`` for oneself and where there is none,
    ``ValidationError`` for no reason.
    """
    with changing_person(person, version=version, by=by) as held:
        why = checked_reason(reason)
        theirs = Authenticator.objects.filter(user=held)
        count: int = theirs.filter(type__in=FACTORS).count()
        bound, _ = SocialAccount.objects.filter(user=held).delete()
        if not count and not bound:
            raise NotAllowedNow("This person has set up no second step.")
        theirs.delete()
        PortalSession.objects.filter(user=held).delete()
        end_other_access(held, by=by)
        record("factors_reset", person=held, by=by, payload={"factors": count}, text=why)
        key = f"{FACTORS_RESET.name}:{held.pk}:{held.version}"
        enqueue(letter=FACTORS_RESET.name, to=held.email, context={"when": clock.now()}, dedupe_key=key)
    return count
