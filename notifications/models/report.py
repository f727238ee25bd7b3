"""The investigation report, in the eight sections that CQC expects of one."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models

from notifications.models.notification import Notification
from notifications.models.reference import Cause
from regulator import clock


class InvestigationReport(models.Model):
    """What the employer's investigation found. Every section is required (CQC, "when to notify").

    Filed once; people appear by role, never by name.
    """

    notification = models.OneToOneField(
        Notification, primary_key=True, on_delete=models.PROTECT, related_name="report"
    )
    what_happened = models.TextField()
    doses = models.TextField("estimated dose to each exposed person")
    no_doses_reason = models.TextField("why no dose was estimated", blank=True)
    causes = models.TextField("root causes and contributory factors")
    cause = models.ForeignKey(
        Cause,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="cause in the taxonomy",
    )
    earlier_incidents = models.TextField("similar earlier incidents or trends")
    earlier_references = models.JSONField("earlier notifications", default=list, blank=True)
    candour = models.TextField("how the local duty of candour was met")
    procedures_applied = models.TextField("how the procedures under regulation 8(1) were applied")
    learning = models.TextField("learning, and how it was shared")
    corrective_measures = models.TextField("corrective measures to stop a recurrence")
    no_actions_reason = models.TextField("why no action is planned", blank=True)
    filed_at = models.DateTimeField(default=clock.now, editable=False)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-filed_at"]

    def __str__(self) -> str:
        return f"Investigation report on {self.notification_id}"


class ExposedDose(models.Model):
    """The estimated dose to one exposed person, or to a group of whom each had it, in a filed report.

    ``person`` is a letter or a group ("Person A"), never a name; ``estimated_by`` is a role.
    """

    report = models.ForeignKey(InvestigationReport, on_delete=models.PROTECT, related_name="dose_rows")
    position = models.PositiveSmallIntegerField()
    person = models.CharField(max_length=60)
    value = models.DecimalField(max_digits=14, decimal_places=6, validators=[MinValueValidator(0)])
    unit = models.CharField(max_length=30)
    method = models.CharField("how it was estimated", max_length=300)
    estimated_by = models.CharField("role of who estimated it", max_length=100)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["report", "position"], name="notifications_dose_place_once"),
            models.CheckConstraint(condition=models.Q(value__gte=0), name="notifications_dose_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.value.normalize():f} {self.unit}"


class ReportDraft(models.Model):
    """A report that the employer's people are writing; CQC does not see it until it is filed.

    ``content`` is canonical JSON, empty once it is filed. The row stays, so that ``version`` only ever rises
    and an old page can never replace a newer text.
    """

    notification = models.OneToOneField(
        Notification, primary_key=True, on_delete=models.CASCADE, related_name="report_draft"
    )
    content = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(default=clock.now, editable=False)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Draft report on {self.notification_id}"
