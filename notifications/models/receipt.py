"""Receipt: what CQC received, as it stood at that moment. Written once, with the submission."""

from django.db import models

from notifications.models.notification import Notification
from regulator import clock


class Receipt(models.Model):
    """The facts of a submission in the words in which they were first stated (``notifications.receipts``).

    Kept as stated, so that a later amendment or extension cannot change an old receipt. No free text.
    """

    notification = models.OneToOneField(
        Notification, primary_key=True, on_delete=models.PROTECT, related_name="receipt"
    )
    facts = models.JSONField()
    made_at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return f"Receipt of {self.notification_id}"
