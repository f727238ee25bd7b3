"""What a chart takes from its table, and the words that tell the same. Pure."""

from collections.abc import Collection, Sequence
from decimal import Decimal

from regulator.statistics.tables import MEANING_OF, Cell, Column, Mark, Row, Table, shown

__all__ = ["cell_of", "column_of", "label_of", "number_of", "told", "told_cells"]


def told(table: Table, columns: Sequence[Column], *, provisional: Collection[str] = ()) -> str:
    """What the chart shows, in words: each row's label with its cells, and what their marks mean."""
    rows = [row for row in table.rows if not row.is_total]
    parts = [_told_row(table, row, columns, provisional) for row in rows]
    held = {cell_of(table, row, each.key) for row in rows for each in columns}
    marks = [f"{mark.value} is {MEANING_OF[mark]}" for mark in Mark if mark in held]
    unit = f"In {table.unit}. " if table.unit else ""
    return f"{unit}{'; '.join(parts) or 'No rows'}.{''.join(f' {each}.' for each in marks)}"


def label_of(table: Table, row: Row) -> str:
    """A row's own name: the cells of its first columns."""
    return " ".join(str(cell) for cell in row.cells[: table.headings] if cell != "")


def column_of(table: Table, key: str) -> Column:
    """Raises ``LookupError`` where the table has no column of this name."""
    for column in table.columns:
        if column.key == key:
            return column
    raise LookupError(f"{table.name} has no column {key!r}")


def cell_of(table: Table, row: Row, key: str) -> Cell:
    return row.cells[table.columns.index(column_of(table, key))]


def number_of(cell: Cell) -> float | None:
    return float(cell) if isinstance(cell, int | Decimal) else None


def told_cells(table: Table, row: Row, columns: Sequence[Column]) -> str:
    """The first column's cell, and the second's in brackets unless it is a mark; one where both are alike."""
    first, *rest = (shown(cell_of(table, row, each.key), each.kind) for each in columns)
    if not rest or rest[0] == first:
        return first
    return f"{first} {rest[0]}" if rest[0] in set(Mark) else f"{first} ({rest[0]})"


def _told_row(table: Table, row: Row, columns: Sequence[Column], provisional: Collection[str]) -> str:
    label = label_of(table, row)
    named = (_named(each, cell_of(table, row, each.key), alone=len(columns) == 1) for each in columns)
    return f"{label}{' (provisional)' if label in provisional else ''}: {', '.join(named)}"


def _named(column: Column, cell: Cell, *, alone: bool) -> str:
    text = shown(cell, column.kind)
    return text if alone else f"{column.heading} {text}"
