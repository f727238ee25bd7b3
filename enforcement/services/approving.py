"""Approving a notice that was legally reviewed, or returning it."""

from enforcement.conditions import own_draft, own_review
from enforcement.findings import TO_RETURN, unsettled
from enforcement.models import Notice
from enforcement.services.holding import holding
from enforcement.services.serving import content_digest
from regulator import clock
from regulator.accounts.actors import Actor, Scheduled
from regulator.casework.errors import NotAllowedNow
from regulator.casework.services import move

CHANGED = "The notice has changed since its legal review. Return it, so that it is reviewed anew."


def approve(*, notice: Notice, by: Actor, version: int | None) -> None:
    """Approve a notice that somebody else drafted and somebody else again reviewed, as it was reviewed.

    Raises ``NotAllowedNow`` for one's own draft or review, where it says anything else than what the
    reviewer read, and where a finding that it rests on was corrected or withdrawn since.
    """
    with holding(notice, version=version) as held:
        move(held, "approve", by=by)
        refusal = own_draft(held, by) or own_review(held, by)
        if refusal or isinstance(by, Scheduled):
            raise NotAllowedNow(refusal)
        if content_digest(notice) != notice.reviewed_sha256:
            raise NotAllowedNow(CHANGED)
        if unsettled(notice):
            raise NotAllowedNow(TO_RETURN)
        notice.approved_by, notice.approved_at = by, clock.now()
        notice.save(update_fields=["approved_by", "approved_at"])


def return_to_drafter(
    *, notice: Notice, by: Actor, version: int | None, reason: str, identifies_nobody: str = ""
) -> None:
    """Send a proposed, reviewed or approved notice back to be changed; review and approval are taken back.

    ``IdentifiersFound`` for a reason that seems to identify somebody, unless ``identifies_nobody`` says why.
    """
    with holding(notice, version=version) as held:
        move(held, "return", by=by, reason=reason, identifies_nobody=identifies_nobody)
        notice.approved_by = notice.approved_at = None
        notice.reviewed_by = notice.reviewed_at = None
        notice.reviewed_sha256 = ""
        columns = ["approved_by", "approved_at", "reviewed_by", "reviewed_at", "reviewed_sha256"]
        notice.save(update_fields=columns)
