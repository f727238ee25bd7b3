"""The input of a run as frozen rows, and its canonical bytes. Pure: no Django, no database."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

__all__ = ["DayRange", "Return", "SnapshotRow", "activity_in", "canonical", "digest"]

_ACTIVITY = Decimal("0.001")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    """One employer in one modality: what was counted, and how much was done, on the same days.

    ``covered_days`` is how many of the window's days the employer's returns for the modality cover;
    ``observed`` incidents and ``activity`` (examinations or episodes) are those of these days alone. Where
    no day is covered ``activity`` is ``None``, and ``observed`` counts the whole window: it is shown, never
    scored.
    """

    employer_id: int
    modality: str
    sector: str
    observed: int
    activity: Decimal | None
    covered_days: int


@dataclass(frozen=True, slots=True)
class DayRange:
    """A stretch of days, both ends included."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


@dataclass(frozen=True, slots=True)
class Return:
    """An activity return: ``quantity`` spread evenly over ``over``."""

    over: DayRange
    quantity: int


def activity_in(window: DayRange, returns: Sequence[Return]) -> tuple[Decimal | None, list[DayRange]]:
    """Activity on the days of ``window`` that ``returns`` cover, and those days.

    Each day counts once, from the first return that covers it (put the most trusted first). Nothing is
    scaled up to days without a return: incidents are counted on the covered days only, so that employers
    with returns for different years compare. ``(None, [])`` where no return touches the window: missing
    is not zero.
    """
    free, total, covered = [window], Decimal(0), list[DayRange]()
    for each in returns:
        taken, free = _take(free, each.over)
        covered.extend(taken)
        total += Decimal(each.quantity) * sum(stretch.days for stretch in taken) / each.over.days
    if not covered:
        return None, []
    return total.quantize(_ACTIVITY, ROUND_HALF_EVEN), sorted(covered, key=lambda stretch: stretch.start)


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
                row.covered_days,
            ]
            for row in sorted(rows, key=lambda row: (row.employer_id, row.modality))
        ],
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def digest(content: bytes) -> str:
    """SHA-256, hex."""
    return hashlib.sha256(content).hexdigest()


def _take(free: Iterable[DayRange], wanted: DayRange) -> tuple[list[DayRange], list[DayRange]]:
    """The stretches of the free days that lie within ``wanted``, and those that stay free."""
    taken, left = list[DayRange](), list[DayRange]()
    for stretch in free:
        start, end = max(stretch.start, wanted.start), min(stretch.end, wanted.end)
        if start > end:
            left.append(stretch)
            continue
        taken.append(DayRange(start, end))
        if stretch.start < start:
            left.append(DayRange(stretch.start, start - _DAY))
        if end < stretch.end:
            left.append(DayRange(end + _DAY, stretch.end))
    return taken, left
