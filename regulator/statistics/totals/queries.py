"""What the public pages read: the totals and their revision, and nothing else."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from django.db.models import Sum

from regulator.periods import Period
from regulator.statistics.holding import months_in
from regulator.statistics.totals.cells import ALL
from regulator.statistics.totals.models import Revision, Total

_NEVER: Final = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Months:
    """Every plain count: by series and month (its first day), by modality ("" where none is stated)."""

    counts: Mapping[tuple[str, date], Mapping[str, int]]

    def of(self, series: str, period: Period, modality: str | None = None) -> int:
        """How many count in the months that begin within ``period``; of one modality, or of all."""
        found = (self.counts.get((series, month), {}) for month in months_in(period))
        if modality is None:
            return sum(sum(each.values()) for each in found)
        return sum(each.get(modality, 0) for each in found)

    def held(self, period: Period) -> frozenset[date]:
        """The first days of those of the period's months of which notifications are held."""
        return frozenset(month for month in months_in(period) if ("notifications", month) in self.counts)


def months() -> Months:
    """The plain counts of all series (1 query). Their number grows with the years, not with the cases."""
    rows = Total.objects.filter(dimension=ALL).values_list("series", "month", "modality", "number")
    counts: dict[tuple[str, date], dict[str, int]] = {}
    for series, month, modality, number in rows:
        counts.setdefault((series, month), {})[modality] = number
    return Months(counts)


def parts_in(period: Period, series: str) -> dict[str, dict[tuple[str, str], int]]:
    """By dimension the counts by modality and value of the months that begin within ``period`` (1 query)."""
    rows = Total.objects.filter(series=series, month__gte=period.start, month__lte=period.end)
    summed = rows.exclude(dimension=ALL).values_list("dimension", "modality", "value")
    found: dict[str, dict[tuple[str, str], int]] = {}
    for dimension, modality, value, number in summed.annotate(sum=Sum("number")):
        found.setdefault(dimension, Counter())[modality, value] = number
    return found


def present() -> tuple[int, datetime]:
    """The number of the totals' last revision, and when it was (1 query)."""
    found = Revision.objects.filter(pk=1).values_list("number", "changed_at").first()
    return found or (0, _NEVER)


def counted_on() -> date | None:
    """The day up to which is counted; ``None`` before anything was (1 query)."""
    return Revision.objects.filter(pk=1).values_list("counted_on", flat=True).first()
