"""The writes on organisations: who acts for an employer, its own rules, and API keys."""

from django.core.exceptions import ValidationError
from django.db import transaction

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.organisations.models import ApiKey, Employer, Membership
from regulator.organisations.policies import permit


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


def set_sign_off_rule(*, employer: Employer, demanded: bool, by: User) -> Employer:
    """Say whether every notification of the employer's needs a sign-off; its history keeps who said so.

    Holds for drafts that are under way, too. Raises ``NotPermitted`` for anybody but the employer's lead.
    """
    permit(by, "organisations.set_sign_off_rule", employer=employer)
    with transaction.atomic():
        held = Employer.objects.select_for_update().get(pk=employer.pk)
        if held.requires_sign_off != demanded:
            held.requires_sign_off = demanded
            vars(held)["_history_user"] = by
            held.save(update_fields=["requires_sign_off"])
    employer.requires_sign_off = demanded
    return employer


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
