"""What the employer says of itself: its own rules, and the address of its chief executive's office."""

import hashlib

from regulator.accounts.models import User
from regulator.organisations.chronicle import recording
from regulator.organisations.models import Employer
from regulator.organisations.policies import permit_now
from regulator.organisations.post import ADDRESS_CHANGED, send
from regulator.organisations.refusals import NotAllowedNow


def set_sign_off_rule(*, employer: Employer, demanded: bool, by: User) -> Employer:
    """Say whether every notification of the employer's needs a sign-off; its history keeps who said so.

    Recorded. Holds for drafts that are under way, too. Raises ``NotPermitted`` for anybody but the
    employer's lead.
    """
    with recording() as append:
        permit_now(by, "organisations.set_sign_off_rule", employer=employer.pk)
        held = Employer.objects.select_for_update().get(pk=employer.pk)
        if held.requires_sign_off != demanded:
            held.requires_sign_off = demanded
            vars(held)["_history_user"] = by
            held.save(update_fields=["requires_sign_off"])
            payload = {"employer": held.pk, "demanded": demanded}
            append("organisations.sign_off_rule_set", case=None, by=by, payload=payload)
    employer.requires_sign_off = demanded
    return employer


def set_chief_executive_email(*, employer: Employer, email: str, was: str, by: User) -> Employer:
    """Say where the confirmation of a closure goes. Recorded; both addresses are told.

    The address that stands already changes nothing. ``was`` is the one that the page showed. Raises
    ``NotPermitted``, ``NotAllowedNow`` where somebody changed it since, and ``ValidationError`` for what is
    no address.
    """
    email = email.strip().lower()
    with recording() as append:
        permit_now(by, "organisations.keep_details", employer=employer.pk)
        held = Employer.objects.select_for_update().get(pk=employer.pk)
        before = held.chief_executive_email
        if before == email:
            return held
        if before != was:
            raise NotAllowedNow(f"Someone else changed the address while you were. It is now: {before}.")
        held.chief_executive_email = email
        held.full_clean()
        vars(held)["_history_user"] = by
        held.save(update_fields=["chief_executive_email"])
        change = held.history.latest().pk
        payload = {"employer": held.pk, "sha256": hashlib.sha256(email.encode()).hexdigest()}
        append("organisations.chief_executive_email_changed", case=None, by=by, payload=payload)
        for to in filter(None, (before, email)):
            context = {"employer": held.name, "before": before, "after": email}
            send(ADDRESS_CHANGED, to=to, context=context, dedupe_key=str(change))
    return held
