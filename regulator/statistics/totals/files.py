"""A table as a file: CSV, ODS and JSON, each drawn from the same table as the page."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from regulator.sheets import MEDIA_TYPE, csv_lines, spreadsheet
from regulator.statistics.tables import Table, as_plain, as_rows

__all__ = ["FORMATS", "Format"]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: how it ends, what it is called, its type, and how a table becomes its bytes."""

    name: str
    label: str
    media_type: str
    written: Callable[[Table], Iterator[bytes]]


def _json(table: Table) -> Iterator[bytes]:
    yield f"{json.dumps(as_plain(table), ensure_ascii=False, indent=2)}\n".encode()


FORMATS: Final = {
    each.name: each
    for each in (
        Format("csv", "CSV", "text/csv; charset=utf-8", lambda table: csv_lines(as_rows(table))),
        Format(
            "ods", "ODS", MEDIA_TYPE, lambda table: spreadsheet(table.title[:31], map(list, as_rows(table)))
        ),
        Format("json", "JSON", "application/json", _json),
    )
}
