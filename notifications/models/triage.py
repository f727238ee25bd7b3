"""TriageAssessment: the risk that was suggested, the one that was chosen, and why they differ."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from notifications.models.notification import Notification
from regulator import clock
from regulator.casework.models import Case

_BANDS = [(risk.value, risk.label) for risk in Case.Risk if risk != Case.Risk.NOT_ASSESSED]


class TriageAssessment(models.Model):
    """One triage of a notification. Never edited; a case that comes back to triage is assessed anew.

    ``inputs`` are those of ``notifications.triage`` by name, ``weights`` the version of the points they were
    weighed with: together they give ``suggested`` again.
    """

    notification = models.ForeignKey(Notification, on_delete=models.PROTECT, related_name="triages")
    inputs = models.JSONField()
    weights = models.PositiveSmallIntegerField("version of the weights")
    points = models.PositiveSmallIntegerField()
    suggested = models.PositiveSmallIntegerField(choices=_BANDS)
    chosen = models.PositiveSmallIntegerField(choices=_BANDS)
    reason = models.TextField("why another risk was chosen", blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(chosen=F("suggested")) | ~Q(reason=""),
                name="notifications_triage_overridden_for_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_chosen_display()} (suggested: {self.get_suggested_display()})"
