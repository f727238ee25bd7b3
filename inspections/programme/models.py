"""A year's programme, and its places. The terms and what the draw was made from are kept as they were."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from inspections.models import Inspection
from inspections.programme.drawing import Arm
from regulator import clock
from regulator.organisations.models import Employer, EmployerType, Modality
from regulator.periods import reporting_year_of
from regulator.risk.models import RiskRun

_USER = settings.AUTH_USER_MODEL


class Programme(models.Model):
    """The inspections planned for one April-to-March year.

    ``starts_on`` is 1 April. ``terms`` and ``snapshot`` are the whole input of the draw, in the form in which
    ``records`` reads them back, so that it can be done again; ``draws`` counts how often it was.
    ``reactive_places`` are kept free for what the year brings. Approved by somebody who did not draw it.
    """

    class State(models.TextChoices):
        DRAWN = "drawn", "Drawn, waiting for approval"
        APPROVED = "approved", "Approved"

    starts_on = models.DateField(unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAWN)
    run = models.ForeignKey(RiskRun, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    terms = models.JSONField()
    snapshot = models.JSONField()
    input_sha256 = models.CharField(max_length=64)
    reactive_places = models.PositiveSmallIntegerField()
    draws = models.PositiveSmallIntegerField(default=1)
    drawn_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(default=clock.now)
    approved_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__month=4, starts_on__day=1), name="programme_starts_in_april"
            ),
            models.CheckConstraint(
                condition=Q(state="drawn", approved_by__isnull=True, approved_at__isnull=True)
                | (
                    Q(state="approved", approved_by__isnull=False, approved_at__isnull=False)
                    & ~Q(approved_by=F("drawn_by"))
                ),
                name="programme_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"Programme {self.label}"

    @property
    def label(self) -> str:
        """The year as CQC writes it: "2026/27"."""
        return reporting_year_of(self.starts_on).label

    @property
    def is_approved(self) -> bool:
        return self.state == self.State.APPROVED


class PlaceQuerySet(models.QuerySet["Place"]):
    def standing(self) -> "PlaceQuerySet":
        """Those that nobody took off the programme, in their order."""
        return self.filter(dropped_at__isnull=True).order_by("position", "pk")


class Place(models.Model):
    """One employer in one modality on a programme: the selection log.

    ``probability`` is how probable it was that ``arm`` took it, given the arms before: 1 but for chance;
    empty where a person chose it. ``why`` is in words for staff. ``position`` orders the programme, from 1.
    One that was taken off keeps its row: what chance drew and nobody visited must be seen in any later
    estimate.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="places")
    position = models.PositiveIntegerField()
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    modality = models.CharField(max_length=30, choices=Modality)
    sector = models.CharField(max_length=30, choices=EmployerType)
    arm = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Arm])
    probability = models.DecimalField(max_digits=9, decimal_places=8, null=True, blank=True)
    score = models.DecimalField(max_digits=7, decimal_places=6, null=True, blank=True)
    why = models.CharField(max_length=400)
    inspection = models.OneToOneField(
        Inspection, on_delete=models.PROTECT, null=True, blank=True, related_name="place"
    )
    dropped_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[PlaceQuerySet] = PlaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["programme", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "employer", "modality"],
                condition=Q(dropped_at__isnull=True),
                name="programme_place_once",
            ),
            models.CheckConstraint(
                condition=Q(arm="chosen", probability__isnull=True)
                | (~Q(arm="chosen") & Q(probability__gt=0, probability__lte=1)),
                name="programme_place_says_how_probable",
            ),
            models.CheckConstraint(
                condition=Q(dropped_at__isnull=True) | Q(inspection__isnull=True),
                name="programme_place_dropped_was_not_opened",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.employer_id} {self.modality}"

    @property
    def arm_label(self) -> str:
        return ARMS[Arm(self.arm)]


ARMS = {
    Arm.RULE: "A rule",
    Arm.TIME: "Time since the last visit",
    Arm.SCORE: "The score",
    Arm.RANDOM: "Chance",
    Arm.CHOSEN: "A person",
}
"""What chose a place, as staff read it."""
