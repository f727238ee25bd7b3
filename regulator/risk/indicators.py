"""What case apps contribute to risk: counters of what happened, by employer and modality."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from regulator.registry import Registry

Counts = Iterable[tuple[int, str, date, int]]
"""(employer's primary key, modality, day, count), each three at most once: by day, because only the days
that an activity return covers are held against activity."""

STATUTORY_INCIDENTS = "statutory_incidents"
"""The indicator that the reporting rate is computed from."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A count per employer, modality and day. ``counts(start, end)`` includes both and states its queries."""

    label: str
    meaning: str
    counts: Callable[[date, date], Counts]


INDICATORS: Registry[Indicator] = Registry("risk indicator")
