"""Correspondence: one letter of an inspection, from the day on which it was prepared."""

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from inspections.models import Inspection
from regulator import clock

_WAITING: Final = Q(approved_at__isnull=True, rejected_at__isnull=True, replaced_at__isnull=True)


class CorrespondenceQuerySet(models.QuerySet["Correspondence"]):
    def waiting(self) -> "CorrespondenceQuerySet":
        """Those that were prepared and that nobody has decided on."""
        return self.filter(_WAITING)

    def sent(self) -> "CorrespondenceQuerySet":
        """Those that a second person approved, and that went to the employer at that moment."""
        return self.filter(approved_at__isnull=False)


class Correspondence(models.Model):
    """A letter to the employer: prepared by one person, sent by the approval of another.

    ``facts`` is what it says, as JSON in the words of that day (``facts.drawn``); the PDF is set from it
    whenever it is asked for. ``choices`` is what the preparer chose: documents, a day, a reason not to wait.
    ``sha256`` is the digest of the facts. A letter waits, or was sent, rejected, or replaced by a newer one.
    """

    class Kind(models.TextChoices):
        ANNOUNCEMENT = "announcement", "Announcement"
        EVIDENCE_REQUEST = "evidence_request", "Request for documents"
        FEEDBACK = "feedback", "Draft feedback"
        REPORT = "report", "Report"

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="letters")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    facts = models.JSONField(default=dict)
    choices = models.JSONField(default=dict, blank=True)
    sha256 = models.CharField(max_length=64, editable=False)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(default=clock.now, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    rejected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    rejected_at = models.DateTimeField(null=True, blank=True)
    rejection = models.TextField(blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[CorrespondenceQuerySet] = CorrespondenceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "letter"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "number"], name="correspondence_numbered_once"),
            models.UniqueConstraint(
                fields=["inspection", "kind"], condition=_WAITING, name="correspondence_one_waits_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("prepared_by")),
                name="correspondence_approved_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__gte=F("prepared_at")),
                name="correspondence_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(rejected_by__isnull=True, rejected_at__isnull=True, rejection="")
                | (Q(rejected_by__isnull=False, rejected_at__gte=F("prepared_at")) & ~Q(rejection="")),
                name="correspondence_rejected_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, rejected_at__isnull=True)
                | Q(approved_at__isnull=True, replaced_at__isnull=True)
                | Q(rejected_at__isnull=True, replaced_at__isnull=True),
                name="correspondence_ends_one_way",
            ),
        ]

    def __str__(self) -> str:
        return f"Letter {self.number}: {self.get_kind_display().lower()}"

    @property
    def is_waiting(self) -> bool:
        return self.approved_at is None and self.rejected_at is None and self.replaced_at is None
