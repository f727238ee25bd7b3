"""The writes on organisations: who acts for an employer, and API keys."""

from django.core.exceptions import ValidationError

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.organisations.models import ApiKey, Employer, Membership


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


def create_api_key(*, membership: Membership, label: str, scope: ApiKey.Scope) -> tuple[ApiKey, str]:
    """A new key and its secret, which is not kept and cannot be shown again.

    Raises ``ValidationError`` where the person no longer acts for the employer, may not sign in, or is
    on CQC's staff: such a key would open nothing.
    """
    membership.clean()
    if membership.ended_at is not None or not membership.user.is_active:
        raise ValidationError("This person does not act for the employer now, so they get no key.")
    secret = ApiKey.new_secret()
    key = ApiKey.objects.create(
        membership=membership, label=label, scope=scope, digest=ApiKey.digest_of(secret)
    )
    return key, secret


def revoke_api_key(*, key: ApiKey) -> None:
    """Stop a key from working; revoking it again changes nothing."""
    if key.revoked_at is None:
        key.revoked_at = clock.now()
        key.save(update_fields=["revoked_at"])
