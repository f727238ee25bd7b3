"""Who was inspected when, and who never was: every employer in every modality that it carries out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from inspections.programme.candidates import candidates
from inspections.programme.drawing import Candidate
from regulator import clock
from regulator.organisations.models import Employer, EmployerType, Modality
from regulator.risk.queries import latest_run

FIVE: Final = 5
"""Years within which a visit counts as a recent one: the portal's own, for the count alone."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is narrowed to; empty narrows nothing. ``years`` are those without a visit, at least."""

    modality: str = ""
    sector: str = ""
    never: bool = False
    years: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One employer in one modality. ``years`` since the last visit, ``None`` for never."""

    employer: int
    name: str
    modality: str
    sector: str
    inspected_on: date | None
    years: int | None
    is_underway: bool


def covered(asked: Asked) -> list[Row]:
    """The rows, those never inspected first, then the longest ago (6 queries at any number)."""
    today = clock.today()
    employers = list(Employer.objects.order_by().values_list("pk", "name", "type"))
    names = {key: name for key, name, _ in employers}
    sectors = {key: sector for key, _, sector in employers}
    found = [each for each in candidates(latest_run(), sectors) if _fits(each, asked, today)]
    rows = [
        Row(
            employer=each.employer,
            name=names[each.employer],
            modality=Modality(each.modality).label,
            sector=EmployerType(each.sector).label,
            inspected_on=each.inspected_on,
            years=_years(each.inspected_on, today),
            is_underway=each.is_underway,
        )
        for each in found
    ]
    return sorted(rows, key=lambda row: (row.inspected_on or date.min, row.name, row.employer, row.modality))


@dataclass(frozen=True, slots=True)
class Share:
    """Of one modality: how many there are, how many were ever inspected, and how many within 5 years."""

    modality: str
    employers: int
    ever: int
    within_five: int


def shares(rows: Iterable[Row]) -> list[Share]:
    """By modality, over the rows that are asked for (no query)."""
    counted: dict[str, list[Row]] = {}
    for row in rows:
        counted.setdefault(row.modality, []).append(row)
    return [
        Share(
            modality,
            len(members),
            sum(each.inspected_on is not None for each in members),
            sum(each.years is not None and each.years < FIVE for each in members),
        )
        for modality, members in sorted(counted.items())
    ]


def _fits(each: Candidate, asked: Asked, today: date) -> bool:
    years = _years(each.inspected_on, today)
    if asked.never and each.inspected_on is not None:
        return False
    if asked.years is not None and years is not None and years < asked.years:
        return False
    return asked.modality in ("", each.modality) and asked.sector in ("", each.sector)


def _years(day: date | None, today: date) -> int | None:
    """Whole years since ``day``; a day to come counts as none."""
    if day is None:
        return None
    return max(0, today.year - day.year - ((today.month, today.day) < (day.month, day.day)))
