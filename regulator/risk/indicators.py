"""What case apps contribute to risk: counters of what happened, by employer and modality."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from regulator.registry import Registry

Counts = Iterable[tuple[int, str, int]]
"""(employer's primary key, modality, count), each pair at most once."""

STATUTORY_INCIDENTS = "statutory_incidents"
"""The indicator that the reporting rate is computed from."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A count per employer and modality. ``counts(start, end)`` covers both days and states its queries."""

    label: str
    meaning: str
    counts: Callable[[date, date], Counts]


INDICATORS: Registry[Indicator] = Registry("risk indicator")
