"""A whole report as files for programs and spreadsheets: CSV, ODS, JSON. Pure.

Each draws from the frozen ``Table``; one table for itself is ``regulator.statistics.files``. The whole report
as CSV is one long table with a line for each cell, as statistics programs read it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from regulator.sheets import Sheet, csv_lines, spreadsheet_of
from regulator.statistics.files import sheets_of
from regulator.statistics.reports.assembling import assembled
from regulator.statistics.reports.frozen import Content
from regulator.statistics.tables import Cell, Column, Row, Table, as_plain

__all__ = ["as_plain_report", "long_csv", "plain_numbers", "whole_ods"]

LONG_COLUMNS: Final = (
    "table",
    "number",
    "title",
    "row",
    "depth",
    "is_total",
    "heading",
    "column",
    "column_heading",
    "kind",
    "value",
)

_OF_A_FIGURE: Final = ("name", "title", "meaning", "unit", "basis", "caveats", "source", "tables")
"""What is told of a figure."""


def long_csv(content: Content) -> Iterator[bytes]:
    """Every cell of every table, a line each: table, row, column, value."""
    return csv_lines([LONG_COLUMNS, *_long(content.tables.values())])


def _long(tables: Iterable[Table]) -> Iterator[Sequence[object]]:
    for table in tables:
        for number, row in enumerate(table.rows, start=1):
            heading = ", ".join(str(cell) for cell in row.cells[: table.headings])
            for column, cell in _valued(table, row):
                yield (
                    table.name,
                    table.number,
                    table.title,
                    number,
                    row.depth,
                    "yes" if row.is_total else "no",
                    heading,
                    column.key,
                    column.heading,
                    column.kind.value,
                    cell,
                )


def _valued(table: Table, row: Row) -> Iterator[tuple[Column, Cell]]:
    return zip(table.columns[table.headings :], row.cells[table.headings :], strict=True)


def whole_ods(content: Content) -> bytes:
    """Every table as a spreadsheet with a sheet each, and first a list of them."""
    tables = list(content.tables.values())
    made = sheets_of(tables)
    contents = [
        (f"IR(ME)R annual report {content.data['year']}",),
        ("Sheet", "Table", "Title"),
        *((sheet.name, table.name, table.title) for sheet, table in zip(made, tables, strict=True)),
    ]
    return b"".join(spreadsheet_of([Sheet("Contents", contents), *made]))


def as_plain_report(content: Content, portal: str) -> dict[str, Any]:
    """The whole report as plain data: the text with its numbers and told cases, what each figure counts,
    every table, every number. The one shape of a report in JSON: of the file, of the API and of the command.
    ``portal`` is the portal's own address, which the addresses of cases begin with."""
    return {
        "year": content.data["year"],
        "as_of": content.data["as_of"],
        "input_sha256": content.input_sha256,
        "values_sha256": content.values_sha256,
        "sections": [
            {
                "key": section.key,
                "level": section.level,
                "heading": section.heading,
                "items": [
                    {"table": item.table.name}
                    if item.table is not None
                    else {"text": [_part(part, portal) for part in item.prose]}
                    for item in section.items
                ],
            }
            for section in assembled(content)
        ],
        "figures": [{key: each[key] for key in _OF_A_FIGURE} for each in content.data["figures"]],
        "tables": [as_plain(table) for table in content.tables.values()],
        "numbers": plain_numbers(content),
    }


def _part(part: Mapping[str, Any], portal: str) -> dict[str, Any]:
    """A part of a text; of a told case its address in full in place of its path."""
    if "case" not in part:
        return dict(part)
    told = {name: value for name, value in part["case"].items() if name != "path"}
    address = {"url": f"{portal}{part['case']['path']}"} if "path" in part["case"] else {}
    return {"case": told | address}


def plain_numbers(content: Content) -> list[dict[str, Any]]:
    """Every number for prose: name, meaning, kind, its value and how it is shown."""
    return [
        {
            "name": number.name,
            "meaning": number.meaning,
            "kind": number.kind.value,
            "value": number.cell if isinstance(number.cell, int) else str(number.cell),
            "shown": number.text,
        }
        for number in content.numbers.values()
    ]
