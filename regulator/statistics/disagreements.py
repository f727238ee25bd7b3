"""Where a published report disagrees with itself or with the data held, and what the data gives: for the page
that says so.

What the report says lies in ``data/disagreements.json``; what the data gives, and which of the two holds, is
computed from the report at hand.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from operator import eq, ge, gt, le, lt
from pathlib import Path
from typing import Any, Final

from regulator.statistics.annual import AnnualReport, numbers_of
from regulator.statistics.tables import Cell, shown

__all__ = ["Disagreement", "Holds", "Statement", "disagreements_with"]

_DATA: Final = Path(__file__).resolve().parent / "data" / "disagreements.json"
_COMPARISONS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "=": eq,
    ">": gt,
    ">=": ge,
    "<": lt,
    "<=": le,
}


class Holds(StrEnum):
    """Which of two statements the data bears out."""

    FIRST = "the first"
    SECOND = "the second"
    BOTH = "both"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Statement:
    """What a report says at a place: ``comparison`` and ``value`` are what that makes of the number."""

    where: str
    says: str
    comparison: str
    value: int

    def is_true_of(self, cell: Cell) -> bool:
        """Whether a number bears it out; the mark of a number that is not known bears out nothing."""
        return isinstance(cell, int | Decimal) and _COMPARISONS[self.comparison](cell, self.value)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two statements of one report on one number, and what the data gives; one statement (``second`` is
    ``None``) where the report agrees with itself and the data does not give its number.

    ``number`` is the name of the number, ``meaning`` what it counts, ``gives`` the number as people read it,
    and ``why`` how the two came apart.
    """

    name: str
    about: str
    first: Statement
    second: Statement | None
    number: str
    meaning: str
    gives: str
    holds: Holds
    why: str


def disagreements_with(report: AnnualReport) -> tuple[Disagreement, ...]:
    """The disagreements of the published report on the same period, as this report's numbers decide them."""
    numbers = numbers_of(report)
    found = []
    for row in _rows():
        if row["period"] == report.period.label:
            number, cell = numbers[row["number"]]
            first, second = Statement(**row["first"]), Statement(**row["second"]) if row["second"] else None
            found.append(
                Disagreement(
                    name=row["name"],
                    about=row["about"],
                    first=first,
                    second=second,
                    number=row["number"],
                    meaning=number.meaning,
                    gives=shown(cell, number.kind),
                    holds=_holds(first.is_true_of(cell), second is not None and second.is_true_of(cell)),
                    why=row["why"],
                )
            )
    return tuple(found)


def _holds(first: bool, second: bool) -> Holds:
    if first and second:
        return Holds.BOTH
    if first or second:
        return Holds.FIRST if first else Holds.SECOND
    return Holds.NEITHER


@cache
def _rows() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(_DATA.read_text(encoding="utf-8"))["disagreements"]
    return rows
