"""One edition of something that CQC changes by publishing it: what it says, from when, and who wanted it."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from regulator import clock


class EditionQuerySet(models.QuerySet["Edition"]):
    def approved(self) -> "EditionQuerySet":
        """Those that hold or will, in the order in which each takes over from the one before."""
        return self.filter(state=Edition.State.APPROVED).order_by("holds_from", "decided_at", "pk")


class Edition(models.Model):
    """What ``kind`` and ``what`` name, as ``content`` says it from ``holds_from`` on, once it is approved.

    The content is never changed: whoever wants another proposes another edition, also to go back to an
    earlier one (``again``). Of two that begin on one day the one approved last holds. ``begun_at`` is when
    what is due on its first day was done.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "Waiting for a second administrator"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    kind = models.CharField(max_length=20)
    what = models.CharField(max_length=60, blank=True)
    holds_from = models.DateField("holds from")
    content = models.JSONField()
    replaces = models.JSONField(
        help_text="What held on its first day when it was proposed, then when decided on."
    )
    reason = models.TextField()
    again = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The earlier edition whose content this one repeats.",
    )
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.TextField(blank=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[EditionQuerySet] = EditionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        indexes = [models.Index(fields=["state", "holds_from"], name="editions_edition_holding")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="proposed", decided_at__isnull=True)
                | (~models.Q(state="proposed") & models.Q(decided_at__isnull=False)),
                name="editions_edition_decided_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="approved")
                | (models.Q(decided_by__isnull=False) & ~models.Q(decided_by=models.F("proposed_by"))),
                name="editions_edition_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"Edition {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits for a decision."""
        return self.state == self.State.PROPOSED
