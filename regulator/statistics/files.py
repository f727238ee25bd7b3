"""A table as a file: CSV, ODS and JSON, each with what a reader of it must know. Pure."""

import json
from collections.abc import Iterable, Iterator
from typing import Final

from regulator.sheets import Sheet, csv_lines, spreadsheet_of
from regulator.statistics.tables import MEANING_OF, Table, as_plain, as_rows

__all__ = ["json_of", "notes_of", "sheets_of", "table_csv", "table_json", "table_ods"]

_LONGEST_NAME: Final = 31
"""As many characters as a spreadsheet program takes for the name of a sheet."""


def notes_of(table: Table) -> Iterator[tuple[str, str]]:
    """What a reader of the table must know, as pairs: what it is about, and the words."""
    yield "Counted", table.basis
    yield "Unit", table.unit
    for note in table.notes:
        yield "Note", note
    for mark in table.marks():
        yield str(mark), MEANING_OF[mark]
    if table.source:
        yield "Source", table.source


def table_csv(table: Table) -> Iterator[bytes]:
    """The headings, the rows, then an empty line and the notes."""
    return csv_lines([*as_rows(table), (), *notes_of(table)])


def sheets_of(tables: Iterable[Table]) -> list[Sheet]:
    """A sheet for each table: its title, the headings, the rows, the notes. Names are short and differ."""
    made: list[Sheet] = []
    taken: set[str] = set()
    for table in tables:
        name = _sheet_name(table, taken)
        taken.add(name)
        made.append(Sheet(name, [(table.titled,), *as_rows(table), (), *notes_of(table)]))
    return made


def _sheet_name(table: Table, taken: set[str]) -> str:
    name = (table.number or table.name)[:_LONGEST_NAME]
    again = 2
    while name in taken:
        name = f"{(table.number or table.name)[: _LONGEST_NAME - 3]} {again}"
        again += 1
    return name


def table_ods(table: Table) -> bytes:
    """One table as a spreadsheet."""
    return b"".join(spreadsheet_of(sheets_of([table])))


def json_of(told: object) -> bytes:
    """Indented, in UTF-8; the same data has the same bytes."""
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def table_json(table: Table) -> bytes:
    return json_of(as_plain(table))
