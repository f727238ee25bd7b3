"""Deadlines of a case, with what extended them and which reminders went out."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from regulator import clock
from regulator.casework.models import Case
from regulator.deadlines.calendar import beyond_horizon, horizon
from regulator.deadlines.kinds import DEADLINES, Counting


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def open(self) -> "DeadlineQuerySet":
        return self.filter(met_on__isnull=True, ended_at__isnull=True)

    def overdue(self) -> "DeadlineQuerySet":
        """Open, and its day has gone by: due today is not overdue."""
        return self.open().filter(due_on__lt=clock.today())


class Deadline(models.Model):
    """A date by which something must be done on a case.

    ``due_on`` follows from ``start_on`` and the kind, or from the latest extension. ``met_on`` is the
    day on which it was done, late or not; ``ended_at`` says that it no longer matters (withdrawn).
    ``times_reminded`` and ``last_reminded_at`` sum up its reminders for the case's page.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="deadlines")
    kind = models.CharField(max_length=40)
    subject_id = models.PositiveBigIntegerField(
        default=0, help_text="Which of several of one kind on a case: a request's primary key, else 0."
    )
    start_on = models.DateField()
    due_on = models.DateField()
    first_due_on = models.DateField(help_text="What it was before any extension.")
    counted_as = models.CharField(
        max_length=500,
        blank=True,
        help_text="The rule by which the day was counted, where it is not the kind's own.",
    )
    met_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    times_reminded = models.PositiveSmallIntegerField(default=0, help_text="How many reminders went out.")
    last_reminded_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[DeadlineQuerySet] = DeadlineQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=models.Q(met_on__isnull=True, ended_at__isnull=True),
                name="deadlines_deadline_open",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "subject_id"], name="deadlines_deadline_once_per_case"
            ),
            models.CheckConstraint(
                condition=models.Q(due_on__gte=models.F("start_on")), name="deadlines_deadline_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} by {self.due_on:%d %B %Y}"

    @property
    def label(self) -> str:
        return DEADLINES.get(self.kind).label

    @property
    def rule(self) -> str:
        """How the day was counted, the rule that says so, and what makes the day doubtful."""
        doubt = f". Bank holidays beyond {horizon().year} are not yet published: check this date"
        return f"{self.counted_as or _own_rule(self.kind)}{doubt if self.is_beyond_horizon else ''}"

    @property
    def is_counted(self) -> bool:
        """Whether the day follows from the day on which the clock started; else somebody set it."""
        return DEADLINES.get(self.kind).days is not None

    @property
    def is_beyond_horizon(self) -> bool:
        """Whether the day was counted in working days, past the last bank holiday that is known."""
        return self.counts_working_days and beyond_horizon(self.first_due_on)

    @property
    def counts_working_days(self) -> bool:
        """Whether weekends and bank holidays are left out of the count."""
        counted, _, _ = (self.counted_as or _own_rule(self.kind)).partition("(")
        return self.is_counted and Counting.WORKING.value in counted

    @property
    def is_open(self) -> bool:
        return self.met_on is None and self.ended_at is None

    @property
    def is_late(self) -> bool:
        """Done after its day, or not done though its day has gone by."""
        return self.ended_at is None and (self.met_on or clock.today()) > self.due_on


def _own_rule(name: str) -> str:
    """How the kind counts of itself: "84 calendar days (CQC, …)"."""
    kind = DEADLINES.get(name)
    return kind.source if kind.days is None else f"{kind.days} {kind.counting.value} ({kind.source})"


class Extension(models.Model):
    """That a deadline was moved to a later day: asked for by whom, granted by whom, and why."""

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="extensions")
    former_due_on = models.DateField()
    due_on = models.DateField()
    reason = models.TextField()
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["granted_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(due_on__gt=models.F("former_due_on")),
                name="deadlines_extension_is_later",
            )
        ]

    def __str__(self) -> str:
        return f"To {self.due_on:%d %B %Y}"


class ExtensionRequest(models.Model):
    """That whoever owes something asked for more time, and what became of it. One is open at a time.

    Decided by a person (granted, with the day; refused), or lapsed of itself: the thing was done or is no
    longer needed. Reasons are plain text beside the chain, which keeps their digests.
    """

    class Decision(models.TextChoices):
        GRANTED = "granted", "Granted"
        REFUSED = "refused", "Refused"
        LAPSED = "lapsed", "No longer needed"

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="extension_requests")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    asked_until = models.DateField()
    reason = models.TextField()
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.TextField(blank=True)
    granted_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["deadline"],
                condition=models.Q(decision=""),
                name="deadlines_extension_request_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(decision="", decided_at__isnull=True)
                | (~models.Q(decision="") & models.Q(decided_at__isnull=False)),
                name="deadlines_extension_request_decided_when",
            ),
            models.CheckConstraint(
                condition=models.Q(decision="granted", granted_until__isnull=False)
                | (~models.Q(decision="granted") & models.Q(granted_until__isnull=True)),
                name="deadlines_extension_request_granted_until",
            ),
        ]

    def __str__(self) -> str:
        return f"More time asked for, until {self.asked_until:%d %B %Y}"

    @property
    def is_open(self) -> bool:
        return not self.decision


class Reminder(models.Model):
    """That the reminder at ``offset`` days went out for the day then due. Unique, so it goes once."""

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="reminders")
    offset = models.SmallIntegerField()
    due_on = models.DateField()
    sent_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["sent_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["deadline", "offset", "due_on"], name="deadlines_reminder_once")
        ]

    def __str__(self) -> str:
        return f"{self.deadline_id}: {self.offset:+d} days"
