"""Referral: what was told to another body, as a packet, and what the body replied. ``models`` takes the
tables in. The portal sends nothing to these bodies: it keeps what people sent."""

import hashlib
import json
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from regulator import clock
from regulator.casework.bodies import BODIES, GATEWAYS, WAYS, Body, Gateway
from regulator.casework.kinds import REMOVED
from regulator.casework.wording import as_text


class ReferralQuerySet(models.QuerySet["Referral"]):
    def newest(self) -> "ReferralQuerySet":
        """Those that no correction took the place of, also those that were taken back."""
        return self.filter(superseded_by__isnull=True)

    def standing(self) -> "ReferralQuerySet":
        """Those that hold: neither corrected nor taken back."""
        return self.newest().filter(is_taken_back=False)

    def with_last_reply(self) -> "ReferralQuerySet":
        """Each with ``replied_on``, ``reply`` and ``reply_reference`` of the last reply, to whichever of its
        rows it was recorded; all ``None`` where there is none."""
        replies = ReferralReply.objects.filter(referral=Coalesce(OuterRef("root"), OuterRef("pk")))
        last = replies.order_by("-received_on", "-pk")
        named = replies.exclude(their_reference="").order_by("-received_on", "-pk")
        return self.annotate(
            replied_on=Subquery(last.values("received_on")[:1]),
            reply=Subquery(last.values("text")[:1]),
            reply_reference=Subquery(named.values("their_reference")[:1]),
        )


class Referral(models.Model):
    """One packet that somebody at CQC sent to another body. Never edited.

    A correction is a new row that ``supersedes`` the former and takes its place; the text of its event is
    why. ``root`` is the first row of such a line (``None`` on that row itself), and what the replies hang on.
    ``files`` holds name and SHA-256 of each file that went, with its key; ``sections`` the facts of the case
    that went, word for word as they stood at ``case_version``. The chain keeps the digest of it all.
    """

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="referrals")
    body = models.CharField(max_length=10)
    gateway = models.CharField(max_length=20)
    gateway_text = models.TextField(blank=True, help_text="What exactly is relied on, in the sender's words.")
    sent_on = models.DateField()
    how = models.CharField(max_length=10)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    summary = models.TextField()
    files = models.JSONField(default=list)
    sections = models.JSONField(default=list)
    their_reference = models.CharField(max_length=80, blank=True)
    case_version = models.PositiveIntegerField()
    is_taken_back = models.BooleanField(default=False, help_text="Recorded by mistake: this was never sent.")
    root = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    event = models.OneToOneField("casework.Event", on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now, editable=False)

    objects: ClassVar[ReferralQuerySet] = ReferralQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-sent_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(summary=""), name="casework_referral_says_something"),
            models.CheckConstraint(
                condition=Q(root__isnull=True, supersedes__isnull=True)
                | Q(root__isnull=False, supersedes__isnull=False),
                name="casework_referral_correction_has_a_root",
            ),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(supersedes=F("id")),
                name="casework_referral_not_of_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.to.short}, sent on {as_text(self.sent_on)}"

    @property
    def to(self) -> Body:
        return BODIES[self.body]

    @property
    def under(self) -> Gateway:
        return GATEWAYS[self.gateway]

    @property
    def way(self) -> str:
        return WAYS[self.how]

    @property
    def first_key(self) -> int:
        """The key of the first row of its line."""
        return self.root_id or self.pk

    @property
    def is_emptied(self) -> bool:
        """Whether redaction took what it said, so that it cannot be held against the chain any more."""
        return self.case.redacted_at is not None and self.summary == REMOVED

    @property
    def is_as_recorded(self) -> bool:
        """Whether the row still is what the chain was told of it."""
        return bool(packet_digest(self) == self.event.payload.get("sha256"))


class ReferralReply(models.Model):
    """What a body replied to a referral: an outcome, a question, its own reference. Never edited."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="replies")
    received_on = models.DateField()
    text = models.TextField()
    their_reference = models.CharField(max_length=80, blank=True)
    event = models.OneToOneField("casework.Event", on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["received_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="casework_referralreply_says_something")
        ]

    def __str__(self) -> str:
        return f"Reply of {as_text(self.received_on)}"


def packet_digest(referral: Referral) -> str:
    """The SHA-256 (hex) over everything that the packet says."""
    content: dict[str, Any] = {
        "body": referral.body,
        "gateway": referral.gateway,
        "gateway_text": referral.gateway_text,
        "sent_on": referral.sent_on.isoformat(),
        "how": referral.how,
        "sent_by": referral.sent_by_id,
        "summary": referral.summary,
        "files": referral.files,
        "sections": referral.sections,
        "their_reference": referral.their_reference,
        "case_version": referral.case_version,
        "is_taken_back": referral.is_taken_back,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()
