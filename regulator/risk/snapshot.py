"""The input of a run as frozen rows, and its canonical bytes. Pure: no Django, no database."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from regulator.periods import DayRange, first_to_cover

__all__ = ["Return", "SnapshotRow", "activity_in", "canonical", "digest"]

_ACTIVITY = Decimal("0.001")


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
    total, covered = Decimal(0), list[DayRange]()
    for each, taken in zip(returns, first_to_cover(window, [each.over for each in returns]), strict=True):
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
