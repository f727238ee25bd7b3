"""Deciding on a list: two people approve it, one refuses it, whoever put it together takes it back."""

from collections.abc import Callable
from typing import Final

from regulator import clock
from regulator.accounts.models import User
from regulator.casework.chain import append, writing
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.reasons import checked_reason
from regulator.hint import wake_on_commit
from regulator.organisations.models import Interest
from regulator.organisations.policies import InterestDeclared
from regulator.retention.models import RetentionBatch, RetentionItem
from regulator.retention.permissions import APPROVE, PROPOSE, permit_now
from regulator.retention.services.recording import payload_of

TASK: Final = "retention.redact_due"
State = RetentionBatch.State


def approve_batch(*, batch: RetentionBatch, by: User, version: int) -> RetentionBatch:
    """Let the cases of a batch be emptied: twice, by two people who did not put it together. Recorded.

    After the second approval a worker begins. Raises ``NotPermitted``, as ``InterestDeclared`` for a list
    with a case of an employer in which they declared an interest; ``StaleVersion``; ``NotAllowedNow`` for
    whoever put it together, for a second approval by the same person, and where it was decided on already.
    """

    def decide(held: RetentionBatch) -> dict[str, int]:
        if held.proposed_by_id == by.pk:
            raise NotAllowedNow("You put this list together. Two others approve it.")
        if held.first_by_id == by.pk:
            raise NotAllowedNow("You approved this list already. Somebody else approves it as well.")
        if interested(held, by):
            raise InterestDeclared
        if held.first_by_id is None:
            held.first_by, held.first_at = by, clock.now()
            return {"approval": 1}
        held.second_by, held.second_at, held.state = by, clock.now(), State.APPROVED
        wake_on_commit(TASK)
        return {"approval": 2}

    return _decide(batch, by, version, APPROVE, "approved", decide)


def refuse_batch(*, batch: RetentionBatch, by: User, version: int, reason: str) -> RetentionBatch:
    """Turn a list down, with a reason; its cases may be listed again. Recorded.

    Raises ``NotPermitted``, ``StaleVersion``, ``ValidationError`` for no reason or one that names somebody,
    ``NotAllowedNow`` for whoever put it together (they withdraw it) and where it was decided on already.
    """

    def decide(held: RetentionBatch) -> dict[str, int]:
        if held.proposed_by_id == by.pk:
            raise NotAllowedNow("You put this list together. Withdraw it instead.")
        _end(held, State.REFUSED, by)
        return {}

    return _decide(batch, by, version, APPROVE, "refused", decide, checked_reason(reason))


def withdraw_batch(*, batch: RetentionBatch, by: User, version: int) -> RetentionBatch:
    """Take back a list of one's own that still waits. Recorded.

    Raises ``NotPermitted``, ``StaleVersion``, ``NotAllowedNow`` for anybody but who put it together, and
    where it was decided on already.
    """

    def decide(held: RetentionBatch) -> dict[str, int]:
        if held.proposed_by_id != by.pk:
            raise NotAllowedNow("Somebody else put this list together. Refuse it instead.")
        _end(held, State.WITHDRAWN, by)
        return {}

    return _decide(batch, by, version, PROPOSE, "withdrawn", decide)


def interested(batch: RetentionBatch, by: User) -> bool:
    """Whether ``by`` has a declared interest in the employer of a case of the list. One query."""
    employers = RetentionItem.objects.filter(batch=batch.pk).order_by().values("case__employer")
    return Interest.objects.current().filter(person=by.pk, employer__in=employers).exists()


def _decide(
    batch: RetentionBatch,
    by: User,
    version: int,
    permission: str,
    what: str,
    decide: Callable[[RetentionBatch], dict[str, int]],
    text: str = "",
) -> RetentionBatch:
    with writing():
        permit_now(by, permission)
        held = RetentionBatch.objects.select_for_update().get(pk=batch.pk)
        if not held.is_open:
            raise NotAllowedNow(f"This was decided on already: {held.get_state_display().lower()}.")
        if version != held.version:
            raise StaleVersion(read=version, current=held.version, what="list")
        more = decide(held)
        held.version += 1
        held.save()
        append(f"retention.{what}", case=None, by=by, payload=payload_of(held) | more, text=text)
    return held


def _end(held: RetentionBatch, state: str, by: User) -> None:
    """Let go of the cases of a list that is not carried out."""
    held.state, held.ended_by, held.ended_at = state, by, clock.now()
    waiting = RetentionItem.objects.filter(batch=held, outcome=RetentionItem.Outcome.WAITING)
    waiting.update(outcome=RetentionItem.Outcome.DROPPED, settled_at=held.ended_at)
