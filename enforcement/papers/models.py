"""Legal reviews of a notice, attempts to serve it with their proofs, and the documents of each."""

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from enforcement.models import Notice
from regulator import clock
from regulator.casework.models import Attachment

_USER: Final = settings.AUTH_USER_MODEL
LONGEST_OFFICE: Final = 200


class LegalReview(models.Model):
    """What one reviewer said of a proposed notice: content, or points on which it went back.

    ``sha256`` is the digest of what the notice said then (``services.serving.content_digest``), so that a
    review says nothing of a notice that was changed after it. ``checked`` names what was looked at.
    """

    class Outcome(models.TextChoices):
        CONTENT = "content", "Content"
        POINTS = "points", "Returned with points"

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="reviews")
    number = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    checked = models.JSONField(default=list, blank=True)
    points = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, editable=False)
    reviewed_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "number"], name="papers_review_numbered_once"),
            models.CheckConstraint(
                condition=~Q(outcome="points") | ~Q(points=""), name="papers_review_returned_with_points"
            ),
        ]

    def __str__(self) -> str:
        return f"Legal review {self.number}"


class ServiceAttemptQuerySet(models.QuerySet["ServiceAttempt"]):
    def standing(self) -> "ServiceAttemptQuerySet":
        """Those by which a notice is served: at most one of each."""
        return self.filter(failed_on__isnull=True)


class ServiceAttempt(models.Model):
    """One attempt to serve a notice: when, how, where, on which office. It stands, or failed for a reason.

    ``served_by`` handed it over or sent it; ``recorded_by`` entered it here.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    served_at = models.DateTimeField()
    method = models.CharField(max_length=20, choices=Notice.ServiceMethod)
    address = models.TextField()
    office = models.CharField(max_length=LONGEST_OFFICE)
    proof = models.CharField("proof of service", max_length=200, blank=True)
    served_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now, editable=False)
    failed_on = models.DateField(null=True, blank=True)
    failed_why = models.TextField(blank=True)
    failed_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[ServiceAttemptQuerySet] = ServiceAttemptQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "number"], name="papers_attempt_numbered_once"),
            models.UniqueConstraint(
                fields=["notice"], condition=Q(failed_on__isnull=True), name="papers_attempt_one_stands"
            ),
            models.CheckConstraint(
                condition=Q(failed_on__isnull=True, failed_by__isnull=True, failed_why="")
                | (Q(failed_on__isnull=False, failed_by__isnull=False) & ~Q(failed_why="")),
                name="papers_attempt_failed_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Service {self.number}"


class ServiceProof(models.Model):
    """A file that proves a service. The file itself is the case's."""

    attempt = models.ForeignKey(ServiceAttempt, on_delete=models.PROTECT, related_name="proofs")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "attachment"], name="papers_proof_once_an_attempt")
        ]

    def __str__(self) -> str:
        return f"File {self.attachment_id} of service {self.attempt_id}"


class PaperQuerySet(models.QuerySet["Paper"]):
    def without_copy(self) -> "PaperQuerySet":
        """Those of which no copy is kept yet, and that were not redacted."""
        return self.filter(pdf__isnull=True).exclude(facts={})


class Paper(models.Model):
    """A document as it was served: its facts, in the words of that day, and the digest of their PDF.

    ``facts_sha256`` and ``pdf_sha256`` stand in the chain too, from the moment of service. ``pdf`` is the
    copy that a worker keeps: only ever bytes of that digest. A redacted one has neither facts nor copy.
    """

    class Kind(models.TextChoices):
        NOTICE = "notice", "Notice"
        LEAFLET = "leaflet", "Appeal leaflet"

    attempt = models.ForeignKey(ServiceAttempt, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=10, choices=Kind)
    facts = models.JSONField(default=dict)
    facts_sha256 = models.CharField(max_length=64, editable=False)
    pdf_sha256 = models.CharField(max_length=64, editable=False)
    made_at = models.DateTimeField(editable=False)
    pdf = models.BinaryField(null=True, blank=True)
    kept_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[PaperQuerySet] = PaperQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "kind"], name="papers_paper_one_of_a_kind"),
            models.CheckConstraint(
                condition=Q(pdf__isnull=True) | Q(kept_at__gte=F("made_at")),
                name="papers_paper_kept_once_made",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of service {self.attempt_id}"
