"""Where a series of figures breaks, so that a change across it says nothing: dated data with reasons. Pure.

A break lies between two periods when one of them, in part or whole, was counted otherwise than the other.
The data stand in ``data/series.json``, each with its source.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from regulator.periods import Period

__all__ = ["Break", "Concerns", "all_breaks", "between", "notes"]

FILE: Final = Path(__file__).parent / "data" / "series.json"
_LEAP_DAY: Final = 1


class Concerns(StrEnum):
    """Which figures a break is in. What concerns everything is in those of notifications too."""

    NOTIFICATIONS = "notifications"
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class Break:
    """``on`` is the first day counted in the new way, ``until`` the last where it passed again."""

    name: str
    title: str
    reason: str
    source: str
    concerns: Concerns = Concerns.EVERYTHING
    on: date | None = None
    until: date | None = None

    def lies_between(self, earlier: Period, later: Period) -> bool:
        """Whether one of the two, in part or whole, lies on the other side than the other."""
        if self.on is None:
            return False
        if self.until is None:
            return earlier.start < self.on <= later.end
        touched = [each.start <= self.until and each.end >= self.on for each in (earlier, later)]
        within = [self.on <= each.start and each.end <= self.until for each in (earlier, later)]
        return any(touched) and not all(within)


def between(one: Period, other: Period, of: Concerns = Concerns.NOTIFICATIONS) -> tuple[Break, ...]:
    """The breaks between two periods, whichever is the earlier, in the order of their days; last, where
    the two are not of one length (a leap day apart), that they are not. Empty: they may be compared."""
    earlier, later = sorted((one, other), key=lambda period: (period.start, period.end))
    found = [
        each
        for each in all_breaks()
        if each.concerns in (of, Concerns.EVERYTHING) and each.lies_between(earlier, later)
    ]
    return (*found, *_of_lengths(earlier, later))


def notes(one: Period, other: Period, of: Concerns = Concerns.NOTIFICATIONS) -> tuple[str, ...]:
    """What to print beside two periods shown together: a warning and each reason; empty without a break."""
    breaks = between(one, other, of)
    if not breaks:
        return ()
    warning = f"Break in series: {one.label} and {other.label} were not counted alike."
    return (warning, *(f"{each.title}. {each.reason}" for each in breaks))


@cache
def all_breaks() -> tuple[Break, ...]:
    """Every dated break, in the order of their days."""
    found = (_break(row) for row in _data()["breaks"])
    return tuple(sorted(found, key=lambda each: each.on or date.min))


def _of_lengths(earlier: Period, later: Period) -> Iterable[Break]:
    days = [(each.end - each.start).days + 1 for each in (earlier, later)]
    if abs(days[0] - days[1]) <= _LEAP_DAY:
        return
    odd = {(row["start"], row["end"]): row for row in _data()["odd_periods"]}
    rows = [odd.get((each.start.isoformat(), each.end.isoformat())) for each in (earlier, later)]
    reasons = [row["reason"] for row in rows if row]
    yield Break(
        name="lengths",
        title=f"{earlier.label} has {days[0]} days and {later.label} has {days[1]}",
        reason=" ".join(reasons) or "Periods of different length are not compared.",
        source=" ".join(row["source"] for row in rows if row),
    )


def _break(row: dict[str, Any]) -> Break:
    return Break(
        name=row["name"],
        title=row["title"],
        reason=row["reason"],
        source=row["source"],
        concerns=Concerns(row["concerns"]),
        on=date.fromisoformat(row["on"]),
        until=date.fromisoformat(row["until"]) if row["until"] else None,
    )


@cache
def _data() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found
