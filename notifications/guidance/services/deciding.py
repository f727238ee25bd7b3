"""The second person's deeds: approving a version of a guidance page, or giving it back."""

from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone

from notifications.guidance.content import check, content_of
from notifications.guidance.models import Turn, Version
from notifications.guidance.services.writing import APPROVE, decided, only_in
from regulator import clock
from regulator.accounts.models import User
from regulator.casework.errors import NotAllowedNow
from regulator.casework.reasons import checked_reason


def approve(*, draft: Version, by: User, version: int) -> Version:
    """Let a version hold from its day on. It is checked once more as things stand, numbered, and never
    changed again.

    What was approved before it for the same day or a later one, and is not shown yet, never is: no older text
    takes the place of a newer approval. Raises ``NotPermitted``, ``StaleVersion``; ``NotAllowedNow`` for
    whoever wrote any of it, for one that was not sent, and where it no longer fits: its day is over, or a
    provision is not in force.
    """

    def deed(held: Version) -> None:
        only_in(held, Version.State.SENT)
        _by_another(held, by)
        earlier = held.topic.versions.filter(state=Version.State.APPROVED)
        try:
            check(content_of(held), first=not earlier.exists())
        except ValidationError as wrong:
            raise NotAllowedNow(f"This no longer fits: {' '.join(wrong.messages)}") from wrong
        now = clock.now()
        Version.objects.falling_away(held, now).update(state=Version.State.OVERTAKEN)
        last: int = held.topic.versions.aggregate(last=Max("number"))["last"] or 0
        held.number = last + 1
        held.state, held.decided_by, held.decided_at = Version.State.APPROVED, by, now
        held.published_at = max(beginning_of(held.valid_from), now)
        Turn.objects.create(at=held.published_at)

    return decided(draft, by, version, APPROVE, "approved", deed)


def give_back(*, draft: Version, reason: str, by: User, version: int) -> Version:
    """Make a draft of it again, with what is to be done about it.

    Raises ``NotPermitted``, ``StaleVersion``; ``NotAllowedNow`` for whoever wrote any of it (they take it
    back) and for one that was not sent; ``ValidationError`` for no reason, or one that names somebody.
    """

    def deed(held: Version) -> None:
        only_in(held, Version.State.SENT)
        _by_another(held, by)
        held.given_back_because = checked_reason(reason)
        held.state = Version.State.DRAFT

    return decided(draft, by, version, APPROVE, "given_back", deed, lambda held: held.given_back_because)


def beginning_of(day: date) -> datetime:
    """The moment in which a day begins in London."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def _by_another(held: Version, by: User) -> None:
    if held.drafted_by_id == by.pk or held.writers.filter(pk=by.pk).exists():
        raise NotAllowedNow("You wrote this. Another person decides.")
