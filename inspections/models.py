"""Inspection, and what was found on it. The site, the modality and the lead are the case's own."""

from django.conf import settings
from django.db import models

from regulator import clock
from regulator.casework.models import Case
from regulator.legislation.models import Provision


class Inspection(models.Model):
    """One inspection of an employer, usually of one site on one day.

    The lead inspector is the case's assignee. ``arose_from`` is the case that gave rise to a reactive
    inspection, as a rule a notification. By when feedback and the action plan are due is in the case's
    deadlines (``feedback``, ``action_plan``).
    """

    class Trigger(models.TextChoices):
        PLANNED = "planned", "Planned programme"
        REACTIVE = "reactive", "Reactive"
        FOCUSED = "focused", "Focused"

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.PROTECT, related_name="inspection")
    trigger = models.CharField(max_length=10, choices=Trigger)
    arose_from = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="gave_rise_to"
    )
    scope = models.TextField(blank=True)
    brachytherapy = models.BooleanField(default=False)
    planned_on = models.DateField()
    announced_on = models.DateField(null=True, blank=True)
    visited_on = models.DateField(null=True, blank=True)
    feedback_issued_on = models.DateField(null=True, blank=True)
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
        ]

    def __str__(self) -> str:
        return str(self.case)

    @classmethod
    def summary_of(cls, trigger: str) -> str:
        """The line by which lists name the case of such an inspection."""
        return f"{cls.Trigger(trigger).label} inspection"


class InspectionDeclined(models.Model):
    """That the reactive inspection which a high risk proposes was decided against, and why. Made once."""

    case = models.OneToOneField(
        Case, primary_key=True, on_delete=models.PROTECT, related_name="inspection_declined"
    )
    reason = models.TextField()
    declined_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    declined_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name_plural = "inspections declined"
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="inspections_declined_for_a_reason")
        ]

    def __str__(self) -> str:
        return f"No inspection on {self.case_id}"


class Finding(models.Model):
    """What an inspection found: good practice, a recommendation, or a breach. Never edited.

    ``fed_back_on`` is the day of the feedback that told the employer of it.
    """

    class Kind(models.TextChoices):
        GOOD_PRACTICE = "good_practice", "Good practice"
        RECOMMENDATION = "recommendation", "Recommendation"
        BREACH = "breach", "Breach"

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="findings")
    kind = models.CharField(max_length=20, choices=Kind)
    provisions = models.ManyToManyField(Provision, related_name="findings", blank=True)
    text = models.TextField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(default=clock.now, editable=False)
    fed_back_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["recorded_at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text[:60]}"
