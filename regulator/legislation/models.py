"""Provisions of the law as in force between two dates."""

from datetime import date
from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from regulator.legislation.citations import in_words


class ProvisionQuerySet(models.QuerySet["Provision"]):
    def in_force_on(self, day: date) -> "ProvisionQuerySet":
        """The provisions that bound an employer on ``day``: the text of the breach date, not of today."""
        return self.filter(models.Q(in_force_to__isnull=True) | models.Q(in_force_to__gte=day)).filter(
            in_force_from__lte=day
        )


class Provision(models.Model):
    """One provision, in own words, for as long as that text was in force.

    ``reference`` is canonical: ``6(5)(b)``, ``Sch2(n)``, ``s21``. The pair of instrument and reference
    has one row per text; their dates never overlap (``legislation.services.load_provisions`` checks).
    """

    class Verified(models.TextChoices):
        YES = "yes", "Read in the source"
        PARTLY = "partly", "Partly read in the source"
        NO = "no", "Not verified"

    instrument = models.CharField(max_length=60)
    reference = models.CharField(max_length=40)
    heading = models.CharField(max_length=200)
    own_words = models.TextField()
    in_force_from = models.DateField()
    in_force_to = models.DateField(null=True, blank=True)
    verified = models.CharField(max_length=10, choices=Verified)
    source = models.CharField(max_length=400, blank=True)
    note = models.CharField(max_length=400, blank=True)
    position = models.PositiveIntegerField(help_text="Its place in the order of the instrument.")
    history = HistoricalRecords()

    objects: ClassVar[models.Manager["Provision"]] = ProvisionQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "reference", "in_force_from"],
                name="legislation_provision_text_once",
            ),
            models.CheckConstraint(
                condition=models.Q(in_force_to__isnull=True)
                | models.Q(in_force_to__gte=models.F("in_force_from")),
                name="legislation_provision_dates_run_forwards",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.citation}"

    @property
    def citation(self) -> str:
        """As people read it: "regulation 6(5)(b)", "Schedule 2(n)", "section 21"."""
        return in_words(self.reference)
