"""A report of 2023/24 against what CQC published, cell by cell: the rows lie in ``published/``."""

import csv
from collections.abc import Iterator
from pathlib import Path

from regulator.statistics.annual import AnnualReport, numbers_of, tables_of
from regulator.statistics.tables import Cell, Table

_PUBLISHED = Path(__file__).parent / "published"
_MODALITY_OF = {
    "Figure 3": "diagnostic_imaging",
    "Figure 5": "radiotherapy",
    "Figure 7": "nuclear_medicine",
}
Path3 = tuple[str, str, str]


def rows_of(name: str) -> list[dict[str, str]]:
    """The published rows of one file."""
    with (_PUBLISHED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def differences(report: AnnualReport) -> list[str]:
    """Every cell of the report's tables that is not what CQC published, and every cause that only one of the
    two has."""
    tables = {table.name: table for table in tables_of(report)}
    return [*_cells(tables), *_figures(tables)]


def prose_differences(report: AnnualReport) -> list[str]:
    """Every number for prose that is not what CQC's text says."""
    numbers = numbers_of(report)
    return [
        f"{row['number']}: {numbers[row['number']][1]}, published {row['value']} ({row['where']})"
        for row in rows_of("prose.csv")
        if numbers[row["number"]][1] != int(row["value"])
    ]


def cell(table: Table, row: str, column: str) -> Cell:
    """What stands in the row whose first cell is ``row``, under the column of this key."""
    place = [each.key for each in table.columns].index(column)
    (found,) = [each.cells[place] for each in table.rows if each.cells[0] == row]
    return found


def _cells(tables: dict[str, Table]) -> Iterator[str]:
    for row in rows_of("tables.csv"):
        found = cell(tables[row["table"]], row["row"], row["column"])
        if found != int(row["value"]):
            where = f"{row['table']}, {row['row']}, {row['column']}"
            yield f"{where}: {found}, published {row['value']} ({row['where']})"


def _figures(tables: dict[str, Table]) -> Iterator[str]:
    for figure, modality in _MODALITY_OF.items():
        table = tables[f"notifications_by_cause_{modality}"]
        rows = [row for row in rows_of("causes.csv") if row["figure"] == figure]
        published = {(row["tier1"], row["tier2"], row["tier3"]): int(row["count"]) for row in rows}
        found = tree_of(table)
        assert table.number == figure
        assert len(published) == len(rows)
        assert len(found) == len(table.rows)
        for path in published.keys() | found.keys():
            if published.get(path) != found.get(path):
                yield f"{figure}, {path}: {found.get(path)}, published {published.get(path)}"


def tree_of(table: Table) -> dict[Path3, Cell]:
    """The counts of a table of causes by their path; the total has the empty one."""
    found: dict[Path3, Cell] = {}
    above: list[str] = []
    for row in table.rows[:-1]:
        above = [*above[: row.depth], str(row.cells[0])]
        found[(*above, "", "")[:3]] = row.cells[1]  # type: ignore[index]
    found["", "", ""] = table.rows[-1].cells[1]
    return found
