"""Where an inspection goes: the sites that it concerns, and the visits that took place."""

from django.conf import settings
from django.db import models

from inspections.models.inspection import Inspection
from regulator import clock
from regulator.organisations.models import Site


class InspectionSite(models.Model):
    """A further site of the employer that the inspection concerns, beside the case's own."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="further_sites")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "site"], name="inspections_site_named_once")
        ]

    def __str__(self) -> str:
        return f"{self.inspection_id} at {self.site_id}"


class Visit(models.Model):
    """One day at one site of the employer; ``site`` is empty where the inspection is of none. Never edited.

    ``announced``: the employer knew of it beforehand. The first visit is the day of the inspection
    (``Inspection.visited_on``).
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="visits")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    visited_on = models.DateField()
    announced = models.BooleanField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["visited_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "site", "visited_on"], name="inspections_visit_once_a_day"
            ),
            models.UniqueConstraint(
                fields=["inspection", "visited_on"],
                condition=models.Q(site__isnull=True),
                name="inspections_visit_of_no_site_once_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"Visit of {self.visited_on:%d %B %Y}"

    @property
    def in_words(self) -> str:
        """Where it was and whether the employer knew of it, as letters and documents say it."""
        place = self.site.name if self.site else "No site stated"
        return f"{place}, {'announced' if self.announced else 'unannounced'}"
