"""Activity that is missing: what the platform itself looks for in the data."""

from datetime import timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet

from regulator.organisations.models import ActivityReturn, Employer
from regulator.periods import Period
from regulator.statistics.tabulation.registries import QualityCheck

MENDED_BY: Final = (
    "The employer’s lead, on the employer’s activity page; an administrator, from a published source."
)


def returned_in(period: Period) -> Exists:
    """A condition on employers: they returned activity for some day of ``period``."""
    touching = ActivityReturn.objects.filter(period_start__lte=period.end, period_end__gte=period.start)
    return Exists(touching.filter(employer=OuterRef("pk")))


def stopped(period: Period) -> QuerySet[Any]:
    """The employers with activity for the 366 days before ``period``, and none for a day of it."""
    day = timedelta(days=1)
    before = Period("before", period.start - 366 * day, period.start - day)
    return Employer.objects.filter(returned_in(before)).exclude(returned_in(period))


ACTIVITY_STOPPED: Final = QualityCheck(
    title="Activity returned for the year before, and not for this period",
    consequence=(
        "The employer is missing from the denominators, so the rates of its modality come out too high; "
        "it has no rate of its own."
    ),
    mended_by=MENDED_BY,
    found=stopped,
    of="employers",
)
