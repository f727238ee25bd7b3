"""An annual report as plain text, for reading in a terminal: its tables, one under the other."""

import textwrap
from collections.abc import Iterator

from regulator.statistics.annual import AnnualReport
from regulator.statistics.figures import Figure
from regulator.statistics.tables import MEANING_OF, Kind, Row, Table, shown

__all__ = ["as_text"]

_WIDTH = 100
_WIDEST = 48


def as_text(report: AnnualReport) -> str:
    """Each figure with its basis and caveats, and its tables: text to the left, numbers to the right."""
    lines = [f"IR(ME)R annual figures {report.period.label}", ""]
    for each in report.figures:
        lines += _heading(each.figure)
        for table in each.tables():
            lines += [*_table(table, each.figure), ""]
    return "\n".join(lines).rstrip() + "\n"


def _heading(figure: Figure) -> Iterator[str]:
    yield from (figure.title, "-" * len(figure.title))
    for text in (figure.basis, *(f"Note: {caveat}" for caveat in figure.caveats)):
        yield from textwrap.wrap(text, _WIDTH)
    yield ""


def _table(table: Table, figure: Figure) -> Iterator[str]:
    yield table.titled
    lines = [[column.heading for column in table.columns], *(list(_cells(table, row)) for row in table.rows)]
    widths = [min(max(len(line[place]) for line in lines), _WIDEST) for place in range(len(table.columns))]
    for line in lines:
        yield from _wrapped(table, line, widths)
    for note in table.notes:
        if note not in figure.caveats:
            yield from textwrap.wrap(f"Note: {note}", _WIDTH)
    for mark in table.marks():
        yield f"{mark} {MEANING_OF[mark]}"


def _cells(table: Table, row: Row) -> Iterator[str]:
    """The cells as people read them, the first indented as deep as its row lies."""
    for place, (cell, column) in enumerate(zip(row.cells, table.columns, strict=True)):
        yield f"{'  ' * row.depth if place == 0 else ''}{shown(cell, column.kind)}"


def _over_lines(text: str, width: int) -> list[str]:
    """The text over lines of this width, each as far in as the first, and those that go on further."""
    indent = text[: len(text) - len(text.lstrip())]
    return textwrap.wrap(text.strip(), width, initial_indent=indent, subsequent_indent=f"{indent}    ") or [
        ""
    ]


def _wrapped(table: Table, line: list[str], widths: list[int]) -> Iterator[str]:
    """One row over as many lines as its longest text needs."""
    parts = [_over_lines(text, width) for text, width in zip(line, widths, strict=True)]
    for number in range(max(len(part) for part in parts)):
        cells = (part[number] if number < len(part) else "" for part in parts)
        yield "  ".join(
            f"{cell:<{width}}" if column.kind is Kind.TEXT else f"{cell:>{width}}"
            for cell, width, column in zip(cells, widths, table.columns, strict=True)
        ).rstrip()
