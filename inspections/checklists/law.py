"""Which provisions stood on a day, and what the regulation is called under which an item stands. Pure: read
from the catalogue as shipped, so that a list of checklists costs no query."""

from datetime import date
from functools import cache
from typing import Final

from inspections.checklists.ready import Item, Ready
from regulator.legislation.catalogue import CatalogueRow, read_catalogue

INSTRUMENT: Final = "IR(ME)R 2017"


def stood(reference: str, day: date) -> bool:
    """Whether a provision was in force on ``day``. Raises ``KeyError`` for one that the catalogue lacks."""
    return any(
        row.in_force_from <= day and (row.in_force_to is None or day <= row.in_force_to)
        for row in _rows()[reference]
    )


def items_on(listed: Ready, day: date, modality: str) -> tuple[Item, ...]:
    """The items of a list that can be asked about on ``day`` in ``modality``: none of a provision that was
    not in force yet, or no more."""
    return tuple(
        each
        for each in listed.items
        if each.concerns(modality) and all(stood(cited, day) for cited in each.provisions)
    )


def title_of(root: str) -> str:
    """ "Regulation 15: Equipment", "Schedule 2: Employer’s procedures"."""
    heading = _rows()[root][-1].heading.replace("'", "’")
    return f"{cited(root)[:1].upper()}{cited(root)[1:]}: {heading}"


def place_of(root: str) -> int:
    """Where a regulation or Schedule stands in the Regulations."""
    return list(_rows()).index(root)


def cited(reference: str) -> str:
    """As people read it: "regulation 6(5)(b)", "Schedule 2(n)"."""
    if reference.startswith("Sch"):
        return f"Schedule {reference[3:]}"
    return f"regulation {reference}"


@cache
def _rows() -> dict[str, tuple[CatalogueRow, ...]]:
    found: dict[str, list[CatalogueRow]] = {}
    for row in read_catalogue():
        if row.instrument == INSTRUMENT:
            found.setdefault(row.reference, []).append(row)
    return {reference: tuple(rows) for reference, rows in found.items()}
