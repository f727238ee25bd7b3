"""CaseLink: that somebody found two cases to belong together, and why. ``models`` takes the table in."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from regulator import clock


class CaseLinkQuerySet(models.QuerySet["CaseLink"]):
    def standing(self) -> "CaseLinkQuerySet":
        """Those that nobody took off."""
        return self.filter(ended_at__isnull=True)

    def of(self, case_id: int) -> "CaseLinkQuerySet":
        """Those in which the case stands, on either side."""
        return self.filter(Q(first=case_id) | Q(second=case_id))


class CaseLink(models.Model):
    """Two cases, the older first. A link is taken off, never removed: the chain has why it was made.

    ``event`` is the one on the case from which it was made; its text is the reason.
    """

    first = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now, editable=False)
    event = models.OneToOneField("casework.Event", on_delete=models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[CaseLinkQuerySet] = CaseLinkQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["made_at", "pk"]
        indexes = [models.Index(fields=["second"], name="casework_caselink_second")]
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"], condition=Q(ended_at__isnull=True), name="casework_linked_once"
            ),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="casework_linked_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first} and {self.second}"
