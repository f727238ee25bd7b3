"""What ties a member of CQC's staff to an employer, so that somebody else decides about it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from regulator import clock
from regulator.organisations.models.employers import Employer

_USER = settings.AUTH_USER_MODEL


class InterestQuerySet(models.QuerySet["Interest"]):
    def current(self) -> "InterestQuerySet":
        """Those that count today (Europe/London): begun, not over, not ended."""
        today = clock.today()
        standing = models.Q(until__isnull=True) | models.Q(until__gte=today)
        return self.filter(standing, ended_at__isnull=True, since__lte=today)

    def unfinished(self) -> "InterestQuerySet":
        """Those that count today or will: neither over nor ended."""
        standing = models.Q(until__isnull=True) | models.Q(until__gte=clock.today())
        return self.filter(standing, ended_at__isnull=True)


class Interest(models.Model):
    """A declared conflict of interest: one person, one employer, of one kind, from a day to a day.

    ``until`` is the last day on which it counts; without one it counts until it is ended. Changed under its
    version, each state kept in ``history``; ended, never deleted.
    """

    class Kind(models.TextChoices):
        EMPLOYED = "employed", "Employed there within the last 5 years"
        FAMILY = "family", "Close family"
        FINANCIAL = "financial", "Financial"
        OTHER = "other", "Other"

    person = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="interests")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="interests")
    kind = models.CharField(max_length=20, choices=Kind)
    detail = models.TextField(blank=True, help_text="What it is, where the kind does not say it.")
    since = models.DateField("counts from")
    until = models.DateField("counts until", null=True, blank=True)
    declared_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(default=clock.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    objects: ClassVar[InterestQuerySet] = InterestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "declaration of interest"
        verbose_name_plural = "declarations of interest"
        ordering = ["-declared_at", "-pk"]
        indexes = [models.Index(fields=["person", "employer"], name="organisations_interest_of")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="organisations_interest_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="other") | ~models.Q(detail=""),
                name="organisations_interest_other_says_what",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ended_by__isnull=True)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
                name="organisations_interest_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.employer}"

    @property
    def state(self) -> str:
        """How it stands today, in a word."""
        today = clock.today()
        if self.ended_at is not None:
            return "Ended"
        if self.since > today:
            return "Not begun"
        return "Over" if self.until is not None and self.until < today else "Counts"
