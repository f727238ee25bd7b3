"""Who acts for an employer, and in which role."""

from django.core.exceptions import ValidationError

from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.organisations.chronicle import recording
from regulator.organisations.models import Employer, Membership
from regulator.organisations.policies import permit_now


def add_member(*, user: User, employer: Employer, role: Role) -> Membership:
    """Let a person act for an employer; who does so in that role already keeps their membership.

    Raises ``ValidationError`` for CQC's staff, for a role that is not an employer's, and for somebody
    who acts for the employer in another role.
    """
    current = Membership.objects.filter(user=user, employer=employer, role=role, ended_at__isnull=True)
    found = current.first()
    if found is not None:
        return found
    made = Membership(user=user, employer=employer, role=role)
    made.full_clean()
    made.save()
    return made


def change_role(*, membership: Membership, role: Role, by: Actor) -> Membership:
    """Give one of the employer's people another role there; their API keys go on, within the new role.

    Recorded. The role they hold already changes nothing. Raises ``NotPermitted``, and ``ValidationError``
    where access has ended, where the role is not an employer's, or where no lead would be left.
    """
    with recording() as append:
        permit_now(by, "organisations.keep_people", employer=membership.employer_id)
        current = _still_current(membership)
        before = current.role
        if before == role:
            return current
        if before == Role.EMPLOYER_LEAD:
            _another_lead_stays(current)
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

    Recorded: who, when, and how many keys ended with it. Raises ``NotPermitted``, and ``ValidationError``
    where it has ended already or where no lead would be left.
    """
    with recording() as append:
        permit_now(by, "organisations.keep_people", employer=membership.employer_id)
        current = _still_current(membership)
        if current.role == Role.EMPLOYER_LEAD:
            _another_lead_stays(current)
        current.ended_at = clock.now()
        current.save(update_fields=["ended_at"])
        keys = current.api_keys.working().count()
        payload = {"membership": current.pk, "employer": current.employer_id, "keys_ended": keys}
        append("organisations.access_ended", case=None, by=by, payload=payload)
    return current


def _still_current(membership: Membership) -> Membership:
    """The row as it stands now, locked. Raises ``ValidationError`` where access has ended."""
    found = Membership.objects.select_for_update().filter(pk=membership.pk, ended_at__isnull=True).first()
    if found is None:
        raise ValidationError("This person’s access has ended already.")
    return found


def _another_lead_stays(leaving: Membership) -> None:
    """Raise ``ValidationError`` unless another lead of the employer may sign in."""
    leads = Membership.objects.filter(
        employer_id=leaving.employer_id,
        role=Role.EMPLOYER_LEAD,
        ended_at__isnull=True,
        user__is_active=True,
        user__role="",
    )
    if not leads.exclude(pk=leaving.pk).exists():
        raise ValidationError("This is the employer’s only lead. Make somebody else a lead first.")
