"""The totals, which are public, and what is needed to keep them, which is not.

``Total`` and ``Revision`` hold nothing of a single case: the public pages read these two and no other.
"""

import hashlib
import json

from django.db import models

from regulator import clock
from regulator.organisations.models import EmployerType
from regulator.statistics.totals.cells import Line


class Total(models.Model):
    """How many cases count in one month, modality and value of one dimension. Those that are 0 are not kept.

    ``key`` is made of the others, so that totals are found and written by it in one statement each.
    """

    key = models.CharField(max_length=32, primary_key=True)
    series = models.CharField(max_length=20)
    month = models.DateField()
    modality = models.CharField(max_length=30, blank=True)
    dimension = models.CharField(max_length=20)
    value = models.CharField(max_length=400, blank=True)
    number = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dimension", "series", "month", "modality", "value"], name="totals_total_line_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.month:%Y-%m}: {self.number}"


class Revision(models.Model):
    """One row: how often the totals have changed, when they last did, and the day up to which they count."""

    number = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField(default=clock.now)
    counted_on = models.DateField(default=clock.today)

    def __str__(self) -> str:
        return str(self.number)


class CountedCase(models.Model):
    """As what one case was counted last: what is taken off again when it counts otherwise, or no more.

    ``employer_type`` is the type of its employer as it was then.
    """

    case = models.OneToOneField(
        "casework.Case", primary_key=True, on_delete=models.CASCADE, related_name="counted"
    )
    series = models.CharField(max_length=20)
    day = models.DateField()
    modality = models.CharField(max_length=30, blank=True)
    parts = models.JSONField(default=dict)
    employer_type = models.CharField(max_length=30, choices=EmployerType)

    def __str__(self) -> str:
        return f"Case {self.case_id} in {self.series}"


class Mark(models.Model):
    """One row: how far the totals have come. Whoever changes a total holds it.

    Every event up to ``followed_to`` is in them, and every employer edited before ``edits_to``.
    """

    followed_to = models.PositiveBigIntegerField(default=0)
    edits_to = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Up to event {self.followed_to}"


def key_of(line: Line) -> str:
    """The key of a total."""
    series, month, *rest = line
    told = json.dumps([series, month.isoformat(), *rest])
    return hashlib.sha256(told.encode()).hexdigest()[:32]
