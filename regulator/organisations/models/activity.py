"""How much an employer does, as it or a national data set returned it."""

from typing import Final

from django.db import models
from django.db.models import Case, Value, When
from simple_history.models import HistoricalRecords

from regulator import clock
from regulator.organisations.models.employers import Employer, Modality

EMPLOYERS_RETURN: Final = "Employer’s return"
"""The ``source`` of what the employer itself returned."""


class Completeness(models.TextChoices):
    COMPLETE = "complete", "Complete"
    PARTIAL = "partial", "Partial"
    ESTIMATED = "estimated", "Estimated"


_TRUST: Final = (Completeness.COMPLETE, Completeness.PARTIAL, Completeness.ESTIMATED)


class ActivityReturn(models.Model):
    """How much an employer did in one modality in one period: the denominator of a rate.

    ``quantity`` counts ``unit``: examinations for imaging and nuclear medicine, episodes for
    radiotherapy. ``completeness`` says how far to trust it (the radiotherapy data set is revised late).
    Replaced, never deleted; what stood before is in its history.
    """

    class Unit(models.TextChoices):
        EXAMINATIONS = "examinations", "Examinations"
        EPISODES = "episodes", "Treatment episodes"

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="activity_returns")
    modality = models.CharField(max_length=30, choices=Modality)
    period_start = models.DateField()
    period_end = models.DateField()
    quantity = models.PositiveIntegerField()
    unit = models.CharField(max_length=20, choices=Unit)
    source = models.CharField(max_length=200)
    completeness = models.CharField(max_length=20, choices=Completeness)
    recorded_at = models.DateTimeField(default=clock.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        ordering = ["employer__name", "modality", "period_start"]
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "modality", "period_start", "period_end", "source"],
                name="organisations_activity_once_per_period_and_source",
            ),
            models.CheckConstraint(
                condition=models.Q(period_end__gte=models.F("period_start")),
                name="organisations_activity_period_runs_forwards",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employer}: {self.quantity} {self.unit} to {self.period_end}"

    @property
    def is_own(self) -> bool:
        """Whether the employer itself returned it."""
        return self.source == EMPLOYERS_RETURN

    @property
    def in_words(self) -> str:
        """How many of what, and how sure: "12,400 examinations, complete"."""
        return amount_in_words(self.modality, self.quantity, self.completeness)


UNIT_OF: Final = {
    Modality.DIAGNOSTIC_IMAGING: ActivityReturn.Unit.EXAMINATIONS,
    Modality.RADIOTHERAPY: ActivityReturn.Unit.EPISODES,
    Modality.NUCLEAR_MEDICINE: ActivityReturn.Unit.EXAMINATIONS,
}
"""What is counted in each modality."""


def amount_in_words(modality: str, quantity: int, completeness: str) -> str:
    """How many of what, and how sure: "12,400 examinations, complete"."""
    unit = str(UNIT_OF[Modality(modality)].label).lower()
    unit = unit.removesuffix("s") if quantity == 1 else unit
    return f"{quantity:,} {unit}, {Completeness(completeness).label.lower()}"


class ActivityReminder(models.Model):
    """That an employer's leads were reminded of the returns for the reporting year that began on ``year``."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="activity_reminders")
    year = models.DateField()
    sent_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "year"], name="organisations_activity_reminded_once_a_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.employer}: {self.year}"


def most_trusted_first() -> list[Case | str]:
    """How returns are sorted where several cover the same days: of those that cover a day the first counts
    for it, and the others do not.

    The most complete; of equally complete ones the employer's own return, which it answers for, before
    anybody else's (a national data set counts what reached it); then the newest. So an employer that
    returns an estimate does not push aside a complete data set, and nothing is counted twice.
    """
    places = [When(completeness=each, then=Value(place)) for place, each in enumerate(_TRUST)]
    trust = Case(*places, default=Value(len(_TRUST)), output_field=models.IntegerField())
    own = When(source=EMPLOYERS_RETURN, then=Value(0))
    return [trust, Case(own, default=Value(1), output_field=models.IntegerField()), "-recorded_at", "-pk"]
