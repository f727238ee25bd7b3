"""Activity returns as a CSV file: reading what a spreadsheet wrote, and writing what stands. No database.

A file is read whole or refused whole, with every fault by row and column in plain English.
"""

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Any, Final

from django.core.exceptions import ValidationError

from regulator.organisations.models import ActivityReturn
from regulator.organisations.returns import (
    ReturnDetails,
    completeness_in,
    modality_in,
    quantity_in,
    refusals,
    year_in,
)

COLUMNS: Final = ("year", "modality", "quantity", "completeness")
LARGEST: Final = 64 * 1024
"""Bytes: many times what every year and modality needs."""
MOST_FAULTS: Final = 50
"""Faults that are told of one file; a file with more is wrong from the ground up."""
_READERS: Final[dict[str, Callable[[str], Any]]] = {
    "year": year_in,
    "modality": modality_in,
    "quantity": quantity_in,
    "completeness": completeness_in,
}
_SEPARATORS: Final = ",;\t"
_SEPARATOR_LINE: Final = re.compile(r"sep=.\r?\n?", re.IGNORECASE)
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
_AS_CSV: Final = "In a spreadsheet, choose Save as, then CSV UTF-8"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: the row, 1 being the heading and 0 the whole file, and the column if any."""

    row: int
    column: str
    message: str

    @property
    def in_words(self) -> str:
        if not self.row:
            return self.message
        return f"Row {self.row}{f', {self.column}' if self.column else ''}: {self.message}"


class WrongFile(Exception):
    """A file that cannot be taken. ``faults`` says why, in the order of the rows; ``more`` how many are left
    out; ``str()`` says it in a line."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        number = len(faults)
        super().__init__(
            faults[0].in_words
            if number == 1
            else f"The file has {number:,} faults, so nothing was taken from it"
        )
        self.faults, self.more = faults[:MOST_FAULTS], max(0, number - MOST_FAULTS)


def read_returns(content: bytes, today: date) -> list[ReturnDetails]:
    """What the file says, in its order: at least one return, none twice, each of a year that may be returned.

    Takes UTF-8 with or without its mark, UTF-16 with its mark, and Windows' own code page; commas, semicolons
    or tabs; any line ends; columns in any order; blank rows. Raises ``WrongFile`` for anything else.
    """
    rows, faults = _rows(_text(content))
    if faults and not rows:
        raise WrongFile(faults)
    (first, heading), *body = rows or [(1, [])]
    order = _columns(first, heading)
    found: dict[str, tuple[int, ReturnDetails]] = {}
    for number, cells in body:
        try:
            details = _details(number, cells, order, today)
        except WrongFile as wrong:
            faults += wrong.faults
            continue
        before, _ = found.setdefault(details.name, (number, details))
        if before != number:
            faults.append(Fault(number, "modality", f"This year and modality stand in row {before} already"))
    if not found and not faults:
        faults = [Fault(0, "", "The file has a heading and no rows below it")]
    if faults:
        raise WrongFile(sorted(faults, key=lambda each: each.row))
    return [details for _, details in found.values()]


def written(details: Iterable[ReturnDetails]) -> str:
    """The file that says ``details``, as ``read_returns`` takes it."""
    return _written([each.year.label, each.modality, each.quantity, each.completeness] for each in details)


def written_returns(rows: Iterable[tuple[str, ActivityReturn]]) -> str:
    """The file of returns that stand, each with the label of its reporting year."""
    return _written([label, row.modality, row.quantity, row.completeness] for label, row in rows)


def template(year: str, modalities: Iterable[str]) -> str:
    """A file to fill in: a row for each modality of one year, without numbers."""
    return _written([year, modality, "", ""] for modality in modalities)


def _written(rows: Iterable[Sequence[object]]) -> str:
    out = StringIO(newline="")
    writer = csv.writer(out)  # rows end with CRLF, as RFC 4180 has it
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return out.getvalue()


def _text(content: bytes) -> str:
    if not content:
        raise _wrong("The file is empty")
    if len(content) > LARGEST:
        raise _wrong(f"The file is larger than {LARGEST // 1024} KB. It needs one row a year and modality")
    if content.startswith(_WORKBOOKS):
        raise _wrong(f"This is a workbook, not a CSV file. {_AS_CSV}")
    text = _decoded(content)
    if text is None or _UNPRINTABLE.search(text):
        raise _wrong(f"This is not a text file. {_AS_CSV}")
    if not text.strip():
        raise _wrong("The file is empty")
    return _SEPARATOR_LINE.sub("", text, count=1) if _SEPARATOR_LINE.match(text) else text


def _decoded(content: bytes) -> str | None:
    encodings = ("utf-16",) if content.startswith(_WIDE) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _rows(text: str) -> tuple[list[tuple[int, list[str]]], list[Fault]]:
    """Each row that says anything, with its number, and the fault that ended the reading, if one did. The
    separator is what parts most of the heading."""
    heading = text.lstrip("\r\n").partition("\n")[0].partition("\r")[0]
    separator = max(_SEPARATORS, key=heading.count)
    rows, number = list[tuple[int, list[str]]](), 0
    try:
        for cells in csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True):
            number += 1
            if any(cell.strip() for cell in cells):
                rows.append((number, [cell.strip() for cell in cells]))
    except csv.Error:
        message = "The quotation marks in this row or below it do not come in pairs"
        return rows, [Fault(number + 1, "", message)]
    return rows, []


def _columns(number: int, heading: Sequence[str]) -> list[str]:
    """The heading's columns in their order, in our spelling. Raises ``WrongFile`` unless all four are there
    once, and nothing else."""
    names = [cell.casefold() for cell in heading]
    while names and not names[-1]:
        names.pop()
    faults = [
        Fault(number, name, f"The first row names no column “{name}”")
        for name in COLUMNS
        if name not in names
    ]
    if len(faults) == len(COLUMNS):
        raise _wrong(f"The first row must name the columns: {', '.join(COLUMNS)}", row=number)
    for place, name in enumerate(names):
        if name not in COLUMNS:
            faults.append(Fault(number, "", f"“{name[:40]}” is no column of this file: take it out"))
        elif name in names[:place]:
            faults.append(Fault(number, name, f"The column “{name}” stands there twice"))
    if faults:
        raise WrongFile(faults)
    return names


def _details(number: int, cells: Sequence[str], order: Sequence[str], today: date) -> ReturnDetails:
    if any(cells[len(order) :]):
        message = (
            "There are more cells than columns. A number with a comma, like “1,200”, needs quotation marks"
        )
        raise WrongFile([Fault(number, "", message)])
    said, faults = dict[str, Any](), list[Fault]()
    for name, cell in zip(order, [*cells, *[""] * len(order)], strict=False):
        try:
            said[name] = _READERS[name](cell)
        except ValidationError as fault:
            faults.append(Fault(number, name, " ".join(fault.messages)))
    faults += [Fault(number, name, message) for name, message in refusals(said, today).items()]
    if faults:
        raise WrongFile(sorted(faults, key=lambda each: COLUMNS.index(each.column)))
    return ReturnDetails(**said)


def _wrong(message: str, *, row: int = 0) -> WrongFile:
    return WrongFile([Fault(row, "", message)])
