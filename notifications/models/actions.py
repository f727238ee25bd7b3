"""Corrective actions: what the employer does so that it does not happen again, typed by strength."""

from collections.abc import Iterable
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q

from notifications.models.choices import NO_INCIDENT_OF_ITS_OWN
from notifications.models.notification import Notification
from regulator import clock


class Strength(models.TextChoices):
    """How firmly an action holds without anybody's having to remember it: strongest first."""

    BARRIER = "barrier", "Barrier"
    AUTOMATION = "automation", "Automation"
    STANDARDISATION = "standardisation", "Standardisation"
    CHECKLIST = "checklist", "Checklist"
    TRAINING = "training", "Training"
    REMINDER = "reminder", "Reminder"


MEANINGS: Final = {
    Strength.BARRIER: "A physical or technical stop: the error cannot go further.",
    Strength.AUTOMATION: "Equipment or software does it, so that nobody has to.",
    Strength.STANDARDISATION: "One way of doing it, one layout, one set of equipment.",
    Strength.CHECKLIST: "People check it at a fixed point, and tick it off.",
    Strength.TRAINING: "People learn how, and their competence is assessed.",
    Strength.REMINDER: "People are told or shown: an email, a poster, a talk.",
}
WEAK: Final = frozenset({Strength.TRAINING, Strength.REMINDER})
"""What holds only as long as people remember it."""


class PlannedAction(models.Model):
    """What any action says of itself: planned, then done or cancelled with a reason. It is never deleted.

    ``owner_role`` is a role, never a name.
    """

    what = models.TextField()
    strength = models.CharField(max_length=20, choices=Strength)
    owner_role = models.CharField(max_length=100)
    effect_check = models.TextField("how its effect will be checked")
    planned_for = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_reason = models.TextField(blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.get_strength_display()} by {self.planned_for:%d %B %Y}"

    @property
    def is_open(self) -> bool:
        return self.done_on is None and self.cancelled_at is None

    @property
    def is_overdue(self) -> bool:
        """Open, and its day has gone by: planned for today is not overdue."""
        return self.is_open and self.planned_for < clock.today()

    @property
    def standing(self) -> str:
        """Where it stands, in words."""
        if self.done_on:
            return "Done"
        if self.cancelled_at:
            return "Cancelled"
        return "Overdue" if self.is_overdue else "Open"


class CorrectiveAction(PlannedAction):
    """One action that follows from a notification. Its deadline is the one of kind ``action`` whose subject
    it is."""

    notification = models.ForeignKey(Notification, on_delete=models.PROTECT, related_name="actions")

    class Meta:
        ordering = ["planned_for", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(cancelled_at__isnull=True),
                name="notifications_action_not_done_and_cancelled",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_reason="")
                | (Q(cancelled_at__isnull=False) & ~Q(cancelled_reason="")),
                name="notifications_action_cancelled_for_a_reason",
            ),
        ]

    @property
    def is_overdue(self) -> bool:
        """As any action, but none of a notification that was withdrawn, merged or not notifiable (no query
        where the notification and its case are read)."""
        return super().is_overdue and self.notification.case.status not in NO_INCIDENT_OF_ITS_OWN


def only_weak(actions: Iterable[PlannedAction]) -> bool:
    """Whether there are actions, and all that were not cancelled are training or reminders."""
    kept = [each for each in actions if each.cancelled_at is None]
    return bool(kept) and all(each.strength in WEAK for each in kept)
