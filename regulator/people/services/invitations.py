"""Inviting somebody to CQC's staff: asked, sent again, cancelled, accepted. By a link that works once."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from regulator import clock
from regulator.accounts.actors import Actor, Scheduled
from regulator.accounts.limits import within
from regulator.accounts.models import User
from regulator.accounts.roles import STAFF_ROLES, Role
from regulator.casework.chain import append, writing
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.reasons import checked_reason
from regulator.outbox.services import enqueue
from regulator.people.events import record
from regulator.people.holding import permit_to_manage
from regulator.people.letters import INVITATION
from regulator.people.models import AboutPerson, StaffInvitation

LINK_LASTS: Final = timedelta(days=3)
MOST_TO_ONE_ADDRESS: Final = 3
"""Letters of invitation to one address in an hour."""
GONE: Final = "This invitation cannot be used any more. Ask an administrator of the portal for a new one."


def invite(*, name: str, email: str, role: Role, reason: str, by: Actor) -> StaffInvitation:
    """Ask somebody to join the staff in a role, by a link that works once within three days. Recorded.

    Whoever has an open invitation gets it again, with what is said now. Raises ``NotPermitted``,
    ``ValidationError`` for what was typed and for an address with which somebody signs in already, and
    ``NotAllowedNow`` where too many letters were sent.
    """
    email = email.strip().lower()
    with writing():
        permit_to_manage(by)
        why = checked_reason(reason)
        if role not in STAFF_ROLES:
            raise ValidationError({"role": "Choose a role of CQC’s staff."})
        if User.objects.filter(email=email).exists():
            raise ValidationError(
                {"email": "Somebody signs in with this address already. Give the role on their own page."}
            )
        standing = StaffInvitation.objects.standing().select_for_update().filter(email=email)
        asked = standing.first() or StaffInvitation(email=email)
        asked.name, asked.role = " ".join(name.split()), role.value
        token = _renew(asked, by)
        asked.full_clean()
        _within_limits(email)
        asked.version += 0 if asked._state.adding else 1
        asked.save()
        payload = {"invitation": asked.pk, "role": asked.role}
        asked.recorded_in = append("people.invited", case=None, by=by, payload=payload, text=why)
        asked.save(update_fields=["recorded_in"])
        _send(asked, token)
    return asked


def resend(*, invitation: StaffInvitation, by: Actor, version: int) -> StaffInvitation:
    """Send an open invitation again with a new link, for three days from now; the link before it is void.

    Recorded. Raises ``NotPermitted``, ``StaleVersion``, and ``NotAllowedNow`` where it was accepted or
    cancelled, where they sign in by now, or where too many letters were sent.
    """
    with writing():
        permit_to_manage(by)
        asked = _standing(invitation, version)
        if User.objects.filter(email=asked.email).exists():
            raise NotAllowedNow(
                "Somebody signs in with this address by now. Give the role on their own page."
            )
        _within_limits(asked.email)
        token = _renew(asked, by)
        asked.version += 1
        asked.save()
        append("people.invited", case=None, by=by, payload={"invitation": asked.pk, "role": asked.role})
        _send(asked, token)
    return asked


def cancel(*, invitation: StaffInvitation, by: Actor, version: int) -> StaffInvitation:
    """Take an invitation back: its link leads nowhere. Recorded.

    Raises ``NotPermitted``, ``StaleVersion``, and ``NotAllowedNow`` where it was accepted or cancelled.
    """
    with writing():
        permit_to_manage(by)
        asked = _standing(invitation, version)
        asked.cancelled_at = clock.now()
        asked.version += 1
        asked.save(update_fields=["cancelled_at", "version"])
        append("people.invitation_cancelled", case=None, by=by, payload={"invitation": asked.pk})
    return asked


def accept(*, invitation: StaffInvitation, password: str) -> User:
    """Join the staff: the sign-in is made, with that password, in the role that was given. Recorded.

    Raises ``ValidationError`` for a weak password, ``NotAllowedNow`` where the invitation cannot be used.
    """
    with writing():
        standing = StaffInvitation.objects.standing().select_for_update(of=("self",))
        held = (
            standing.select_related("recorded_in").filter(pk=invitation.pk, digest=invitation.digest).first()
        )
        if held is None or clock.now() >= held.expires_at or User.objects.filter(email=held.email).exists():
            raise NotAllowedNow(GONE)
        try:
            validate_password(password, User(email=held.email, name=held.name))
        except ValidationError as weak:
            raise ValidationError({"password": weak.messages}) from weak
        person = User.objects.create_user(held.email, password, name=held.name, role=held.role)
        held.accepted_at, held.person = clock.now(), person
        held.version += 1
        held.save(update_fields=["accepted_at", "person", "version"])
        if held.recorded_in is not None:
            AboutPerson.objects.create(event=held.recorded_in, person=person)
        record("joined", person=person, by=person, payload={"invitation": held.pk, "to": person.role})
    return person


def _standing(invitation: StaffInvitation, version: int) -> StaffInvitation:
    """The invitation as it stands, still open. Raises ``NotAllowedNow``, ``StaleVersion``."""
    held = StaffInvitation.objects.select_for_update().get(pk=invitation.pk)
    if held.accepted_at is not None:
        raise NotAllowedNow("This invitation was accepted. Change the person’s role or access instead.")
    if held.cancelled_at is not None:
        raise NotAllowedNow("This invitation was cancelled. Invite them anew.")
    if version != held.version:
        raise StaleVersion(read=version, current=held.version, what="invitation")
    return held


def _renew(asked: StaffInvitation, by: Actor) -> str:
    """A new link from now on; answers its secret."""
    token = StaffInvitation.new_token()
    asked.invited_by = None if isinstance(by, Scheduled) else by
    asked.invited_at = clock.now()
    asked.digest = StaffInvitation.digest_of(token)
    asked.expires_at = asked.invited_at + LINK_LASTS
    return token


def _within_limits(email: str) -> None:
    if not within(f"staff-invitation:{email}", most=MOST_TO_ONE_ADDRESS, seconds=3600):
        raise NotAllowedNow("Too many invitations went to this address. Wait an hour, then try again.")


def _send(asked: StaffInvitation, token: str) -> None:
    context = {
        "role": asked.get_role_display(),
        "link": f"{settings.PORTAL_URL}{reverse('joining:open', args=[token])}",
        "until": timezone.localdate(asked.expires_at),
    }
    key = f"{INVITATION.name}:{asked.pk}:{asked.digest[:16]}"
    enqueue(letter=INVITATION.name, to=asked.email, context=context, dedupe_key=key)
