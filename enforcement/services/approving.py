"""Approving a proposed notice, or returning it."""

from enforcement.conditions import own_draft
from enforcement.models import Notice
from enforcement.services.holding import holding
from regulator import clock
from regulator.accounts.actors import Actor, Scheduled
from regulator.casework.errors import NotAllowedNow
from regulator.casework.services import move


def approve(*, notice: Notice, by: Actor, version: int | None) -> None:
    """Approve a notice that somebody else drafted. Raises ``NotAllowedNow`` for one's own."""
    with holding(notice, version=version) as held:
        move(held, "approve", by=by)
        refusal = own_draft(held, by)
        if refusal or isinstance(by, Scheduled):
            raise NotAllowedNow(refusal)
        notice.approved_by, notice.approved_at = by, clock.now()
        notice.save(update_fields=["approved_by", "approved_at"])


def return_to_drafter(
    *, notice: Notice, by: Actor, version: int | None, reason: str, identifies_nobody: str = ""
) -> None:
    """Send a proposed or approved notice back to be changed; an approval is taken back with it.

    ``IdentifiersFound`` for a reason that seems to identify somebody, unless ``identifies_nobody`` says why.
    """
    with holding(notice, version=version) as held:
        move(held, "return", by=by, reason=reason, identifies_nobody=identifies_nobody)
        notice.approved_by = notice.approved_at = None
        notice.save(update_fields=["approved_by", "approved_at"])
