"""The outgoing letters, each with its own state. The broker is only a hint; due work lives here."""

from typing import ClassVar

from django.db import models

from regulator import clock
from regulator.casework.models import Case
from regulator.editions.models import Edition


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self) -> "MessageQuerySet":
        """What should leave now: queued and its time has come, or left in flight by a sender that died."""
        moment = clock.now()
        return self.filter(
            models.Q(state=Message.State.QUEUED, next_attempt_at__lte=moment)
            | models.Q(state=Message.State.SENDING, lease_until__lt=moment)
        )


class Message(models.Model):
    """One e-mail to one address.

    ``dedupe_key`` is unique: enqueuing the same letter twice keeps one. ``message_id`` follows from it,
    so that a letter repeated after a crash carries the same Message-ID and the recipient's system can
    drop it. Subject and body are kept as they left; of a letter that has left the digests of its text and of
    its HTML part too, unless it carried a secret: nothing is kept by which that could be tried out.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting to be sent"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Could not be sent"
        NOT_SENT = "not_sent", "Kept, not sent: a replayed record of the past"

    dedupe_key = models.CharField(max_length=200, unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="messages")
    to = models.EmailField()
    template = models.CharField(max_length=80)
    template_version = models.PositiveSmallIntegerField()
    edition = models.ForeignKey(
        Edition,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The edition of the text by which it was written; none where the shipped text held.",
    )
    subject = models.CharField(max_length=300)
    body = models.TextField()
    body_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the text that left.")
    html_sha256 = models.CharField(
        max_length=64, blank=True, help_text="Of the HTML part that left, which is made of the text alone."
    )
    layout = models.PositiveSmallIntegerField(
        default=0, help_text="By which layout the HTML part was made; 0 where none left."
    )
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=clock.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.CharField(max_length=32, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[MessageQuerySet] = MessageQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "next_attempt_at"], name="outbox_message_due"),
            models.Index(fields=["case", "created_at"], name="outbox_message_case"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"


class DeliveryLease(models.Model):
    """Who is delivering at the moment: one row, so that at most one letter is ever in flight."""

    holder = models.CharField(max_length=32, blank=True)
    until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.holder or 'nobody'} until {self.until}"
