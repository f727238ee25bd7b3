"""Writing CSV row by row, so that no spreadsheet takes a text for a formula. Pure."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a text begins that a spreadsheet takes for a formula, once blanks are left out."""
BLANKS: Final = " \u00a0"


class _Line:
    """A file for ``csv`` that hands each line back as it is written."""

    def write(self, line: str) -> str:
        return line


def csv_lines(rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Lines in UTF-8, with the mark by which spreadsheets know it."""
    writer = csv.writer(_Line())
    yield "\ufeff".encode()
    for row in rows:
        yield writer.writerow([defused(cell) for cell in row]).encode()


def defused(cell: object) -> object:
    """A text that a spreadsheet would take for a formula, with an apostrophe before it, which it then
    shows."""
    if isinstance(cell, str) and cell.lstrip(BLANKS).startswith(FORMULA):
        return f"'{cell}"
    return cell
