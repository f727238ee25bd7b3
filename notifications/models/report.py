"""The investigation report, in the eight sections that CQC expects of one."""

from django.conf import settings
from django.db import models

from notifications.models.notification import Notification
from regulator import clock


class InvestigationReport(models.Model):
    """What the employer's investigation found. Every section is required (CQC, "when to notify").

    Filed once; people appear by role, never by name.
    """

    notification = models.OneToOneField(
        Notification, primary_key=True, on_delete=models.PROTECT, related_name="report"
    )
    what_happened = models.TextField()
    doses = models.TextField("estimated dose to each exposed person")
    causes = models.TextField("root causes and contributory factors")
    earlier_incidents = models.TextField("similar earlier incidents or trends")
    candour = models.TextField("how the local duty of candour was met")
    procedures_applied = models.TextField("how the procedures under regulation 8(1) were applied")
    learning = models.TextField("learning, and how it was shared")
    corrective_measures = models.TextField("corrective measures to stop a recurrence")
    filed_at = models.DateTimeField(default=clock.now, editable=False)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-filed_at"]

    def __str__(self) -> str:
        return f"Investigation report on {self.notification_id}"
