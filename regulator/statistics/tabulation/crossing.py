"""A cross-table: one count of a population by two of its fields, as a ``Table`` with its margins. What of it
may leave CQC is ``releasing``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from django.db.models import Count, F

from regulator.periods import Period
from regulator.statistics.rounding import half_up
from regulator.statistics.tables import Cell, Column, Kind, Mark, Row, Table
from regulator.statistics.tabulation.registries import Dimension, Population

__all__ = [
    "ALL",
    "MOST_COLUMNS",
    "MOST_ROWS",
    "Crossed",
    "Share",
    "as_table",
    "cross",
    "in_percent",
    "label_of",
]

MOST_COLUMNS: Final = 30
MOST_ROWS: Final = 200
ALL: Final = "all"
"""The key of the column of the sums."""
_NOT_STATED: Final = "Not stated"
Share: TypeAlias = Literal["count", "row", "column", "all"]


@dataclass(frozen=True, slots=True)
class Crossed:
    """Counts by (row, column), labels in the order of print; without a second field one column "" stands for
    all. ``joined`` says, for people, which values were joined because there were too many."""

    population: Population
    rows_by: Dimension
    columns_by: Dimension | None
    period: Period
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: Mapping[tuple[str, str], int]
    joined: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def cross(
    population: Population, rows_by: Dimension, columns_by: Dimension | None, period: Period
) -> Crossed:
    """Count ``population`` in ``period`` by one field or two. One query, a ``GROUP BY``, at any size.

    Values without a row are left out; an empty value is "Not stated". Beyond ``MOST_ROWS`` rows and
    ``MOST_COLUMNS`` columns the values that are counted least are joined as "Others".
    """
    asked = {"_row": _expression(rows_by)}
    if columns_by is not None:
        asked["_column"] = _expression(columns_by)
    found = population.rows(period).order_by().annotate(**asked)
    counted = list(found.values_list(*asked).annotate(_number=Count("pk")))
    cells = [(values[0], values[1] if columns_by is not None else "", number) for *values, number in counted]
    row_of, rows, joined_rows = _named(rows_by, [(row, number) for row, _, number in cells], MOST_ROWS)
    column_of, columns, joined_columns = _columns(columns_by, cells)
    counts: dict[tuple[str, str], int] = {}
    for row, column, number in cells:
        place = (row_of[row], column_of[column])
        counts[place] = counts.get(place, 0) + number
    joined = (*joined_rows, *joined_columns)
    return Crossed(population, rows_by, columns_by, period, rows, columns, counts, joined)


def as_table(found: Crossed) -> Table:
    """The counts with their margins: the last row and, with two fields, the last column are "All"."""
    by = found.rows_by.label.lower()
    if found.columns_by is not None:
        by += f" and {found.columns_by.label.lower()}"
    columns = [Column("name", found.rows_by.label, Kind.TEXT)]
    columns += [Column(f"c{place}", label or "All") for place, label in enumerate(found.columns, start=1)]
    numbers = [[found.counts.get((row, column), 0) for column in found.columns] for row in found.rows]
    below = [sum(column) for column in zip(*numbers, strict=True)] or [0] * len(found.columns)
    if found.columns_by is not None:
        columns.append(Column(ALL, "All"))
        numbers, below = [[*line, sum(line)] for line in numbers], [*below, sum(below)]
    rows = [Row((label, *line)) for label, line in zip(found.rows, numbers, strict=True)]
    return Table(
        name="cross-table",
        title=f"{found.population.label} by {by}, {found.period.label}",
        columns=tuple(columns),
        rows=(*rows, Row(("All", *below), is_total=True)),
        unit=found.population.unit,
        basis=found.population.basis,
        notes=found.joined,
    )


def in_percent(table: Table, share: Share) -> Table:
    """The table with each count as a share of its row, its column or all, worked out from what is shown:
    of a count or a whole that is kept back there is none. "count" is the table as it is."""
    if share == "count":
        return table
    last = len(table.columns) - 1
    columns = tuple(
        column if column.kind is Kind.TEXT else Column(column.key, column.heading, Kind.PERCENT)
        for column in table.columns
    )
    below = table.rows[-1].cells
    rows = []
    for row in table.rows:
        of = {"row": [row.cells[last]] * (last + 1), "column": below, "all": [below[last]] * (last + 1)}[
            share
        ]
        cells = [_percent(cell, whole) for cell, whole in zip(row.cells[1:], of[1:], strict=True)]
        rows.append(Row((row.cells[0], *cells), row.depth, row.is_total))
    note = {"row": "each row", "column": "each column", "all": "all"}[share]
    notes = (f"Percentages of {note}, each rounded for itself: they may not add up to 100%.", *table.notes)
    return Table(
        name=table.name,
        title=table.title,
        columns=columns,
        rows=tuple(rows),
        unit="per cent",
        basis=table.basis,
        notes=notes,
    )


def _percent(cell: Cell, whole: Cell) -> Cell:
    if not isinstance(cell, int) or not isinstance(whole, int):
        return Mark.CONFIDENTIAL
    if not whole:
        return Mark.NOT_APPLICABLE
    return half_up(100 * cell, whole, 1)


def _expression(dimension: Dimension) -> Any:
    return F(dimension.of) if isinstance(dimension.of, str) else dimension.of()


def _columns(
    columns_by: Dimension | None, cells: Sequence[tuple[Any, Any, int]]
) -> tuple[dict[Any, str], tuple[str, ...], tuple[str, ...]]:
    if columns_by is None:
        return {"": ""}, ("",), ()
    return _named(columns_by, [(column, number) for _, column, number in cells], MOST_COLUMNS)


def _named(
    dimension: Dimension, values: Sequence[tuple[Any, int]], most: int
) -> tuple[dict[Any, str], tuple[str, ...], tuple[str, ...]]:
    """The label of each value, the labels in the order of print, and what was joined."""
    counted: dict[Any, int] = {}
    for value, number in values:
        counted[value] = counted.get(value, 0) + number
    order = [value for value in dimension.labels if value in counted]
    own = {value for value in counted if value not in dimension.labels and value not in (None, "")}
    order += sorted(own)
    order += [value for value in (None, "") if value in counted and value not in dimension.labels]
    named = {value: label_of(dimension, value) for value in order}
    labels = list(dict.fromkeys(named.values()))
    if len(labels) <= most:
        return named, tuple(labels), ()
    sizes = dict.fromkeys(labels, 0)
    for value, number in counted.items():
        sizes[named[value]] += number
    kept = set(sorted(labels, key=lambda label: (-sizes[label], labels.index(label)))[: most - 1])
    others = f"Others ({len(labels) - len(kept)} values)"
    named = {value: label if label in kept else others for value, label in named.items()}
    note = f"{dimension.label}: the {len(labels) - len(kept)} values counted least are joined as “{others}”."
    return named, (*(label for label in labels if label in kept), others), (note,)


def label_of(dimension: Dimension, value: Any) -> str:
    """What a value is called in print."""
    if value in dimension.labels:
        return dimension.labels[value]
    return _NOT_STATED if value in (None, "") else dimension.call(value)
