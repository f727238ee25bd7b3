"""The writes on organisations: API keys."""

from regulator import clock
from regulator.organisations.models import ApiKey, Membership


def create_api_key(*, membership: Membership, label: str, scope: ApiKey.Scope) -> tuple[ApiKey, str]:
    """A new key and its secret, which is not kept and cannot be shown again."""
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
