"""Making and ending the address by which somebody's calendar reads their dates."""

import secrets
from typing import Final

from inspections.diary.models import FeedKey
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import append, writing
from regulator.casework.errors import NotAllowedNow
from regulator.organisations.policies import permit

KEEP: Final = "inspections.conduct"
"""Whoever conducts inspections has dates of their own."""


def make_key(*, by: User) -> str:
    """A new secret for the feed of ``by``; the former one opens nothing any more. Answered once, never kept.

    Raises ``NotPermitted``.
    """
    permit(by, KEEP)
    secret = secrets.token_urlsafe(32)
    with writing():
        _end(by)
        made = FeedKey.objects.create(person=by, digest=FeedKey.digest_of(secret))
        append("diary.key_made", case=None, by=by, payload={"key": made.pk})
    return secret


def end_key(*, by: User) -> None:
    """Let the address of one's feed open nothing any more. Raises ``NotPermitted``; ``NotAllowedNow`` where
    none stands."""
    permit(by, KEEP)
    with writing():
        ended = _end(by)
        if ended is None:
            raise NotAllowedNow("There is no address to end.")
        append("diary.key_ended", case=None, by=by, payload={"key": ended.pk})


def has_key(person: User) -> bool:
    """Whether an address of somebody's feed stands (one query)."""
    return FeedKey.objects.filter(person=person, ended_at__isnull=True).exists()


def end_with_access(person: User, by: Actor) -> bool:
    """End the address of somebody whose other access ends too, whoever has asked the policy and holds the
    transaction (``regulator.people``); whether one stood."""
    ended = _end(person)
    if ended is not None:
        append("diary.key_ended", case=None, by=by, payload={"key": ended.pk})
    return ended is not None


def _end(person: User) -> FeedKey | None:
    standing = FeedKey.objects.select_for_update().filter(person=person, ended_at__isnull=True).first()
    if standing is not None:
        standing.ended_at = clock.now()
        standing.save(update_fields=["ended_at"])
    return standing
