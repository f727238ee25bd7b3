"""Finding: what an inspection found, against which provisions."""

from django.conf import settings
from django.db import models

from inspections.models.inspection import Inspection
from inspections.models.visits import Visit
from regulator import clock
from regulator.legislation.models import Provision


class Finding(models.Model):
    """What an inspection found: good practice, a recommendation, or a breach. Never edited.

    ``visit`` is the one on which it was found; where none is named, the first visit's law holds.
    ``fed_back_on`` is the day of the feedback that told the employer of it; ``final_on`` the day on which
    that feedback became final, so that it is to be answered.
    """

    class Kind(models.TextChoices):
        GOOD_PRACTICE = "good_practice", "Good practice"
        RECOMMENDATION = "recommendation", "Recommendation"
        BREACH = "breach", "Breach"

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="findings")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, blank=True, related_name="findings")
    kind = models.CharField(max_length=20, choices=Kind)
    provisions = models.ManyToManyField(Provision, related_name="findings", blank=True)
    text = models.TextField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(default=clock.now, editable=False)
    fed_back_on = models.DateField(null=True, blank=True)
    final_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(final_on__isnull=True) | models.Q(final_on__gte=models.F("fed_back_on")),
                name="inspections_finding_final_after_feedback",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text[:60]}"
