"""InspectionDeclined: that no inspection followed, though the risk was high, and why."""

from django.conf import settings
from django.db import models

from regulator import clock
from regulator.casework.models import Case


class InspectionDeclined(models.Model):
    """That the reactive inspection which a high risk proposes was decided against, and why. Made once."""

    case = models.OneToOneField(
        Case, primary_key=True, on_delete=models.PROTECT, related_name="inspection_declined"
    )
    reason = models.TextField()
    declined_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    declined_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name_plural = "inspections declined"
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="inspections_declined_for_a_reason")
        ]

    def __str__(self) -> str:
        return f"No inspection on {self.case_id}"
