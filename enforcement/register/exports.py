"""The register, or any part of it, as a file: CSV, JSON Lines and ODS, streamed.

On PostgreSQL the CSV is what ``COPY`` writes; elsewhere it is written here, byte for byte the same.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, QuerySet, TextField, Value, When

from enforcement.register.columns import COLUMNS, FLAG, MOMENT, TEXT, Column
from enforcement.register.expressions import Defused, Moment
from enforcement.register.models import RegisterEntry
from enforcement.register.records import in_utc, records
from regulator.sheets import MEDIA_TYPE, csv_lines, spreadsheet

MOST_ROWS_OF_ODS: Final = 20_000
"""A spreadsheet is packed as a whole before the last of it leaves, and few programs open a larger one."""
_CHUNK: Final = 2000
_LINES_AT_ONCE: Final = 250


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: how it ends, its type, how entries become its bytes, and how many it takes at most."""

    name: str
    label: str
    media_type: str
    written: Callable[[QuerySet[RegisterEntry]], Iterator[bytes]]
    most_rows: int | None = None


def written_csv(entries: QuerySet[RegisterEntry]) -> Iterator[bytes]:
    """One line for each entry, in UTF-8 with its mark; a text that a spreadsheet would take for a formula is
    defused. One statement, in constant memory."""
    if connection.vendor == "postgresql":
        return _copied(entries)
    return csv_lines(_rows(entries))


def _jsonl(entries: QuerySet[RegisterEntry]) -> Iterator[bytes]:
    lines = (json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in records(entries))
    for some in batched_lines(lines):
        yield some.encode()


def _ods(entries: QuerySet[RegisterEntry]) -> Iterator[bytes]:
    return spreadsheet("Enforcement register", _rows(entries))


FORMATS: Final = {
    each.name: each
    for each in (
        Format("csv", "CSV", "text/csv; charset=utf-8", written_csv),
        Format("jsonl", "JSON Lines", "application/jsonl; charset=utf-8", _jsonl),
        Format("ods", "ODS (spreadsheet)", MEDIA_TYPE, _ods, MOST_ROWS_OF_ODS),
    )
}


def batched_lines(lines: Iterator[str]) -> Iterator[str]:
    """Lines, each ended, a few hundred at a time."""
    while some := list(islice(lines, _LINES_AT_ONCE)):
        yield "\n".join(some) + "\n"


def _rows(entries: QuerySet[RegisterEntry]) -> Iterator[list[Any]]:
    """The names, then a row for each entry."""
    yield [column.name for column in COLUMNS]
    selected = entries.prefetch_related(None).values_list(*(column.source for column in COLUMNS))
    for row in selected.iterator(chunk_size=_CHUNK):
        yield [_as_cell(column, value) for column, value in zip(COLUMNS, row, strict=True)]


def _as_cell(column: Column, value: Any) -> Any:
    if isinstance(value, datetime):
        return in_utc(value)
    if column.kind == FLAG:
        return "true" if value else "false"
    return value if isinstance(value, date | int) else (value or "")


def _for_copy(column: Column) -> Any:
    """What PostgreSQL selects, so that it writes what ``_as_cell`` says."""
    if column.kind == MOMENT:
        return Moment(column.source)
    if column.kind == FLAG:
        told = When(**{column.path: True}, then=Value("true"))
        return Case(told, default=Value("false"), output_field=TextField())
    return Defused(column.source) if column.kind == TEXT else column.source


def _copied(entries: QuerySet[RegisterEntry]) -> Iterator[bytes]:
    names = ",".join(column.name for column in COLUMNS)
    yield f"\ufeff{names}\r\n".encode()
    selected = entries.prefetch_related(None).values_list(*map(_for_copy, COLUMNS))
    operations: Any = connection.ops
    try:
        sql = operations.compose_sql(*selected.query.sql_with_params())
    except EmptyResultSet:
        return
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv)") as copied:
        # PostgreSQL sends a message for each row, so what ends one is never within a text.
        rows = iter(copied)
        while some := [bytes(row[:-1]) for row in islice(rows, _LINES_AT_ONCE)]:
            yield b"\r\n".join(some) + b"\r\n"
