"""What an employer gathers, submits once, and CQC then accepts or returns for a reason; one that was returned
is followed by another. The abstract base of action plans and of evidence of compliance.
"""

from typing import Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from regulator import clock

__all__ = ["Returnable", "ReturnableQuerySet", "constraints_of", "person"]

_M = TypeVar("_M", bound=models.Model, covariant=True)


def person(*, empty: bool = True) -> "models.ForeignKey[Any, Any]":
    """Who did something; kept for as long as the row is."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=empty, blank=empty, related_name="+"
    )


class ReturnableQuerySet(models.QuerySet[_M]):
    def in_hand(self) -> Self:
        """Neither returned nor accepted: being gathered, or waiting for CQC."""
        return self.filter(returned_at__isnull=True, accepted_at__isnull=True)

    def waiting(self) -> Self:
        """Submitted, and not decided on yet."""
        return self.in_hand().filter(submitted_at__isnull=False)

    def sent(self) -> Self:
        """Those that CQC was sent, whatever became of them."""
        return self.filter(submitted_at__isnull=False)


class Returnable(models.Model):
    """``number`` counts those of one case. Nothing of one changes once it is submitted."""

    GATHERING: ClassVar[str]
    """How it stands before it is submitted, in words."""

    number = models.PositiveSmallIntegerField()
    begun_at = models.DateTimeField(default=clock.now, editable=False)
    begun_by = person(empty=False)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = person()
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = person()
    return_reason = models.TextField(blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = person()

    class Meta:
        abstract = True

    @property
    def is_draft(self) -> bool:
        return self.submitted_at is None

    @property
    def is_waiting(self) -> bool:
        return self.submitted_at is not None and self.returned_at is None and self.accepted_at is None

    @property
    def standing(self) -> str:
        """Where it stands, in words."""
        if self.accepted_at:
            return "Accepted"
        if self.returned_at:
            return "Returned"
        return "Submitted" if self.submitted_at else self.GATHERING


def constraints_of(name: str, of: str) -> list[models.BaseConstraint]:
    """What the database enforces: a number once and one in hand for each ``of``, the field that names what it
    belongs to; submitted, returned and accepted by somebody, and in that order. Their names begin with
    ``name``."""
    return [
        models.UniqueConstraint(fields=[of, "number"], name=f"{name}_number_once"),
        models.UniqueConstraint(
            fields=[of],
            condition=Q(returned_at__isnull=True, accepted_at__isnull=True),
            name=f"{name}_one_in_hand",
        ),
        models.CheckConstraint(
            condition=Q(submitted_at__isnull=True, submitted_by__isnull=True)
            | Q(submitted_at__isnull=False, submitted_by__isnull=False),
            name=f"{name}_submitted_by_somebody",
        ),
        models.CheckConstraint(
            condition=Q(returned_at__isnull=True, returned_by__isnull=True, return_reason="")
            | (
                Q(returned_at__gte=F("submitted_at"), returned_by__isnull=False, accepted_at__isnull=True)
                & ~Q(return_reason="")
            ),
            name=f"{name}_returned_for_a_reason",
        ),
        models.CheckConstraint(
            condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
            | Q(accepted_at__gte=F("submitted_at"), accepted_by__isnull=False),
            name=f"{name}_accepted_once_submitted",
        ),
    ]
