"""InspectionMember: who inspects beside the lead, who is the case's assignee."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from inspections.models.inspection import Inspection
from regulator import clock


class InspectionMemberQuerySet(models.QuerySet["InspectionMember"]):
    def current(self) -> "InspectionMemberQuerySet":
        """Those who have not left the team."""
        return self.filter(left_at__isnull=True)


class InspectionMember(models.Model):
    """One inspector on the team of an inspection, from a moment to a moment. Left, never deleted."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="inspection_teams"
    )
    joined_at = models.DateTimeField(default=clock.now, editable=False)
    joined_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    left_at = models.DateTimeField(null=True, blank=True)
    left_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[InspectionMemberQuerySet] = InspectionMemberQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["joined_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "person"],
                condition=Q(left_at__isnull=True),
                name="inspections_member_once",
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True, left_by__isnull=True)
                | Q(left_at__gte=F("joined_at"), left_by__isnull=False),
                name="inspections_member_left_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)
