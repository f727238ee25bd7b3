"""Finding: what an inspection found, against which provisions."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from inspections.models.inspection import Inspection
from inspections.models.visits import Visit
from regulator import clock
from regulator.legislation.models import Provision


class FindingQuerySet(models.QuerySet["Finding"]):
    def standing(self) -> "FindingQuerySet":
        """Those that hold: neither corrected nor withdrawn after the employer checked the facts."""
        return self.filter(superseded_on__isnull=True)


class Finding(models.Model):
    """What an inspection found: good practice, a recommendation, or a breach. Never edited.

    ``visit`` is the one on which it was found; where none is named, the first visit's law holds.
    ``fed_back_on`` is the day of the feedback that told the employer of it; ``final_on`` the day on which
    that feedback became final, so that it is to be answered. Where the employer's comment on the facts
    changed it, a new finding ``corrects`` it and it was ``superseded_on`` that day, without becoming final;
    one that was superseded by none was withdrawn.
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
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    superseded_on = models.DateField(null=True, blank=True)

    objects: ClassVar[FindingQuerySet] = FindingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(final_on__isnull=True) | models.Q(final_on__gte=models.F("fed_back_on")),
                name="inspections_finding_final_after_feedback",
            ),
            models.CheckConstraint(
                condition=models.Q(superseded_on__isnull=True) | models.Q(final_on__isnull=True),
                name="inspections_finding_final_stands",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text[:60]}"
