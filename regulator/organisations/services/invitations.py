"""Inviting a colleague to act for an employer: asked, sent again, cancelled, accepted.

What the lead is told never depends on whether the address has an account. Whoever holds the link has read
the mail that was sent to that address, which is what a reset of a password asks for as well.
"""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from regulator import clock
from regulator.accounts.backends import may_sign_in
from regulator.accounts.limits import within
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.organisations.chronicle import Append, recording
from regulator.organisations.models import Employer, Invitation, Membership
from regulator.organisations.policies import permit_now
from regulator.organisations.post import INVITATION, send
from regulator.organisations.refusals import NotAllowedNow
from regulator.organisations.services.members import join

LINK_LASTS: Final = timedelta(days=7)
MOST_AN_HOUR: Final = 20
"""Letters of invitation that one employer may cause in an hour."""
MOST_TO_ONE_ADDRESS: Final = 3
"""Of these, to one address, whichever employers ask."""
NOBODY_TO_INVITE: Final = "This address cannot be invited. Check it, and whether they act for you already."
GONE: Final = "This invitation cannot be used any more. Ask a lead of the employer for a new one."
_KEEP: Final = "organisations.keep_people"


def invite(*, employer: Employer, name: str, email: str, role: Role, by: User) -> Invitation:
    """Ask somebody to act for the employer, by a link that works once within seven days. Recorded.

    Whoever has an open invitation gets it again, with what is said now. Raises ``NotPermitted``,
    ``ValidationError`` for what was typed, and, in the same words, for an address of CQC's staff and one
    that acts for the employer already, and ``NotAllowedNow`` where too many letters were sent.
    """
    email = email.strip().lower()
    with recording() as append:
        permit_now(by, _KEEP, employer=employer.pk)
        standing = Invitation.objects.standing().filter(employer=employer, email=email)
        asked = standing.select_for_update().first() or Invitation(employer=employer, email=email)
        asked.name, asked.role = " ".join(name.split()), role
        token = _renew(asked, by)
        asked.full_clean()
        _refuse_whom_nobody_invites(employer, email)
        _within_limits(employer, email)
        asked.save()
        _send(asked, token, by, append)
    return asked


def resend(*, invitation: Invitation, by: User) -> Invitation:
    """Send an open invitation again with a new link, for seven days from now; the link before it is void.

    Recorded. Raises ``NotPermitted``, and ``NotAllowedNow`` where it was accepted or cancelled, or where too
    many letters were sent; ``ValidationError`` where they act for the employer by now.
    """
    with recording() as append:
        permit_now(by, _KEEP, employer=invitation.employer_id)
        asked = _standing(invitation.pk)
        _refuse_whom_nobody_invites(asked.employer, asked.email)
        _within_limits(asked.employer, asked.email)
        token = _renew(asked, by)
        asked.save()
        _send(asked, token, by, append)
    return asked


def cancel_invitation(*, invitation: Invitation, by: User) -> Invitation:
    """Take an invitation back: its link leads nowhere. Recorded; cancelling again changes nothing.

    Raises ``NotPermitted``, and ``NotAllowedNow`` where it was accepted.
    """
    with recording() as append:
        permit_now(by, _KEEP, employer=invitation.employer_id)
        held = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if held.accepted_at is not None:
            raise NotAllowedNow("This invitation was accepted. End the person’s access instead.")
        if held.cancelled_at is None:
            held.cancelled_at = clock.now()
            held.save(update_fields=["cancelled_at"])
            payload = {"invitation": held.pk, "employer": held.employer_id}
            append("organisations.invitation_cancelled", case=None, by=by, payload=payload)
    return held


def accept_with_password(*, invitation: Invitation, password: str) -> User:
    """Accept as somebody who never signed in: the sign-in is made, with that password, and the membership.

    Recorded. Raises ``ValidationError`` for a weak password, ``NotAllowedNow`` where the invitation cannot
    be used, or where somebody signs in with the address already.
    """
    with recording() as append:
        held = _open(invitation)
        if User.objects.filter(email=held.email).exists():
            raise NotAllowedNow("You have a sign-in already. Open the link again and sign in.")
        user = User(email=held.email, name=held.name)
        try:
            validate_password(password, user)
        except ValidationError as weak:
            raise ValidationError({"password": weak.messages}) from weak
        user = User.objects.create_user(held.email, password, name=held.name)
        _accept(held, user, append)
    return user


def accept_as(*, invitation: Invitation, user: User) -> Membership:
    """Accept as the person who is signed in, and whose address was invited. Recorded.

    Raises ``NotAllowedNow`` for anybody else, for CQC's staff, and where the invitation cannot be used.
    """
    with recording() as append:
        held = _open(invitation)
        present = User.objects.get(pk=user.pk)
        if present.email != held.email or present.role or not may_sign_in(present):
            raise NotAllowedNow(GONE)
        return _accept(held, present, append)


def _open(invitation: Invitation) -> Invitation:
    """The invitation as it stands, while nobody else writes; by the same link, and still to be used."""
    held = Invitation.objects.standing().select_for_update(of=("self",)).select_related("employer")
    found = held.filter(pk=invitation.pk, digest=invitation.digest).first()
    if found is None or clock.now() >= found.expires_at:
        raise NotAllowedNow(GONE)
    return found


def _accept(held: Invitation, user: User, append: Append) -> Membership:
    try:
        membership = join(user=user, employer=held.employer, role=Role(held.role), by=user, append=append)
    except ValidationError as refused:
        raise NotAllowedNow("You act for this employer already, in another role.") from refused
    before = Invitation.objects.filter(membership=membership).exists()
    held.accepted_at, held.membership = clock.now(), None if before else membership
    held.save(update_fields=["accepted_at", "membership"])
    payload = {"invitation": held.pk, "employer": held.employer_id, "membership": membership.pk}
    append("organisations.invitation_accepted", case=None, by=user, payload=payload)
    return membership


def _standing(pk: int) -> Invitation:
    held = Invitation.objects.standing().select_for_update(of=("self",)).select_related("employer")
    found = held.filter(pk=pk).first()
    if found is None:
        raise NotAllowedNow("This invitation was accepted or cancelled.")
    return found


def _refuse_whom_nobody_invites(employer: Employer, email: str) -> None:
    """One answer for both: which addresses are CQC's staff is not for an employer to find out."""
    staff = User.objects.filter(email=email).exclude(role="")
    here = Membership.objects.filter(employer=employer, user__email=email, ended_at__isnull=True)
    if staff.exists() or here.exists():
        raise ValidationError({"email": NOBODY_TO_INVITE})


def _within_limits(employer: Employer, email: str) -> None:
    of_employer = within(f"invitations:{employer.pk}", most=MOST_AN_HOUR, seconds=3600)
    if not of_employer or not within(f"invitations-to:{email}", most=MOST_TO_ONE_ADDRESS, seconds=3600):
        raise NotAllowedNow("Too many invitations were sent. Try again in an hour.")


def _renew(asked: Invitation, by: User) -> str:
    """A new link from now on; answers its secret."""
    token = Invitation.new_token()
    asked.invited_by, asked.invited_at = by, clock.now()
    asked.digest = Invitation.digest_of(token)
    asked.expires_at = asked.invited_at + LINK_LASTS
    return token


def _send(asked: Invitation, token: str, by: User, append: Append) -> None:
    payload = {"invitation": asked.pk, "employer": asked.employer_id, "role": asked.role}
    append("organisations.invited", case=None, by=by, payload=payload)
    context = {
        "employer": asked.employer.name,
        "role": asked.get_role_display(),
        "link": f"{settings.PORTAL_URL}{reverse('invitation:open', args=[token])}",
        "until": timezone.localdate(asked.expires_at),
    }
    send(INVITATION, to=asked.email, context=context, dedupe_key=f"{asked.pk}:{asked.digest[:16]}")
