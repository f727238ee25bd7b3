"""Bars, and bars in groups. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from regulator.frontend.drawing import element, lines_of, width_of
from regulator.statistics.charts.frame import FILL, SECOND, WIDE, Size, rule, svg, text_at, words_at
from regulator.statistics.charts.reading import cell_of, column_of, label_of, number_of, told, told_cells
from regulator.statistics.tables import Column, Table

_BAR: Final = 20
_GAP: Final = 12


def bars(table: Table, *, value: str, share: str = "", ident: str = "", size: Size = WIDE) -> Markup:
    """Horizontal bars: of each row that is no total its label, and at the bar's end the cell of the column
    ``value``, with that of ``share`` in brackets. A row whose cell is a mark has the mark in the bar's place.

    ``ident`` tells the drawings of one page apart: the table's name where it is empty.
    """
    columns = [column_of(table, name) for name in (value, share) if name]
    lines = [
        _Line(
            label_of(table, row),
            number_of(cell_of(table, row, value)),
            told_cells(table, row, columns),
            row.depth,
        )
        for row in table.rows
        if not row.is_total
    ]
    return _bar_chart(table, columns, lines, ident, size)


def grouped(table: Table, *, values: Sequence[str], ident: str = "", size: Size = WIDE) -> Markup:
    """Bars in groups: each row that is no total is a group under its label, with one bar for each of the
    columns ``values``, which bears that column's heading."""
    columns = [column_of(table, name) for name in values]
    lines: list[_Line] = []
    for row in table.rows:
        if not row.is_total:
            lines.append(_Line(label_of(table, row), None, "", row.depth, is_head=True))
            lines += (
                _Line(
                    each.heading, number_of(cell_of(table, row, each.key)), told_cells(table, row, [each]), 1
                )
                for each in columns
            )
    return _bar_chart(table, columns, lines, ident, size)


@dataclass(frozen=True, slots=True)
class _Line:
    """One bar, or the head of a group of bars."""

    label: str
    number: float | None
    told: str
    depth: int = 0
    is_head: bool = False

    @property
    def indent(self) -> int:
        return self.depth * 12


def _bar_chart(
    table: Table, columns: Sequence[Column], lines: Sequence[_Line], ident: str, size: Size
) -> Markup:
    largest = max([each.number for each in lines if each.number is not None], default=0.0) or 1.0
    room = max((width_of(each.told, size=size.text) for each in lines), default=0) + 10
    left = size.labels or max((each.indent for each in lines), default=0)
    per_unit = (size.width - left - room) / largest
    y = 0.0
    drawn: list[Markup] = []
    for line in lines:
        parts, y = _bar(line, y, per_unit, size)
        drawn += parts
    if size.labels and lines:
        drawn.append(rule(size.labels, 0, size.labels, y - _GAP, SECOND))
    return svg(table, told(table, columns), ident, size, y, drawn)


def _bar(line: _Line, y: float, per_unit: float, size: Size) -> tuple[list[Markup], float]:
    """A bar with its label, from ``y`` down, and where the next begins."""
    beside = bool(size.labels) and not line.is_head
    room = (size.labels - 10 if beside else size.width) - line.indent
    words = lines_of(line.label, width=room, size=size.text)
    if beside:
        height = max(len(words) * size.line, _BAR)
        first = y + (height - len(words) * size.line) / 2
        parts = words_at(words, size.labels - 10, first, size, anchor="end")
        return [*parts, *_rect(line, size.labels, y + (height - _BAR) / 2, per_unit, size)], y + height + _GAP
    parts = words_at(words, line.indent, y, size, bold=line.is_head)
    below = y + len(words) * size.line + 4
    if line.is_head:
        return parts, below + 2
    return [*parts, *_rect(line, line.indent, below, per_unit, size)], below + _BAR + _GAP


def _rect(line: _Line, x: float, y: float, per_unit: float, size: Size) -> Iterator[Markup]:
    width = 0.0
    if line.number is not None and line.number > 0:
        width = max(line.number * per_unit, 1.0)
        yield element("rect", x=x, y=y, width=width, height=_BAR, fill=FILL)
    yield text_at(line.told, x + width + 6, y + _BAR / 2 + size.text * 0.35, size)
