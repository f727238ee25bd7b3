"""Who acts for an employer, and in which role. The only way in which memberships are written."""

from regulator import clock
from regulator.accounts.actors import Actor, Scheduled
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.organisations.chronicle import Append, recording
from regulator.organisations.models import Employer, Invitation, Membership
from regulator.organisations.policies import permit_now
from regulator.organisations.refusals import NotAllowedNow


def add_member(*, user: User, employer: Employer, role: Role, by: Actor) -> Membership:
    """Let a person act for an employer; who does so in that role already keeps their membership. Recorded.

    Done by CQC's administrators, and while a year or the demonstration is loaded: a lead invites. Raises
    ``NotPermitted``, and ``ValidationError`` for CQC's staff, for a role that is not an employer's, and for
    somebody who acts for the employer in another role.
    """
    with recording() as append:
        permit_now(by, "organisations.add_member", employer=employer.pk)
        return join(user=user, employer=employer, role=role, by=by, append=append)


def join(*, user: User, employer: Employer, role: Role, by: Actor, append: Append) -> Membership:
    """The membership itself, inside ``recording``; whoever calls this has asked whether it may be.

    Raises ``ValidationError`` as ``add_member``.
    """
    found = Membership.objects.filter(
        user=user, employer=employer, role=role, ended_at__isnull=True, user__role=""
    ).first()
    if found is not None:
        return found
    made = Membership(user=user, employer=employer, role=role)
    made.full_clean()
    made.save()
    payload = {"membership": made.pk, "employer": employer.pk, "role": made.role}
    append("organisations.member_added", case=None, by=by, payload=payload)
    return made


def change_role(*, membership: Membership, role: Role, by: Actor) -> Membership:
    """Give one of the employer's people another role there; their API keys go on, within the new role.

    Recorded. The role they hold already changes nothing. A lead who becomes a reporter can invite nobody:
    what they sent and nobody took up is cancelled. Raises ``NotPermitted``, ``NotAllowedNow`` where access
    has ended or no lead would be left, and ``ValidationError`` where the role is not an employer's.
    """
    with recording() as append:
        _permit_keeping(by, membership.employer_id)
        current = _still_current(membership)
        before = current.role
        if before == role:
            return current
        if before == Role.EMPLOYER_LEAD:
            _another_lead_stays(current)
            _cancel_invitations_of(current)
        current.role = role
        current.full_clean()
        current.save(update_fields=["role"])
        payload = {
            "membership": current.pk,
            "employer": current.employer_id,
            "from": before,
            "to": role.value,
        }
        append("organisations.role_changed", case=None, by=by, payload=payload)
    return current


def end_access(*, membership: Membership, by: Actor) -> Membership:
    """End somebody's access for the employer, and with it the API keys of that membership, at once.

    Recorded: who, when, and how many keys and standing invitations ended with it. Raises ``NotPermitted``,
    and ``NotAllowedNow`` where it has ended already or where no lead would be left.
    """
    with recording() as append:
        _permit_keeping(by, membership.employer_id)
        current = _still_current(membership)
        if current.role == Role.EMPLOYER_LEAD:
            _another_lead_stays(current)
        current.ended_at = clock.now()
        current.save(update_fields=["ended_at"])
        payload = {
            "membership": current.pk,
            "employer": current.employer_id,
            "keys_ended": current.api_keys.working().count(),
            "invitations_cancelled": _cancel_invitations_of(current),
        }
        append("organisations.access_ended", case=None, by=by, payload=payload)
    return current


def _permit_keeping(by: Actor, employer: int) -> None:
    """The employer's leads keep its people, and CQC's administrators everybody's."""
    of_cqc = not isinstance(by, Scheduled) and bool(by.role)
    permission = "organisations.manage" if of_cqc else "organisations.keep_people"
    permit_now(by, permission, employer=employer)


def _still_current(membership: Membership) -> Membership:
    """The row as it stands now, locked. Raises ``NotAllowedNow`` where access has ended."""
    found = Membership.objects.select_for_update().filter(pk=membership.pk, ended_at__isnull=True).first()
    if found is None:
        raise NotAllowedNow("This person’s access has ended already.")
    return found


def _another_lead_stays(leaving: Membership) -> None:
    """Raise ``NotAllowedNow`` unless another lead of the employer may sign in."""
    leads = Membership.objects.filter(
        employer_id=leaving.employer_id,
        role=Role.EMPLOYER_LEAD,
        ended_at__isnull=True,
        user__is_active=True,
        user__role="",
    )
    if not leads.exclude(pk=leaving.pk).exists():
        raise NotAllowedNow("This is the employer’s only lead. Make somebody else a lead first.")


def _cancel_invitations_of(lead: Membership) -> int:
    """Cancel what a lead sent and nobody took up, so that nobody comes back by a link of their own."""
    theirs = Invitation.objects.standing().filter(employer_id=lead.employer_id, invited_by_id=lead.user_id)
    return theirs.update(cancelled_at=clock.now())
