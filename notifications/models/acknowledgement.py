"""Acknowledgement: that somebody at CQC read a notification and the employer was told so."""

from django.conf import settings
from django.db import models

from notifications.models.notification import Notification
from regulator import clock


class Acknowledgement(models.Model):
    """Written once. The receipt says that the portal took a notification in; this, that a person saw it."""

    notification = models.OneToOneField(
        Notification, primary_key=True, on_delete=models.PROTECT, related_name="acknowledgement"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return f"Acknowledgement of {self.notification_id}"
