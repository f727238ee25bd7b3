"""What becomes of a text after it was written: earlier versions, a correction in hand, a draft given up."""

from typing import Final

from django.conf import settings
from django.db import models

from notifications.models.notification import Notification
from regulator import clock
from regulator.casework.models import Case

FIRST_VERSION: Final = 1


class NotificationVersion(models.Model):
    """What a notification said before an amendment: whole, as canonical JSON (``content.canonical``).

    ``number`` counts from 1; ``digest`` is the SHA-256 that the chain holds of that content. ``reason`` is
    why it was amended, by whom and when.
    """

    notification = models.ForeignKey(Notification, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.TextField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["notification", "number"], name="notifications_version_once")
        ]

    def __str__(self) -> str:
        return f"Version {self.number} of {self.notification_id}"


class Correction(models.Model):
    """A correction that the employer's people are writing; CQC does not see it until it is sent.

    ``content`` is the whole content as it would become (canonical JSON), empty while none is in hand. The
    row stays, so that ``version`` only ever rises and an old page can never replace a newer text.
    """

    notification = models.OneToOneField(
        Notification, primary_key=True, on_delete=models.CASCADE, related_name="correction"
    )
    content = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=FIRST_VERSION)
    saved_at = models.DateTimeField(default=clock.now, editable=False)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Correction of {self.notification_id}"


class DraftReminder(models.Model):
    """That a reminder of a draft without a date of discovery went out, so many days after it was begun."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "days"], name="notifications_draft_reminder_once")
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.days} days"


class DraftRemoval(models.Model):
    """That an abandoned draft is to be removed, and when that was announced.

    ``unchanged_since`` is the last change that the announcement was counted from: a later one makes it void.
    ``remove_on`` is the day promised, never an earlier one.
    """

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.PROTECT, related_name="+")
    unchanged_since = models.DateTimeField()
    remove_on = models.DateField()
    announced_at = models.DateTimeField()
    announced_again_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.case_id} on {self.remove_on:%d %B %Y}"
