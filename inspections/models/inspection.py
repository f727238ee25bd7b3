"""Inspection: why it takes place, and the days of its course."""

from typing import Final

from django.db import models

from regulator.casework.models import Case

LONGEST_THEME: Final = 120


class Inspection(models.Model):
    """One inspection of an employer.

    The lead inspector is the case's assignee. ``arose_from`` is the case that gave rise to it: as a rule a
    notification, and for a follow-up the inspection that it follows up. ``theme`` is what a themed inspection
    looks at across employers. By when feedback, comments and the action plan are due is in the case's
    deadlines (``feedback``, ``accuracy``, ``action_plan``).
    """

    class Trigger(models.TextChoices):
        PLANNED = "planned", "Planned programme"
        REACTIVE = "reactive", "Reactive"
        FOCUSED = "focused", "Focused"
        THEMED = "themed", "Themed"
        FOLLOW_UP = "follow_up", "Follow-up"

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.PROTECT, related_name="inspection")
    trigger = models.CharField(max_length=10, choices=Trigger)
    theme = models.CharField(max_length=LONGEST_THEME, blank=True)
    arose_from = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="gave_rise_to"
    )
    scope = models.TextField(blank=True)
    brachytherapy = models.BooleanField(default=False)
    planned_on = models.DateField()
    announced_on = models.DateField(null=True, blank=True)
    evidence_requested_on = models.DateField(null=True, blank=True)
    visited_on = models.DateField(null=True, blank=True)
    feedback_issued_on = models.DateField(null=True, blank=True)
    final_on = models.DateField(null=True, blank=True)
    plan_received_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-planned_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(feedback_issued_on__isnull=True)
                | models.Q(feedback_issued_on__gte=models.F("visited_on")),
                name="inspections_inspection_feedback_after_visit",
            ),
            models.CheckConstraint(
                condition=models.Q(plan_received_on__isnull=True)
                | models.Q(plan_received_on__gte=models.F("visited_on")),
                name="inspections_inspection_plan_after_visit",
            ),
            models.CheckConstraint(
                condition=models.Q(final_on__isnull=True) | models.Q(final_on__gte=models.F("visited_on")),
                name="inspections_inspection_final_after_visit",
            ),
            models.CheckConstraint(
                condition=(models.Q(trigger="themed") & ~models.Q(theme=""))
                | (~models.Q(trigger="themed") & models.Q(theme="")),
                name="inspections_inspection_theme_of_the_themed",
            ),
            models.CheckConstraint(
                condition=~models.Q(trigger="follow_up") | models.Q(arose_from__isnull=False),
                name="inspections_inspection_follows_up_another",
            ),
        ]

    def __str__(self) -> str:
        return str(self.case)

    @classmethod
    def summary_of(cls, trigger: str) -> str:
        """The line by which lists name the case of such an inspection."""
        return f"{cls.Trigger(trigger).label} inspection"
