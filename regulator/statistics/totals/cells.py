"""How a case counts, and the registry in which each app says so of its own.

The rule which cases count, and by which day, stays where the app's figures have it; here it is only asked of
some cases at a time. So a total is the figure, added up as the cases change.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from regulator.registry import Registry

__all__ = ["ALL", "SOURCES", "Counted", "Dimension", "Line", "Source"]

ALL = "all"
"""The dimension of the plain count by month and modality."""

Line = tuple[str, date, str, str, str]
"""What one total counts: series, first of the month, modality ("" where not stated), dimension, value."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A case that counts: on ``day`` (Europe/London), in ``modality``, and in each dimension of ``parts``
    under its value, "" where that is not stated."""

    day: date
    modality: str
    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def month(self) -> date:
        """The first of the month in which it counts."""
        return self.day.replace(day=1)

    def lines(self, series: str) -> Iterator[Line]:
        """The totals in which it is one."""
        yield series, self.month, self.modality, ALL, ""
        for dimension, value in self.parts.items():
            yield series, self.month, self.modality, dimension, value


@dataclass(frozen=True, slots=True)
class Dimension:
    """What a series is broken down by: its heading, what values are called (a value without a label is its
    own), and what is said where none is stated. Values stand in the order of ``labels``, else the most
    frequent first."""

    heading: str
    unknown: str
    labels: Mapping[str, str] = field(default_factory=dict)

    def label_of(self, value: str) -> str:
        """What a value is called."""
        return self.labels.get(value, value) if value else self.unknown


@dataclass(frozen=True, slots=True)
class Source:
    """What an app counts under the name of one series.

    ``cells(keys)`` answers which of these cases count and how, at most once each, in a stated number of
    queries that is the same for any number of cases. ``figure`` is the registered figure that counts the
    same.
    """

    figure: str
    cells: Callable[[Collection[int]], Iterable[tuple[int, Counted]]]
    dimensions: Mapping[str, Dimension] = field(default_factory=dict)


SOURCES: Registry[Source] = Registry("series of totals")
"""By the name of the series. A case is counted in one series at most."""
