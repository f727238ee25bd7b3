"""What enforcement contributes to the totals: each notice that was served, by the day of service."""

from collections.abc import Collection, Iterator

from enforcement.models import Notice
from regulator.statistics.totals.cells import SOURCES, Counted, Source


def cells(keys: Collection[int]) -> Iterator[tuple[int, Counted]]:
    """Those of the cases that are notices which were served (1 query)."""
    rows = Notice.objects.filter(pk__in=keys).order_by()
    for key, served_on, modality in rows.values_list("pk", "served_on", "case__modality"):
        if served_on is not None:
            yield key, Counted(served_on, modality)


def contribute() -> None:
    """Register the series. Called once, when the application is ready."""
    SOURCES.register("notices", Source("notices", cells))
