"""The catalogue of provisions as shipped: reads ``data/provisions.csv`` and checks it while reading.

Pure: the database's own copy is loaded from what this returns. Own words throughout; the law's text is not here.
"""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

__all__ = ["CATALOGUE", "CatalogueRow", "read_catalogue"]

CATALOGUE = Path(__file__).resolve().parent / "data" / "provisions.csv"
_VERIFIED = ("yes", "no", "partly")


@dataclass(frozen=True)
class CatalogueRow:
    """One provision as it stood between two dates (both inclusive; ``in_force_to`` None: still in force)."""

    instrument: str
    reference: str
    heading: str
    own_words: str
    in_force_from: date
    in_force_to: date | None
    verified: str
    source: str
    parent: str
    note: str


def read_catalogue(path: Path = CATALOGUE) -> tuple[CatalogueRow, ...]:
    """Every row in file order. ``ValueError`` names the line of an unknown parent, bad date or overlapping text."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        numbered = [(reader.line_num, _row(reader.line_num, cells)) for cells in reader]
    references = {(row.instrument, row.reference) for _, row in numbered}
    last: dict[tuple[str, str], CatalogueRow] = {}
    for line, row in numbered:
        key = (row.instrument, row.reference)
        if row.parent and (row.instrument, row.parent) not in references:
            raise ValueError(
                f"provisions.csv line {line}: parent {row.parent} of {row.reference} is not listed"
            )
        earlier = last.get(key)
        if earlier and (earlier.in_force_to is None or earlier.in_force_to >= row.in_force_from):
            raise ValueError(f"provisions.csv line {line}: {row.reference} overlaps the text before it")
        last[key] = row
    return tuple(row for _, row in numbered)


def _row(line: int, cells: dict[str, str]) -> CatalogueRow:
    try:
        ends = date.fromisoformat(cells["in_force_to"]) if cells["in_force_to"] else None
        row = CatalogueRow(
            instrument=cells["instrument"],
            reference=cells["reference"],
            heading=cells["heading"],
            own_words=cells["own_words"],
            in_force_from=date.fromisoformat(cells["in_force_from"]),
            in_force_to=ends,
            verified=cells["verified"],
            source=cells["source"],
            parent=cells["parent"],
            note=cells["note"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"provisions.csv line {line}: {error}") from error
    if row.verified not in _VERIFIED:
        raise ValueError(f"provisions.csv line {line}: verified is {row.verified!r}, not one of {_VERIFIED}")
    return row
