"""Reading one CSV table of a published year row by row, so that whatever is wrong is refused by its line."""

import csv
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

__all__ = ["Row", "YearRefused", "read_rows"]

_WHOLE_NUMBER = re.compile(r"[0-9]+")


class YearRefused(ValueError):
    """A year's folder that cannot be used: which file, which line (None: the file as a whole), and why."""

    def __init__(self, file: str, line: int | None, content: str, reason: str) -> None:
        self.file = file
        self.line = line
        self.content = content
        self.reason = reason
        where = file if line is None else f"{file}, line {line} ({content})"
        super().__init__(f"{where}: {reason}")


@dataclass(frozen=True)
class Row:
    """One line of a table, with what it takes to name it in a refusal."""

    file: str
    line: int
    content: str
    cells: tuple[tuple[str, str], ...]

    def refused(self, reason: str) -> YearRefused:
        """The refusal of this row; raise it."""
        return YearRefused(self.file, self.line, self.content, reason)

    def optional(self, column: str) -> str:
        """The cell, which may be empty."""
        return dict(self.cells)[column]

    def text(self, column: str) -> str:
        """The cell, which may not be empty."""
        if not (value := self.optional(column)):
            raise self.refused(f"{column} is empty")
        return value

    def count(self, column: str) -> int:
        """The cell as a count: a whole number, 0 or more."""
        value = self.optional(column)
        if not _WHOLE_NUMBER.fullmatch(value):
            raise self.refused(f'{column} is "{value}", which is not a whole number of 0 or more')
        return int(value)

    def optional_count(self, column: str) -> int | None:
        """The cell as a count, or None where it is empty."""
        return self.count(column) if self.optional(column) else None

    def day(self, column: str) -> date:
        """The cell as a date written 2024-03-31."""
        value = self.optional(column)
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise self.refused(f'{column} is "{value}", which is not a date like 2024-03-31') from error

    def one_of(self, column: str, known: Collection[str]) -> str:
        """The cell, which must be one of ``known``."""
        value = self.optional(column)
        if value not in known:
            raise self.refused(f'{column} is "{value}", which is not one of {", ".join(sorted(known))}')
        return value


def read_rows(folder: Path, name: str, columns: Collection[str]) -> tuple[Row, ...]:
    """The rows of ``folder/name``; refused when the file or one of ``columns`` is missing, or not UTF-8."""
    try:
        text = (folder / name).read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise YearRefused(name, None, "", "the file is missing") from error
    except UnicodeDecodeError as error:
        raise YearRefused(name, None, "", "the file is not text in UTF-8") from error
    lines = text.splitlines()
    rows = tuple(_rows(name, lines, columns))
    if not rows:
        raise YearRefused(name, None, "", "the file has no rows")
    return rows


def _rows(name: str, lines: list[str], columns: Collection[str]) -> Iterator[Row]:
    heading: list[str] | None = None
    for line, content in enumerate(lines, start=1):
        cells = _cells(name, line, content)
        if heading is None:
            heading = cells
            for column in columns:
                if column not in heading:
                    raise YearRefused(name, line, content, f"the column {column} is missing")
        elif content.strip():
            if len(cells) != len(heading):
                reason = f"the row has {len(cells)} cells and the heading {len(heading)}"
                raise YearRefused(name, line, content, reason)
            yield Row(name, line, content, tuple(zip(heading, cells, strict=True)))


def _cells(name: str, line: int, content: str) -> list[str]:
    try:
        return [cell.strip() for row in csv.reader([content], strict=True) for cell in row]
    except csv.Error as error:
        raise YearRefused(name, line, content, f"the row is not CSV on one line ({error})") from error
