"""A table of figures: the one shape from which page, chart, CSV, spreadsheet, PDF, JSON and API draw. Pure.

A cell that cannot show its number says why by a mark, in the symbols of the Government Analysis Function
("Using symbols in tables", 2021): a reader, and a program, can tell a nought from a number that is kept back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, TypeAlias

__all__ = ["MEANING_OF", "Cell", "Column", "Kind", "Mark", "Row", "Table", "as_plain", "as_rows", "shown"]


class Mark(StrEnum):
    """Why there is no number."""

    CONFIDENTIAL = "[c]"
    NOT_AVAILABLE = "[x]"
    NOT_APPLICABLE = "[z]"
    LOW = "[low]"


MEANING_OF: Final = {
    Mark.CONFIDENTIAL: "kept back so that nobody can be recognised",
    Mark.NOT_AVAILABLE: "not available",
    Mark.NOT_APPLICABLE: "not applicable",
    Mark.LOW: "rounds to nought, but is not nought",
}

Cell: TypeAlias = int | Decimal | str | Mark
"""A whole number, a decimal, a text, or the mark of a number that is not shown."""


class Kind(StrEnum):
    """What the cells of a column are, and so how they are printed."""

    TEXT = "text"
    COUNT = "count"
    PERCENT = "percent"
    RATE = "rate"
    CHANGE = "change"
    """A count with its sign: how many more or fewer."""
    CHANGE_PERCENT = "change_percent"


@dataclass(frozen=True, slots=True)
class Column:
    """``key`` is the column's name in CSV, JSON and API; ``heading`` what people read."""

    key: str
    heading: str
    kind: Kind = Kind.COUNT


@dataclass(frozen=True, slots=True)
class Row:
    """``cells`` in the order of the columns. ``depth`` is how deep a row of a tree lies; ``is_total`` marks
    a sum of the rows above or below it."""

    cells: tuple[Cell, ...]
    depth: int = 0
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table of one figure.

    ``name`` is its address, unique in a report; ``number`` what the report calls it ("Figure 3"), if
    anything. ``basis`` says what is counted by which day, ``notes`` what a reader must know. The first
    ``headings`` columns are the row's own name. Raises ``ValueError`` where a row has more or fewer cells
    than there are columns.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    unit: str
    basis: str
    notes: tuple[str, ...] = ()
    source: str = ""
    number: str = ""
    headings: int = 1

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                raise ValueError(
                    f"{self.name}: a row of {len(row.cells)} cells under {len(self.columns)} columns"
                )

    @property
    def titled(self) -> str:
        """The title, behind the number by which a report calls the table."""
        return f"{self.number}: {self.title}" if self.number else self.title

    def marks(self) -> list[Mark]:
        """The marks that stand in it, in the order in which they are declared: to be explained beside it."""
        held = {cell for row in self.rows for cell in row.cells if isinstance(cell, Mark)}
        return [mark for mark in Mark if mark in held]


def shown(cell: Cell, kind: Kind) -> str:
    """A cell as people read it: thousands parted by commas, shares with %, changes with their sign."""
    if isinstance(cell, str):
        return str(cell)
    match kind:
        case Kind.PERCENT:
            return f"{cell:,}%"
        case Kind.CHANGE:
            return _signed(cell)
        case Kind.CHANGE_PERCENT:
            return f"{_signed(cell)}%"
        case _:
            return f"{cell:,}"


def _signed(number: int | Decimal) -> str:
    """With a true minus, which a voice reads as one."""
    sign = "+" if number > 0 else "−" if number < 0 else ""
    return f"{sign}{abs(number):,}"


def as_rows(table: Table) -> Iterator[tuple[Cell, ...]]:
    """The headings and then the cells as they are: for a file that a program reads. A row of a tree is
    not indented; how deep it lies is a column of its own where it lies at all."""
    deep = any(row.depth for row in table.rows)
    keys = tuple(column.key for column in table.columns)
    yield ("depth", *keys) if deep else keys
    for row in table.rows:
        yield (row.depth, *row.cells) if deep else row.cells


def as_plain(table: Table) -> dict[str, Any]:
    """The table as JSON shows it: decimals as text, marks as their symbol, a row as key to cell."""
    keys = [column.key for column in table.columns]
    return {
        "name": table.name,
        "number": table.number,
        "title": table.title,
        "unit": table.unit,
        "basis": table.basis,
        "notes": list(table.notes),
        "source": table.source,
        "columns": [
            {"key": each.key, "heading": each.heading, "kind": each.kind.value} for each in table.columns
        ],
        "rows": [
            {"depth": row.depth, "is_total": row.is_total}
            | {key: _plain(cell) for key, cell in zip(keys, row.cells, strict=True)}
            for row in table.rows
        ],
        "marks": {mark.value: MEANING_OF[mark] for mark in table.marks()},
    }


def _plain(cell: Cell) -> int | str:
    return cell if isinstance(cell, int) else str(cell)
