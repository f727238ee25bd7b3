"""The legal review of a proposed notice: found in order, or returned with points. The reviewer is neither the
drafter nor the approver."""

from collections.abc import Sequence
from typing import Final

from django.core.exceptions import ValidationError

from enforcement.conditions import own_draft
from enforcement.findings import TO_RETURN, unsettled
from enforcement.models import Notice
from enforcement.papers.models import LegalReview
from enforcement.services.holding import holding
from enforcement.services.serving import content_digest
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import move
from regulator.legislation.models import Provision

CHECKS: Final[dict[str, str]] = {
    "power": "The power fits this type of notice, and was in force",
    "dates": "The day of the breach or risk and the time given are right",
    "grounds": "The opinion and the reasons bear out each provision, or the risk",
    "end": "What must be done can be done, and has an end",
}
"""What a reviewer looks at besides each provision, by its name in the record."""


def pass_review(
    *,
    notice: Notice,
    by: Actor,
    version: int | None,
    provisions: Sequence[Provision],
    checks: Sequence[str],
) -> LegalReview:
    """Find a proposed notice in order, after a look at each of its provisions and at every one of ``CHECKS``.

    What it says is remembered by its digest: a notice that says anything else needs a new review. Raises
    ``NotAllowedNow`` for one's own draft and where a finding that it rests on fell since,
    ``ValidationError`` by field for what was not checked.
    """
    with holding(notice, version=version) as held:
        number, digest = notice.reviews.count() + 1, content_digest(notice)
        move(held, "pass_review", by=by, payload={"review": number, "sha256": digest})
        person = _reviewer(held, by)
        if unsettled(notice):
            raise NotAllowedNow(TO_RETURN)
        checked = _all_checked(notice, provisions, checks)
        notice.reviewed_by, notice.reviewed_at, notice.reviewed_sha256 = person, clock.now(), digest
        notice.save(update_fields=["reviewed_by", "reviewed_at", "reviewed_sha256"])
        return LegalReview.objects.create(
            notice=notice,
            number=number,
            outcome=LegalReview.Outcome.CONTENT,
            checked=checked,
            sha256=digest,
            reviewed_by=person,
            reviewed_at=clock.now(),
        )


def fail_review(
    *, notice: Notice, by: Actor, version: int | None, reason: str, identifies_nobody: str = ""
) -> LegalReview:
    """Return a proposed notice to its drafter with points, which are the ``reason`` for it.

    Raises ``NotAllowedNow`` for one's own draft, ``ValidationError`` where no point is made and
    ``IdentifiersFound`` for points that seem to identify somebody, unless ``identifies_nobody`` says why.
    """
    with holding(notice, version=version) as held:
        number, digest = notice.reviews.count() + 1, content_digest(notice)
        payload = {"review": number, "sha256": digest}
        move(held, "fail_review", by=by, reason=reason, payload=payload, identifies_nobody=identifies_nobody)
        return LegalReview.objects.create(
            notice=notice,
            number=number,
            outcome=LegalReview.Outcome.POINTS,
            points=reason.strip(),
            sha256=digest,
            reviewed_by=_reviewer(held, by),
            reviewed_at=clock.now(),
        )


def _reviewer(held: Case, by: Actor) -> User:
    if (refused := own_draft(held, by)) or not isinstance(by, User):
        raise NotAllowedNow(refused)
    return by


def _all_checked(notice: Notice, provisions: Sequence[Provision], checks: Sequence[str]) -> list[str]:
    """What was looked at, in words for the record, or ``ValidationError`` by field (one query)."""
    named = [each.provision for each in notice.breaches.select_related("provision")]
    looked_at, errors = {each.pk for each in provisions}, {}
    left = [each.citation for each in named if each.pk not in looked_at]
    if left:
        errors["provisions"] = f"Check each provision. Not checked: {', '.join(left)}."
    if not set(CHECKS) <= set(checks):
        errors["checks"] = "Check each point, or return the notice with what is wrong."
    if errors:
        raise ValidationError(errors)
    return [*(str(each) for each in named), *CHECKS.values()]
