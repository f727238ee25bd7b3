"""Who asked to be told of which changes, and what they were told. An address stands here once, and only as
long as something is to be sent to it."""

import uuid

from django.db import models

from regulator import clock
from regulator.outbox.models import Message


class Subscriber(models.Model):
    """An address. ``confirm_digest`` is the SHA-256 of the secret of the one letter that asks whether its
    alerts are wanted; empty where none is open."""

    email = models.EmailField(unique=True)
    confirm_digest = models.CharField(max_length=64, blank=True, db_index=True)
    asked_at = models.DateTimeField(default=clock.now, help_text="When that letter was written.")

    def __str__(self) -> str:
        return self.email


class Alert(models.Model):
    """A part of the register of which somebody wants to be told.

    ``query`` holds its filters, as in an address. Nothing is sent before ``confirmed_at``. What the register
    changed up to number ``told_through`` has been looked at. ``key`` names it in the link that ends it.
    """

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="alerts")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    query = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    told_through = models.PositiveBigIntegerField(default=0)
    last_letter_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["subscriber", "query"], name="alerts_a_search_once_an_address")
        ]

    def __str__(self) -> str:
        return self.query or "The whole register"


class AlertLetter(models.Model):
    """A letter that an alert, or the question whether it is wanted, caused."""

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="letters")
    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, null=True, blank=True, related_name="letters")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.message_id}"


class Told(models.Model):
    """An entry that an alert's letters named, by its address: so that its end can be told too."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="told")
    slug = models.SlugField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "slug"], name="alerts_told_of_once")]

    def __str__(self) -> str:
        return self.slug
