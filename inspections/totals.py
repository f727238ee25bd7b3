"""What inspections contribute to the totals: each that was made, by the day of the visit."""

from collections.abc import Collection, Iterator

from inspections.figures import made
from regulator.statistics.totals.cells import SOURCES, Counted, Source


def cells(keys: Collection[int]) -> Iterator[tuple[int, Counted]]:
    """Those of the cases that are inspections which count (1 query)."""
    rows = made().filter(pk__in=keys).order_by()
    for key, visited_on, modality in rows.values_list("pk", "visited_on", "case__modality"):
        if visited_on is not None:
            yield key, Counted(visited_on, modality)


def contribute() -> None:
    """Register the series. Called once, when the application is ready."""
    SOURCES.register("inspections", Source("inspections", cells))
