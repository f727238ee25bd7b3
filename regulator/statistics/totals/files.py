"""A table as a file: CSV, ODS and JSON, each drawn from the same table as the page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from regulator.sheets import MEDIA_TYPE
from regulator.statistics.files import table_csv, table_json, table_ods
from regulator.statistics.tables import Table

__all__ = ["FORMATS", "Format"]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: how it ends, what it is called, its type, and how a table becomes its bytes."""

    name: str
    label: str
    media_type: str
    written: Callable[[Table], Iterator[bytes]]


FORMATS: Final = {
    each.name: each
    for each in (
        Format("csv", "CSV", "text/csv; charset=utf-8", table_csv),
        Format("ods", "ODS", MEDIA_TYPE, lambda table: iter([table_ods(table)])),
        Format("json", "JSON", "application/json", lambda table: iter([table_json(table)])),
    )
}
