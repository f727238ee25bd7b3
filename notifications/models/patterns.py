"""Pattern: notifications that may tell of one incident, or that rise together; what somebody found of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from notifications.models.notification import Notification
from regulator import clock
from regulator.accounts.models import User
from regulator.casework.models import Case


class PatternQuerySet(models.QuerySet["Pattern"]):
    def for_user(self, user: User) -> "PatternQuerySet":
        """Clusters with a case that ``user`` may read, and duplicates of which they may read both."""
        readable = Case.objects.for_user(user).values("pk")
        seen = PatternCase.objects.filter(notification__in=readable)
        hidden = PatternCase.objects.exclude(notification__in=readable)
        return self.filter(pk__in=seen.values("pattern")).exclude(
            kind=Pattern.Kind.DUPLICATE, pk__in=hidden.values("pattern")
        )

    def open(self) -> "PatternQuerySet":
        """Those to be decided on. Of a pair of which one was redacted nothing is left to be compared."""
        redacted = PatternCase.objects.filter(notification__case__redacted_at__isnull=False)
        gone = models.Q(kind=Pattern.Kind.DUPLICATE, pk__in=redacted.values("pattern"))
        return self.filter(state=Pattern.State.PROPOSED).exclude(gone)

    def standing(self) -> "PatternQuerySet":
        """Proposed or confirmed: nobody dismissed them."""
        return self.exclude(state=Pattern.State.DISMISSED)


class Pattern(models.Model):
    """One proposal, and what became of it. Confirmed or dismissed once, by a person, with a reason.

    ``key`` says what the cases have in common, so that it is proposed once as long as it stands.
    ``reasons`` are sentences as they were true when it was proposed. A cluster goes on taking in what fits.
    """

    class Kind(models.TextChoices):
        DUPLICATE = "duplicate", "Possible duplicate"
        EQUIPMENT = "equipment", "Cluster: equipment"
        CAUSE = "cause", "Cluster: cause"

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        CONFIRMED = "confirmed", "Confirmed"
        DISMISSED = "dismissed", "Dismissed"

    kind = models.CharField(max_length=20, choices=Kind)
    key = models.CharField(max_length=300)
    title = models.CharField(max_length=300)
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=20, choices=State, default=State.PROPOSED)
    proposed_at = models.DateTimeField(default=clock.now, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.OneToOneField(
        "casework.Event", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[PatternQuerySet] = PatternQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        verbose_name = "duplicate or cluster"
        verbose_name_plural = "duplicates and clusters"
        indexes = [models.Index(fields=["state", "kind"], name="notifications_pattern_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=~Q(state="dismissed"), name="notifications_pattern_stands_once"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True, decision__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False, decision__isnull=False),
                name="notifications_pattern_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_cluster(self) -> bool:
        return self.kind != self.Kind.DUPLICATE


class PatternCase(models.Model):
    """A notification in a pattern, since when."""

    pattern = models.ForeignKey(Pattern, on_delete=models.PROTECT, related_name="members")
    notification = models.ForeignKey(Notification, on_delete=models.PROTECT, related_name="patterns")
    added_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["notification"]
        constraints = [
            models.UniqueConstraint(fields=["pattern", "notification"], name="notifications_in_pattern_once"),
        ]

    def __str__(self) -> str:
        return f"{self.notification} in {self.pattern}"
