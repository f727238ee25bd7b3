"""The input of a run as frozen rows, and its canonical bytes. Pure: no Django, no database."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from regulator.periods import DayRange
from regulator.risk.window import quarters_of

__all__ = ["EmployerRow", "SeriesRow", "Snapshot", "by_employer", "canonical", "digest"]


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """One employer in one modality, by quarters, the oldest first: the activity that was returned and on how
    many days of the quarter, the incidents of these days, and of all days the minor and the severe ones.

    ``completeness`` is that of the returns, ``""`` where there is none. ``months`` holds the incidents by
    month, for the watch on sudden rises.
    """

    employer: int
    modality: str
    sector: str
    completeness: str
    activity: tuple[Decimal, ...]
    days: tuple[int, ...]
    counted: tuple[int, ...]
    minor: tuple[int, ...]
    severe: tuple[int, ...]
    months: tuple[int, ...]

    @property
    def covered_days(self) -> int:
        return sum(self.days)


@dataclass(frozen=True, slots=True)
class EmployerRow:
    """What else is known of an employer: its last inspection, the indicators (by name: so many of so many),
    and the rules that it meets, each with the sentence that says how."""

    employer: int
    sector: str
    inspected: date | None = None
    facts: tuple[tuple[str, int, int], ...] = ()
    rules: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that a run reads: whole England, or one employer."""

    as_of: date
    quarters: int
    regimes: tuple[date, ...]
    series: tuple[SeriesRow, ...]
    employers: tuple[EmployerRow, ...]

    @property
    def stretches(self) -> tuple[DayRange, ...]:
        """The days of each quarter."""
        return quarters_of(self.as_of, self.quarters)


def by_employer(snapshot: Snapshot) -> list[Snapshot]:
    """The snapshot of each employer alone, in the order of their keys."""
    theirs: dict[int, list[SeriesRow]] = {each.employer: [] for each in snapshot.employers}
    for row in snapshot.series:
        theirs[row.employer].append(row)
    return [
        replace(snapshot, series=tuple(theirs[each.employer]), employers=(each,))
        for each in sorted(snapshot.employers, key=lambda each: each.employer)
    ]


def canonical(snapshot: Snapshot) -> bytes:
    """The same bytes for the same input, in whatever order it was read: sorted rows, fixed decimals."""
    content = {
        "as_of": snapshot.as_of.isoformat(),
        "quarters": snapshot.quarters,
        "regimes": sorted(each.isoformat() for each in snapshot.regimes),
        "series": [
            _series(row) for row in sorted(snapshot.series, key=lambda each: (each.employer, each.modality))
        ],
        "employers": [_employer(row) for row in sorted(snapshot.employers, key=lambda each: each.employer)],
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def digest(content: bytes) -> str:
    """SHA-256, hex."""
    return hashlib.sha256(content).hexdigest()


def _series(row: SeriesRow) -> list[Any]:
    return [
        row.employer,
        row.modality,
        row.sector,
        row.completeness,
        [f"{each:.3f}" for each in row.activity],
        row.days,
        row.counted,
        row.minor,
        row.severe,
        row.months,
    ]


def _employer(row: EmployerRow) -> list[Any]:
    inspected = row.inspected.isoformat() if row.inspected else None
    return [row.employer, row.sector, inspected, sorted(row.facts), sorted(row.rules)]
