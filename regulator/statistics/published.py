"""What CQC published of years whose cases are not held, with the address of every number. Pure.

The tables lie in ``data/published``; its README says how they came about.
"""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

from regulator.periods import Period
from regulator.statistics.tables import Mark

__all__ = [
    "NAMES",
    "PublishedCause",
    "PublishedPart",
    "PublishedYear",
    "published_year",
    "published_years",
]

_DATA: Final = Path(__file__).resolve().parent / "data" / "published"
_MODALITIES: Final = ("diagnostic_imaging", "radiotherapy", "nuclear_medicine")
_COUNTED: Final = ("notifications", "inspections", "improvement_notices", "recommendations")
NAMES: Final = (
    *(name for what in _COUNTED for name in (what, *(f"{what}_{each}" for each in _MODALITIES))),
    "imaging_tests",
    "ionising_examinations",
    "radiotherapy_episodes",
)
"""The names of the numbers of a year: of each kind the total and the three modalities, and the activity."""


@dataclass(frozen=True, slots=True)
class PublishedPart:
    """A sub-modality of a year: ``count`` and ``percent`` (whole) as far as each was stated."""

    modality: str
    sub_modality: str
    count: int | None
    percent: int | None
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class PublishedCause:
    """The count of a cause that a report gives for an earlier year; ``path`` is tier 1 to 3, if given."""

    year: str
    modality: str
    path: tuple[str, ...]
    count: int
    source: str


@dataclass(frozen=True, slots=True)
class PublishedYear:
    """A period that CQC reported on, both days included; not always a year.

    ``totals`` has every one of ``NAMES``, ``None`` where nothing was found; ``sources`` the address and
    ``remarks`` what must be known of each that was. ``source`` is the address of the report or notice.
    """

    label: str
    start: date
    end: date
    regime: str
    source: str
    notes: str
    totals: Mapping[str, int | None]
    sources: Mapping[str, str]
    remarks: Mapping[str, str]
    sub_modalities: tuple[PublishedPart, ...]
    causes: tuple[PublishedCause, ...]

    def told(self, name: str) -> int | Mark:
        """The total of this name, or the mark that there is none."""
        total = self.totals[name]
        return Mark.NOT_AVAILABLE if total is None else total

    def where(self, *names: str) -> tuple[str, ...]:
        """The addresses of the totals of these names, each once."""
        return tuple(dict.fromkeys(self.sources[name] for name in names if name in self.sources))


@cache
def published_years() -> tuple[PublishedYear, ...]:
    """Every published period, the earliest first. ``ValueError`` names a table's row that makes no sense."""
    known = frozenset(row["year"] for row in _rows("years.csv"))
    totals = _by_year("totals.csv", known)
    parts = _by_year("sub_modalities.csv", known)
    made = _each("years.csv", lambda row: _year(row, totals, parts))
    return tuple(sorted(made, key=lambda year: year.start))


def published_year(period: Period) -> PublishedYear | None:
    """What was published for exactly this period, if anything."""
    for year in published_years():
        if (year.start, year.end) == (period.start, period.end):
            return year
    return None


@cache
def _published_causes() -> tuple[PublishedCause, ...]:
    return _each(
        "causes.csv",
        lambda row: PublishedCause(
            row["year"],
            row["modality"],
            tuple(row[tier] for tier in ("tier1", "tier2", "tier3") if row[tier]),
            int(row["count"]),
            row["source"],
        ),
    )


_Row = dict[str, str]
_Rows = Mapping[str, list[_Row]]
Made = TypeVar("Made")


def _year(row: _Row, totals: _Rows, parts: _Rows) -> PublishedYear:
    label = row["year"]
    numbers = totals.get(label, [])
    return PublishedYear(
        label=label,
        start=date.fromisoformat(row["start"]),
        end=date.fromisoformat(row["end"]),
        regime=row["regime"],
        source=row["source"],
        notes=row["notes"],
        totals=dict.fromkeys(NAMES) | {each["name"]: int(each["value"]) for each in numbers},
        sources={each["name"]: each["source"] for each in numbers},
        remarks={each["name"]: each["note"] for each in numbers if each["note"]},
        sub_modalities=tuple(_part(each) for each in parts.get(label, [])),
        causes=tuple(cause for cause in _published_causes() if cause.year == label),
    )


def _part(row: _Row) -> PublishedPart:
    return PublishedPart(
        row["modality"],
        row["sub_modality"],
        int(row["count"]) if row["count"] else None,
        int(row["percent"]) if row["percent"] else None,
        row["source"],
        row["note"],
    )


def _by_year(name: str, known: frozenset[str]) -> _Rows:
    """The rows of a table by their year, which must be known; of totals also the name."""
    found: dict[str, list[_Row]] = {}
    for line, row in enumerate(_rows(name), start=2):
        if row["year"] not in known or row.get("name", NAMES[0]) not in NAMES or not row["source"]:
            raise ValueError(f"{name}, line {line}: {row['year']} or {row.get('name')} is not known")
        found.setdefault(row["year"], []).append(row)
    return found


def _each(name: str, make: Callable[[_Row], Made]) -> tuple[Made, ...]:
    made = []
    for line, row in enumerate(_rows(name), start=2):
        try:
            made.append(make(row))
        except ValueError as error:
            raise ValueError(f"{name}, line {line}: {error}") from error
    return tuple(made)


def _rows(name: str) -> list[_Row]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))
