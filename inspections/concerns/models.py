"""Concern: what was told, through whom it came, how bad it may be, and what followed."""

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q

from inspections.concerns.lifecycle import IN_ERROR
from regulator.casework.models import Case
from regulator.organisations.models import Modality

LONGEST: Final = 20_000


class ConcernQuerySet(models.QuerySet["Concern"]):
    def counting(self) -> "ConcernQuerySet":
        """Those that were not recorded in error."""
        return self.exclude(case__status=IN_ERROR)


class Concern(models.Model):
    """One concern about an employer.

    Who raised it is not kept: there is no field for a person, a number or an address, and ``source`` says no
    more than from which side it came. ``received_on`` is the day on which it reached CQC, ``recorded_on``
    that on which it stood in the portal. What was assessed and decided last stands here; the chain has each
    step.
    """

    class Source(models.TextChoices):
        WHISTLE_BLOWER = "whistle_blower", "Whistle-blower at the employer"
        INSPECTOR = "inspector", "Another CQC inspector"
        PUBLIC = "public", "Patient or member of the public"
        REGULATOR = "regulator", "Another regulator"
        OTHER = "other", "Other"

    class Way(models.TextChoices):
        TELEPHONE = "telephone", "By telephone"
        EMAIL = "email", "By e-mail"
        FORM = "form", "Through a form on the web"
        LETTER = "letter", "By letter"
        SPOKEN = "spoken", "Face to face"
        OTHER = "other", "In another way"

    class Harm(models.TextChoices):
        NONE = "none", "None"
        POSSIBLE = "possible", "Possible"
        IMMEDIATE = "immediate", "Immediate"

    class Outcome(models.TextChoices):
        NO_ACTION = "no_action", "No further action"
        ASKED = "asked", "Information asked of the employer in general terms"
        INSPECTED = "inspected", "Reactive inspection opened"
        REFERRED = "referred", "Passed to another regulator"

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.PROTECT, related_name="concern")
    source = models.CharField(max_length=20, choices=Source)
    way = models.CharField(max_length=10, choices=Way)
    received_on = models.DateField()
    recorded_on = models.DateField(editable=False)
    text = models.TextField()
    harm = models.CharField(max_length=10, choices=Harm, blank=True)
    harm_reason = models.TextField(blank=True)
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    assessed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    outcome_reason = models.TextField(blank=True)

    objects: ClassVar[ConcernQuerySet] = ConcernQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-received_on", "-pk"]
        indexes = [models.Index(fields=["received_on"], name="concerns_received")]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="concerns_says_something"),
            models.CheckConstraint(
                condition=Q(received_on__lte=models.F("recorded_on")),
                name="concerns_received_before_recorded",
            ),
            models.CheckConstraint(
                condition=Q(harm="", harm_reason="", assessed_by__isnull=True, assessed_at__isnull=True)
                | (
                    ~Q(harm="") & ~Q(harm_reason="") & Q(assessed_by__isnull=False, assessed_at__isnull=False)
                ),
                name="concerns_assessed_whole",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", outcome_reason="") | (~Q(outcome="") & ~Q(outcome_reason="")),
                name="concerns_outcome_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.case)

    @staticmethod
    def summary_of(modality: str) -> str:
        """The line by which lists name the case of a concern: never through whom it came."""
        return f"Concern about {Modality(modality).label.lower()}" if modality else "Concern"


RISKS: Final = {
    Concern.Harm.NONE: Case.Risk.LOW,
    Concern.Harm.POSSIBLE: Case.Risk.MEDIUM,
    Concern.Harm.IMMEDIATE: Case.Risk.HIGH,
}
"""How urgent the risk of harm makes the case in the queue."""
