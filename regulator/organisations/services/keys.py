"""API keys of an employer's incident systems: made, revoked, and when they were last used."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q

from regulator import clock
from regulator.accounts.actors import Actor
from regulator.organisations.chronicle import recording
from regulator.organisations.models import ApiKey, Membership
from regulator.organisations.policies import permit_now
from regulator.organisations.refusals import NotAllowedNow

_BETWEEN_NOTES_OF_USE: Final = timedelta(hours=1)


class MadeAlready(NotAllowedNow):
    """The page that was sent has made its key already."""


def create_api_key(
    *,
    membership: Membership,
    label: str,
    scope: ApiKey.Scope,
    by: Actor,
    expires_on: date | None = None,
    made_from: UUID | None = None,
) -> tuple[ApiKey, str]:
    """A new key and its secret, which is not kept and cannot be shown again. Recorded.

    ``expires_on`` is the last day on which it works. ``made_from`` names the page that was sent: the same
    page sent again makes no second key and raises ``MadeAlready``. Raises ``NotPermitted``, and
    ``ValidationError`` for a day that is past, and where the person no longer acts for the employer, may
    not sign in, or is on CQC's staff: such a key would open nothing.
    """
    with recording() as append:
        permit_now(by, "organisations.make_key", employer=membership.employer_id)
        _may_hold_a_key(membership)
        secret = ApiKey.new_secret()
        key = ApiKey(
            membership=membership,
            label=label,
            scope=scope,
            digest=ApiKey.digest_of(secret),
            prefix=secret[: ApiKey.PREFIX_LENGTH],
            expires_on=expires_on,
            made_from=made_from,
        )
        _refuse_what_opens_nothing(key)
        key.save()
        payload = {"key": key.pk, "employer": membership.employer_id, "scope": str(scope)}
        append("organisations.key_made", case=None, by=by, payload=payload)
    return key, secret


def revoke_api_key(*, key: ApiKey, by: Actor) -> None:
    """Stop a key from working, and record it; revoking it again changes nothing. Raises ``NotPermitted``."""
    with recording() as append:
        employer = key.membership.employer_id
        permit_now(by, "organisations.make_key", employer=employer)
        revoked = ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=clock.now())
        key.refresh_from_db(fields=["revoked_at"])
        if revoked:
            payload = {"key": key.pk, "employer": employer}
            append("organisations.key_revoked", case=None, by=by, payload=payload)


def note_use(*, key: ApiKey) -> None:
    """Keep when a key was last used, to the hour: at most one write an hour, none in between."""
    now = clock.now()
    stale = now - _BETWEEN_NOTES_OF_USE
    if key.last_used_at is not None and key.last_used_at > stale:
        return
    unnoted = Q(last_used_at__isnull=True) | Q(last_used_at__lte=stale)
    ApiKey.objects.filter(unnoted, pk=key.pk).update(last_used_at=now)


def _may_hold_a_key(membership: Membership) -> None:
    current = Membership.objects.select_related("user").get(pk=membership.pk)
    current.clean()
    if current.ended_at is not None or not current.user.is_active:
        raise ValidationError("This person does not act for the employer now, so they get no key.")


def _refuse_what_opens_nothing(key: ApiKey) -> None:
    if key.expires_on is not None and key.expires_on < clock.today():
        raise ValidationError({"expires_on": "The last day must be today or later."})
    if key.made_from is not None and ApiKey.objects.filter(made_from=key.made_from).exists():
        raise MadeAlready
