"""A table of figures as a page shows it: every cell as people read it, and its notes. Pure.

``templates/statistics/_table.html`` draws from it, and ``templates/desk/admin/statistics_table.html`` on the
desk; a chart is the page's own matter.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from regulator.statistics.files import notes_of
from regulator.statistics.tables import Column, Kind, Row, Table, shown

__all__ = ["Drawn", "DrawnCell", "DrawnRow", "drawn"]


@dataclass(frozen=True, slots=True)
class DrawnCell:
    """What stands in one cell, with the heading of its column."""

    heading: str
    text: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """``names`` are the cells that name the row, ``cells`` the others. ``within`` is the name of the row that
    it is a part of, empty where it is a part of none."""

    names: tuple[DrawnCell, ...]
    cells: tuple[DrawnCell, ...]
    depth: int
    is_total: bool
    within: str

    @property
    def dashes(self) -> str:
        """One for each step that it lies in, where no style can move it."""
        return "–" * self.depth


@dataclass(frozen=True, slots=True)
class Drawn:
    """``headings`` are the heading of each column and whether numbers stand under it; ``notes`` what a reader
    must know, as pairs: what it is about, and the words."""

    title: str
    headings: tuple[tuple[str, bool], ...]
    rows: tuple[DrawnRow, ...]
    notes: tuple[tuple[str, str], ...]


def drawn(table: Table) -> Drawn:
    """The table as it is shown. A row is a part of the nearest row above it that lies less deep."""
    return Drawn(
        title=table.titled,
        headings=tuple((column.heading, _is_number(column)) for column in table.columns),
        rows=tuple(_rows(table)),
        notes=tuple(notes_of(table)),
    )


def _rows(table: Table) -> Iterator[DrawnRow]:
    above = list[tuple[int, str]]()
    for row in table.rows:
        while above and above[-1][0] >= row.depth:
            above.pop()
        cells = tuple(_cells(table, row))
        names, others = cells[: table.headings], cells[table.headings :]
        yield DrawnRow(names, others, row.depth, row.is_total, above[-1][1] if above else "")
        above.append((row.depth, ", ".join(each.text for each in names)))


def _cells(table: Table, row: Row) -> Iterator[DrawnCell]:
    for cell, column in zip(row.cells, table.columns, strict=True):
        yield DrawnCell(column.heading, shown(cell, column.kind), _is_number(column))


def _is_number(column: Column) -> bool:
    return column.kind is not Kind.TEXT
