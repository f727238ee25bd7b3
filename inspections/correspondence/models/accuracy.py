"""The employer's comments on the facts of a draft, point by point, and what CQC answers."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from inspections.models import Finding, Inspection
from regulator import clock
from regulator.casework.models import Attachment
from regulator.legislation.models import Provision


class AccuracyRoundQuerySet(models.QuerySet["AccuracyRound"]):
    def open(self) -> "AccuracyRoundQuerySet":
        """Those in which the employer may still comment."""
        return self.filter(sent_at__isnull=True, closed_on__isnull=True)

    def unsettled(self) -> "AccuracyRoundQuerySet":
        """Those that were sent, and that no report has dealt with yet."""
        return self.filter(sent_at__isnull=False, closed_on__isnull=True)


class AccuracyRound(models.Model):
    """One draft of the feedback, as the employer checks it: written until it is sent, once.

    ``version`` is the comments' own, so that CQC's work on the case never makes them stale. Sent without a
    point it says that there is nothing to correct. ``closed_on`` is the day of the report that dealt with it.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="accuracy_rounds")
    version = models.PositiveIntegerField(default=1)
    opened_on = models.DateField()
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_on = models.DateField(null=True, blank=True)

    objects: ClassVar[AccuracyRoundQuerySet] = AccuracyRoundQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection"],
                condition=Q(sent_at__isnull=True, closed_on__isnull=True),
                name="correspondence_one_round_is_open",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True, sent_by__isnull=True)
                | Q(sent_at__isnull=False, sent_by__isnull=False),
                name="correspondence_round_sent_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"Comments on the draft of {self.opened_on:%d %B %Y}"


class AccuracyPoint(models.Model):
    """What the employer says is not right: of one draft ``finding``, or of one ``subject`` of the facts.

    ``number`` counts through the inspection, from the moment at which it was sent. The answer may be changed
    until the report is sent; what it changes in the finding (``new_…``, ``change``) takes effect then.
    """

    class Subject(models.TextChoices):
        SITES = "sites", "Sites"
        DATES = "dates", "Dates"
        SCOPE = "scope", "Scope"
        OTHER = "other", "Anything else"

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        PARTLY = "partly", "Accepted in part"
        NOT_ACCEPTED = "not_accepted", "Not accepted"

    class Change(models.TextChoices):
        NONE = "none", "The finding stays as it is"
        CORRECTED = "corrected", "The finding is corrected"
        WITHDRAWN = "withdrawn", "The finding is withdrawn"

    round = models.ForeignKey(AccuracyRound, on_delete=models.PROTECT, related_name="points")
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    finding = models.ForeignKey(
        Finding, on_delete=models.PROTECT, null=True, blank=True, related_name="points"
    )
    subject = models.CharField(max_length=10, choices=Subject, blank=True)
    wrong = models.TextField("what is not right")
    should_say = models.TextField("what it should say")
    file = models.ForeignKey(
        Attachment, on_delete=models.SET_NULL, null=True, blank=True, related_name="accuracy_points"
    )
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now, editable=False)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    answer = models.TextField(blank=True)
    change = models.CharField(max_length=10, choices=Change, default=Change.NONE)
    new_kind = models.CharField(max_length=20, choices=Finding.Kind, blank=True)
    new_text = models.TextField(blank=True)
    new_provisions = models.ManyToManyField(Provision, related_name="+", blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "finding"],
                condition=Q(finding__isnull=False),
                name="correspondence_point_once_a_finding",
            ),
            models.UniqueConstraint(
                fields=["round", "subject"],
                condition=~Q(subject=""),
                name="correspondence_point_once_a_subject",
            ),
            models.CheckConstraint(
                condition=Q(finding__isnull=False, subject="") | (Q(finding__isnull=True) & ~Q(subject="")),
                name="correspondence_point_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, outcome="", answer="")
                | (
                    Q(answered_at__gte=F("written_at"), answered_by__isnull=False)
                    & ~Q(outcome="")
                    & ~Q(answer="")
                ),
                name="correspondence_point_answered_in_words",
            ),
            models.CheckConstraint(
                condition=Q(change="none")
                | Q(finding__isnull=False, answered_at__isnull=False, outcome__in=("accepted", "partly")),
                name="correspondence_point_changes_what_was_accepted",
            ),
        ]

    def __str__(self) -> str:
        return f"Comment {self.number}" if self.number else "Comment"
