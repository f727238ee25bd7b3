"""Where the sign-offs of a draft stand, and whether they let it be submitted: one rule for page and API.

CQC asks for no sign-off; an employer may. What it asked for holds until it is signed or taken back.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import models

from notifications.content import content_of, digest
from notifications.models import Notification, SignOff
from notifications.queries import sign_offs, whole
from regulator import clock
from regulator.casework.models import Case

LINK_LASTS: Final = timedelta(days=14)
CODE_LASTS: Final = timedelta(minutes=10)
READING_LASTS: Final = timedelta(minutes=30)
MOST_WRONG_CODES: Final = 5
LONGEST_MESSAGE: Final = 2_000
LONGEST_COMMENT: Final = 10_000


class Standing(models.TextChoices):
    """Where one request stands, for people."""

    WAITING = "waiting", "Waiting"
    EXPIRED = "expired", "Link expired"
    SIGNED = "signed", "Signed off"
    LAPSED = "lapsed", "Lapsed"
    SENT_BACK = "sent_back", "Sent back"
    CANCELLED = "cancelled", "Cancelled"


def standing(asked: SignOff, *, content: str, now: datetime) -> Standing:
    """Where a request stands while the draft's content has the digest ``content``."""
    if asked.cancelled_at is not None:
        return Standing.CANCELLED
    if asked.outcome == SignOff.Outcome.SENT_BACK:
        return Standing.SENT_BACK
    if asked.outcome == SignOff.Outcome.SIGNED:
        return Standing.SIGNED if asked.signed_sha256 == content else Standing.LAPSED
    return Standing.WAITING if now < asked.expires_at else Standing.EXPIRED


def standings(notification: Notification, asked: Iterable[SignOff]) -> list[tuple[SignOff, Standing]]:
    """Where each request stands today. No query where the notification was read ``whole``."""
    content = digest(content_of(notification))
    return [(each, standing(each, content=content, now=clock.now())) for each in asked]


_IN_THE_WAY: Final = {
    Standing.WAITING: "A sign-off is still awaited",
    Standing.EXPIRED: "A sign-off was asked for and the link expired before an answer came",
    Standing.LAPSED: "The draft changed after it was signed off, so the signature has lapsed",
    Standing.SENT_BACK: "The draft was sent back by somebody who was asked to sign it off",
}


def refusal(asked: Iterable[SignOff], *, content: str, now: datetime, demanded: bool) -> str:
    """Why the sign-offs do not let the draft be submitted, in plain English; ``""`` where they do.

    ``demanded`` says that the employer wants one on every notification.
    """
    stands = [standing(each, content=content, now=now) for each in asked]
    for where, words in _IN_THE_WAY.items():
        if where in stands:
            return f"{words}. Ask again, or cancel the request, before you submit."
    if demanded and Standing.SIGNED not in stands:
        return "Your employer wants every notification signed off before it is submitted. Ask for a sign-off."
    return ""


def submission_refusal(case: Case) -> str:
    """The lifecycle's guard of submitting. One query; two more where a sign-off was asked for."""
    asked = list(sign_offs(case.pk))
    demanded = case.employer.requires_sign_off
    if not (asked or demanded):
        return ""
    content = digest(content_of(whole().get(pk=case.pk))) if asked else ""
    return refusal(asked, content=content, now=clock.now(), demanded=demanded)
