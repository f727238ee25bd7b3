"""Tables made fit for the public: small counts kept back, and what would give them away. Pure.

How counts are chosen is ``suppression``; here is which sums a reader of a ``Table`` knows, and what else in
it hangs on a count. Why these tables and not others: docs/decisions/0038.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from regulator.statistics.suppression import RULE, Key, Rule, Sum, Suppression, suppress
from regulator.statistics.tables import Cell, Column, Kind, Mark, Row, Table

__all__ = [
    "EVERY_MODALITY",
    "Layout",
    "Place",
    "note_of",
    "protected",
    "protected_by_modality",
    "protected_together",
]

EVERY_MODALITY: Final = "every modality"
_NOT_STATED: Final = ("", "not_stated")

Place: TypeAlias = tuple[str, int, str]
"""A cell: the name of its table, the number of its row from 0, the key of its column."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A table and which sums are in it.

    ``total`` is the key of the column that is the sum of the columns ``parts`` (all other counts, where none
    are named), ``None`` where no column is a sum. Rows are sums by their depth: a row is the sum of the rows
    one deeper below it, and one that ``is_total`` of those at depth 0. ``known`` are the (row, column) of
    counts that can be read elsewhere, ``hidden`` of those that are kept back elsewhere.
    """

    table: Table
    total: str | None
    parts: tuple[str, ...] = ()
    known: frozenset[tuple[int, str]] = frozenset()
    hidden: frozenset[tuple[int, str]] = frozenset()

    def counted(self) -> list[str]:
        """The keys of the columns that hold counts."""
        return [each.key for each in self.table.columns if each.kind is Kind.COUNT]

    def summed(self) -> list[str]:
        """The keys of the columns of which ``total`` is the sum."""
        return [] if self.total is None else list(self.parts) or [*filter(self._is_part, self.counted())]

    def _is_part(self, column: str) -> bool:
        return column != self.total


def protected(
    table: Table,
    *,
    total: str | None,
    parts: Sequence[str] = (),
    known: Collection[tuple[int, str]] = (),
    hidden: Collection[tuple[int, str]] = (),
    rule: Rule = RULE,
) -> Table:
    """``table`` as it may be published, small counts and their secondaries as ``Mark.CONFIDENTIAL``, with a
    note that says so; the table itself where there is nothing to hide. See ``Layout`` for the arguments.

    Percentages, rates and changes go with the counts that they were worked out from. ``ValueError`` where a
    cell of counts is no count, or where rows or columns do not add up as they say.
    """
    layout = Layout(table, total, tuple(parts), frozenset(known), frozenset(hidden))
    return protected_together([layout], rule=rule)[0]


def protected_together(
    layouts: Sequence[Layout], same: Sequence[Collection[Place]] = (), rule: Rule = RULE
) -> list[Table]:
    """Tables that are published beside each other, so that none gives away what another keeps back.

    ``same`` names the cells of several tables that are one and the same count. Tables need names of their
    own. ``ValueError`` as for ``protected`` and ``suppress``, and where cells that are called the same are
    not.
    """
    names: dict[Place, Place] = {place: min(places) for places in same for place in places}
    counts: dict[Key, int] = {}
    sums: list[Sum] = []
    known: set[Key] = set()
    hidden: set[Key] = set()
    for layout in layouts:
        for place, count in _counts_of(layout):
            name = names.get(place, place)
            if counts.setdefault(name, count) != count:
                raise ValueError(f"{place} is {count}, and what is called the same is {counts[name]}")
        for whole, parts in _sums_of(layout):
            sums.append(Sum(names.get(whole, whole), tuple(names.get(part, part) for part in parts)))
        known |= {names.get(place, place) for place in _places(layout, layout.known)}
        hidden |= {names.get(place, place) for place in _places(layout, layout.hidden)}
    found = suppress(counts, sums, rule, known, hidden)
    return [_published(layout, found, names, rule) for layout in layouts]


def protected_by_modality(
    counts: Mapping[tuple[str, str], int], hidden: Collection[tuple[str, str]] = ()
) -> dict[tuple[str, str], Cell]:
    """A breakdown of a year by modality and value: each count, and of each value the sum over all modalities
    (``EVERY_MODALITY``), or the mark of one that is kept back.

    The totals by modality are public, and counted on by whoever subtracts. ``hidden`` are the (modality,
    value) that a published report of the year keeps back (``keeping``), also of what counts nothing by now.
    Whatever shows such a breakdown (the annual report, the dashboard, a cross-table for release) asks here,
    so that all of them keep the same counts back.
    """
    places = {*counts, *hidden}
    modalities = sorted({modality for modality, _ in places}, key=_stated_first)
    values = sorted({value for _, value in places}, key=_stated_first)
    full: dict[Key, int] = {}
    sums: list[Sum] = []
    for modality in modalities:
        parts: list[Key] = [(modality, value) for value in values]
        full |= {(modality, value): counts.get((modality, value), 0) for value in values}
        full["total", modality] = sum(full[part] for part in parts)
        sums.append(Sum(("total", modality), tuple(parts)))
    for value in values:
        parts = [(modality, value) for modality in modalities]
        full[EVERY_MODALITY, value] = sum(full[part] for part in parts)
        sums.append(Sum((EVERY_MODALITY, value), tuple(parts)))
    known = [("total", modality) for modality in modalities]
    kept_back = suppress(full, sums, known=known, hidden=hidden).kept_back
    return {
        (of, value): Mark.CONFIDENTIAL if (of, value) in kept_back else full[of, value]
        for of, value in [(of, value) for of in (*modalities, EVERY_MODALITY) for value in values]
    }


def _stated_first(key: str) -> tuple[bool, str]:
    """What is not stated comes last, whatever it is called, so that the same counts are kept back."""
    return (key in _NOT_STATED, "" if key in _NOT_STATED else key)


def note_of(rule: Rule = RULE) -> str:
    """The sentence beside a table of which counts are kept back."""
    return (
        f"{Mark.CONFIDENTIAL} stands for a count from 1 to {rule.least - 1}, for one from which such a count "
        "could be worked out, or for what was worked out from these."
    )


def _counts_of(layout: Layout) -> Iterator[tuple[Place, int]]:
    for number, row in enumerate(layout.table.rows):
        for column, cell in zip(layout.table.columns, row.cells, strict=True):
            if column.kind is not Kind.COUNT:
                continue
            if not isinstance(cell, int):
                raise ValueError(f"{layout.table.name}, row {number}, {column.key}: {cell} is no count")
            yield (layout.table.name, number, column.key), cell


def _places(layout: Layout, cells: Collection[tuple[int, str]]) -> Iterator[Place]:
    for row, column in cells:
        yield layout.table.name, row, column


def _sums_of(layout: Layout) -> Iterator[tuple[Place, list[Place]]]:
    """The sums that matter: of the rows in each column, and across the columns in each row that is no sum
    of rows itself (in the others they follow)."""
    name, rows = layout.table.name, layout.table.rows
    below = _rows_below(rows)
    for column in layout.counted():
        for number, parts in below.items():
            yield (name, number, column), [(name, part, column) for part in parts]
    if layout.total is not None:
        parts_of_row = layout.summed()
        for number in range(len(rows)):
            if number not in below:
                yield (name, number, layout.total), [(name, number, column) for column in parts_of_row]


def _rows_below(rows: Sequence[Row]) -> dict[int, list[int]]:
    """The number of each row that is a sum of rows, with the numbers of those."""
    below: dict[int, list[int]] = {}
    above: list[int] = []
    for number, row in enumerate(rows):
        if row.is_total:
            continue
        del above[row.depth :]
        if row.depth and len(above) == row.depth:
            below.setdefault(above[-1], []).append(number)
        above.append(number)
    top = [number for number, row in enumerate(rows) if not row.is_total and not row.depth]
    totals = [number for number, row in enumerate(rows) if row.is_total]
    return below | {number: top for number in totals if top}


def _published(layout: Layout, found: Suppression, names: Mapping[Place, Place], rule: Rule) -> Table:
    table = layout.table
    hidden = {place for place, _ in _counts_of(layout) if names.get(place, place) in found.kept_back}
    if not hidden:
        return table
    sums = {whole for whole, _ in _sums_of(layout)}
    everywhere = bool(hidden & sums)
    rows = []
    for number, row in enumerate(table.rows):
        touched = everywhere or any(place[1] == number for place in hidden)
        cells = (
            _cell(cell, column, (table.name, number, column.key) in hidden, touched)
            for column, cell in zip(table.columns, row.cells, strict=True)
        )
        rows.append(replace(row, cells=tuple(cells)))
    return replace(table, rows=tuple(rows), notes=(*table.notes, note_of(rule)))


def _cell(cell: Cell, column: Column, hidden: bool, touched: bool) -> Cell:
    """What is worked out from counts goes with those of its row, and with any sum that is kept back, since
    a share of it that stayed would give it away. A mark is such a share too, unless it says that there never
    was one."""
    if column.kind is Kind.COUNT:
        return Mark.CONFIDENTIAL if hidden else cell
    worked_out = column.kind is not Kind.TEXT and cell is not Mark.NOT_AVAILABLE
    return Mark.CONFIDENTIAL if touched and worked_out else cell
