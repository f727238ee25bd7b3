"""The input of a run as frozen rows, and its canonical bytes. Pure: no Django, no database."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

__all__ = ["DayRange", "Return", "SnapshotRow", "activity_in", "canonical", "digest"]

_ACTIVITY = Decimal("0.001")
_COVERAGE = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    """One employer in one modality: what was counted in the window, and how much was done.

    ``activity`` is in examinations or episodes over the whole window, ``None`` where no return touches
    it; ``coverage`` is the share of the window's days that returns cover (0 to 1).
    """

    employer_id: int
    modality: str
    sector: str
    observed: int
    activity: Decimal | None
    coverage: Decimal


@dataclass(frozen=True, slots=True)
class DayRange:
    """A stretch of days, both ends included."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


@dataclass(frozen=True, slots=True)
class Return:
    """An activity return: ``quantity`` spread evenly over ``over``."""

    over: DayRange
    quantity: int


def activity_in(window: DayRange, returns: Sequence[Return]) -> tuple[Decimal | None, Decimal]:
    """Activity over the whole of ``window`` and the share of its days that ``returns`` cover.

    Each day counts once, from the first return that covers it (put the most trusted first); days that
    none covers are taken to be like the covered ones, because incidents are counted over the whole
    window as well. ``(None, 0)`` where no return touches the window: missing is not zero.
    """
    free, total, covered = [(window.start.toordinal(), window.end.toordinal())], Decimal(0), 0
    for each in returns:
        days, free = _take(free, each.over.start.toordinal(), each.over.end.toordinal())
        covered += days
        total += Decimal(each.quantity) * days / each.over.days
    if not covered:
        return None, Decimal(0).quantize(_COVERAGE)
    activity = total * window.days / covered
    share = Decimal(covered) / window.days
    return activity.quantize(_ACTIVITY, ROUND_HALF_EVEN), share.quantize(_COVERAGE, ROUND_HALF_EVEN)


def canonical(rows: Iterable[SnapshotRow], *, start: date, end: date) -> bytes:
    """The same bytes for the same input, in whatever order it was read: sorted rows, fixed decimals."""
    content = {
        "window": [start.isoformat(), end.isoformat()],
        "rows": [
            [
                row.employer_id,
                row.modality,
                row.sector,
                row.observed,
                None if row.activity is None else str(row.activity.quantize(_ACTIVITY)),
                str(row.coverage.quantize(_COVERAGE)),
            ]
            for row in sorted(rows, key=lambda row: (row.employer_id, row.modality))
        ],
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def digest(content: bytes) -> str:
    """SHA-256, hex."""
    return hashlib.sha256(content).hexdigest()


def _take(free: list[tuple[int, int]], first: int, last: int) -> tuple[int, list[tuple[int, int]]]:
    """How many free days lie within ``first`` to ``last``, and the days that stay free."""
    taken, left = 0, []
    for start, end in free:
        overlap = min(end, last) - max(start, first) + 1
        if overlap <= 0:
            left.append((start, end))
            continue
        taken += overlap
        left.extend(gap for gap in ((start, first - 1), (last + 1, end)) if gap[0] <= gap[1])
    return taken, left
