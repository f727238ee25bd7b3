"""Charts of tables, as inline SVG: bars, grouped bars, and the trend over years. Pure.

A chart draws what a table says and nothing else, and tells it a second time in its description. It stands
beside its table, never in its place. Nothing is told by colour alone, so that it can be printed in black.
For a page ``for_page`` gives a wide and a narrow drawing, of which the styles show the one that fits; a PDF
takes the wide one. Equal tables give equal bytes.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from regulator.frontend.drawing import element, lines_of, round_ticks, width_of
from regulator.statistics.tables import MEANING_OF, Cell, Column, Mark, Row, Table, shown

__all__ = ["NARROW", "WIDE", "Break", "Size", "bars", "for_page", "grouped", "label_of", "told", "trend"]

INK: Final = "#0b0c0c"
"""Text: 19 to 1 on white."""
SECOND: Final = "#505a5f"
"""Axes and the lines of breaks: 7 to 1 on white."""
FILL: Final = "#1d70b8"
"""Bars and lines: 5 to 1 on white."""
FAINT: Final = "#b1b4b6"
"""Lines of the grid, which carry no meaning of their own."""
FONT: Final = "Arial, Arimo, Helvetica, sans-serif"
_BAR: Final = 20
_GAP: Final = 12
_MOST_SERIES: Final = 4
_NO_NAME: Final = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Size:
    """A width in the units of the ``viewBox``, the size of its letters, and how much of the width stands
    left of the bars for their labels: with 0 they stand above the bars."""

    name: str
    width: int
    text: int
    labels: int

    @property
    def line(self) -> float:
        return self.text * 1.25


WIDE: Final = Size("wide", 640, 16, 220)
NARROW: Final = Size("narrow", 300, 15, 0)


@dataclass(frozen=True, slots=True)
class Break:
    """A break in a series: what comes from the row labelled ``before`` on is not counted as what stands above
    it. ``before`` that no row bears is not drawn."""

    before: str
    text: str


def bars(table: Table, *, value: str, share: str = "", ident: str = "", size: Size = WIDE) -> Markup:
    """Horizontal bars: of each row that is no total its label, and at the bar's end the cell of the column
    ``value``, with that of ``share`` in brackets. A row whose cell is a mark has the mark in the bar's place.

    ``ident`` tells the drawings of one page apart: the table's name where it is empty.
    """
    columns = [_column(table, name) for name in (value, share) if name]
    lines = [
        _Line(
            label_of(table, row),
            _number(_cell(table, row, value)),
            _told_cells(table, row, columns),
            row.depth,
        )
        for row in table.rows
        if not row.is_total
    ]
    return _bar_chart(table, columns, lines, ident, size)


def grouped(table: Table, *, values: Sequence[str], ident: str = "", size: Size = WIDE) -> Markup:
    """Bars in groups: each row that is no total is a group under its label, with one bar for each of the
    columns ``values``, which bears that column's heading."""
    columns = [_column(table, name) for name in values]
    lines: list[_Line] = []
    for row in table.rows:
        if not row.is_total:
            lines.append(_Line(label_of(table, row), None, "", row.depth, is_head=True))
            lines += (
                _Line(each.heading, _number(_cell(table, row, each.key)), _told_cells(table, row, [each]), 1)
                for each in columns
            )
    return _bar_chart(table, columns, lines, ident, size)


def trend(
    table: Table,
    *,
    values: Sequence[str],
    breaks: Sequence[Break] = (),
    provisional: Collection[str] = (),
    ident: str = "",
    size: Size = WIDE,
) -> Markup:
    """The columns ``values`` (1 to 4) over the rows, which are years in their order.

    A line ends at each of ``breaks`` and at each year without a number, and begins anew after it; a break is
    a broken line with its number, and its text stands below. Years whose labels are ``provisional`` are
    hollow points on a dotted line. Raises ``ValueError`` for more series than can be told apart.
    """
    if not 1 <= len(values) <= _MOST_SERIES:
        raise ValueError(f"a trend of {len(values)} series: 1 to {_MOST_SERIES} can be told apart")
    columns = [_column(table, name) for name in values]
    rows = [row for row in table.rows if not row.is_total]
    labels = [label_of(table, row) for row in rows]
    seen = [each for each in breaks if each.before in labels]
    series = [_Series(each, [_number(_cell(table, row, each.key)) for row in rows]) for each in columns]
    held = _Trend(table, labels, series, seen, frozenset(provisional) & set(labels), size)
    body, height = (held.across if size.labels else held.down)()
    notes = [f"Break {number}: {each.text}" for number, each in enumerate(seen, start=1)]
    if held.provisional:
        notes.append(f"Provisional (hollow points): {', '.join(x for x in labels if x in held.provisional)}")
    below, height = _paragraphs(notes, height + size.line, size)
    description = told(table, columns, provisional=held.provisional)
    if notes:
        description = f"{description} {'. '.join(notes)}."
    return _svg(table, description, ident, size, height, [*body, *below])


def for_page(draw: Callable[[Size], Markup]) -> Markup:
    """The wide and the narrow drawing of one chart, for the styles to choose from: only one is shown, and
    only that one is read out."""
    return element(
        "div",
        element("div", draw(WIDE), class_="portal-chart__wide"),
        element("div", draw(NARROW), class_="portal-chart__narrow"),
        class_="portal-chart",
    )


def told(table: Table, columns: Sequence[Column], *, provisional: Collection[str] = ()) -> str:
    """What the chart shows, in words: each row's label with its cells, and what their marks mean."""
    rows = [row for row in table.rows if not row.is_total]
    parts = [_told_row(table, row, columns, provisional) for row in rows]
    held = {_cell(table, row, each.key) for row in rows for each in columns}
    marks = [f"{mark.value} is {MEANING_OF[mark]}" for mark in Mark if mark in held]
    unit = f"In {table.unit}. " if table.unit else ""
    return f"{unit}{'; '.join(parts) or 'No rows'}.{''.join(f' {each}.' for each in marks)}"


def label_of(table: Table, row: Row) -> str:
    """A row's own name: the cells of its first columns."""
    return " ".join(str(cell) for cell in row.cells[: table.headings] if cell != "")


# What stands in a table


def _column(table: Table, key: str) -> Column:
    """Raises ``LookupError`` where the table has no column of this name."""
    for column in table.columns:
        if column.key == key:
            return column
    raise LookupError(f"{table.name} has no column {key!r}")


def _cell(table: Table, row: Row, key: str) -> Cell:
    return row.cells[table.columns.index(_column(table, key))]


def _number(cell: Cell) -> float | None:
    return float(cell) if isinstance(cell, int | Decimal) else None


def _told_cells(table: Table, row: Row, columns: Sequence[Column]) -> str:
    """The first column's cell, and the second's in brackets, unless both are the same mark."""
    first, *rest = (shown(_cell(table, row, each.key), each.kind) for each in columns)
    return f"{first} ({rest[0]})" if rest and rest[0] != first else first


def _told_row(table: Table, row: Row, columns: Sequence[Column], provisional: Collection[str]) -> str:
    label = label_of(table, row)
    named = (_named(each, _cell(table, row, each.key), alone=len(columns) == 1) for each in columns)
    return f"{label}{' (provisional)' if label in provisional else ''}: {', '.join(named)}"


def _named(column: Column, cell: Cell, *, alone: bool) -> str:
    text = shown(cell, column.kind)
    return text if alone else f"{column.heading} {text}"


# Bars


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
        drawn.append(_rule(size.labels, 0, size.labels, y - _GAP, SECOND))
    return _svg(table, told(table, columns), ident, size, y, drawn)


def _bar(line: _Line, y: float, per_unit: float, size: Size) -> tuple[list[Markup], float]:
    """A bar with its label, from ``y`` down, and where the next begins."""
    beside = bool(size.labels) and not line.is_head
    room = (size.labels - 10 if beside else size.width) - line.indent
    words = lines_of(line.label, width=room, size=size.text)
    if beside:
        height = max(len(words) * size.line, _BAR)
        first = y + (height - len(words) * size.line) / 2
        parts = _words(words, size.labels - 10, first, size, anchor="end")
        return [*parts, *_rect(line, size.labels, y + (height - _BAR) / 2, per_unit, size)], y + height + _GAP
    parts = _words(words, line.indent, y, size, bold=line.is_head)
    below = y + len(words) * size.line + 4
    if line.is_head:
        return parts, below + 2
    return [*parts, *_rect(line, line.indent, below, per_unit, size)], below + _BAR + _GAP


def _rect(line: _Line, x: float, y: float, per_unit: float, size: Size) -> Iterator[Markup]:
    width = 0.0
    if line.number is not None and line.number > 0:
        width = max(line.number * per_unit, 1.0)
        yield element("rect", x=x, y=y, width=width, height=_BAR, fill=FILL)
    yield _text(line.told, x + width + 6, y + _BAR / 2 + size.text * 0.35, size)


# The trend


@dataclass(frozen=True, slots=True)
class _Series:
    column: Column
    numbers: list[float | None]


@dataclass(frozen=True, slots=True)
class _Trend:
    """Years from left to right where there is room (``across``), else from the top downwards (``down``)."""

    table: Table
    labels: list[str]
    series: list[_Series]
    breaks: Sequence[Break]
    provisional: frozenset[str]
    size: Size

    def across(self) -> tuple[list[Markup], float]:
        size = self.size
        ticks = round_ticks(self._largest())
        left = width_of(f"{ticks[-1]:,}", size=size.text) + 12
        legend, top = self._legend()
        top += size.line * 1.6
        bottom = top + 260
        apart = (size.width - left - 24) / max(len(self.labels), 1)

        def x(place: float) -> float:
            return left + 12 + apart * (place + 0.5)

        def y(number: float) -> float:
            return bottom - (bottom - top) * number / ticks[-1]

        drawn = list(legend)
        for tick in ticks:
            drawn.append(_rule(left, y(tick), size.width, y(tick), FAINT if tick else SECOND))
            drawn.append(_text(f"{tick:,}", left - 8, y(tick) + size.text * 0.35, size, anchor="end"))
        for number, place in self._breaks():
            drawn.append(_rule(x(place), top - size.line * 0.4, x(place), bottom, SECOND, dashed=True))
            drawn.append(_text(f"{number}", x(place), top - size.line * 0.6, size, anchor="middle"))
        for place, label in enumerate(self.labels):
            at = (x(place) + size.text * 0.35, bottom + 8)
            drawn.append(_text(label, *at, size, anchor="end", turned=True))
        drawn += self._lines(lambda place, number: (x(place), y(number)))
        longest = max((width_of(each, size=size.text) for each in self.labels), default=0)
        return drawn, bottom + 12 + longest

    def down(self) -> tuple[list[Markup], float]:
        size = self.size
        left = max((width_of(each, size=size.text) for each in self.labels), default=0) + 14
        largest = self._largest()
        alone = len(self.series) == 1
        room = width_of(f"{largest:,.0f}", size=size.text) + 16 if alone else 12
        legend, top = self._legend()
        apart = size.line * 1.5

        def x(number: float) -> float:
            return left + (size.width - left - room) * number / (largest or 1)

        def y(place: float) -> float:
            return top + apart * (place + 0.5)

        bottom = y(len(self.labels) - 0.5)
        drawn = [*legend, _rule(left, top, left, bottom, SECOND)]
        for number, place in self._breaks():
            drawn.append(_rule(0, y(place), size.width - 18, y(place), SECOND, dashed=True))
            drawn.append(_text(f"{number}", size.width, y(place) + size.text * 0.35, size, anchor="end"))
        for place, label in enumerate(self.labels):
            drawn.append(_text(label, left - 8, y(place) + size.text * 0.35, size, anchor="end"))
        drawn += self._lines(lambda place, number: (x(number), y(place)))
        if alone:
            drawn += self._numbers(x, y, left)
        return drawn, bottom

    def _numbers(
        self, x: Callable[[float], float], y: Callable[[float], float], left: float
    ) -> Iterator[Markup]:
        series = self.series[0]
        rows = [row for row in self.table.rows if not row.is_total]
        for place, (row, number) in enumerate(zip(rows, series.numbers, strict=True)):
            text = shown(_cell(self.table, row, series.column.key), series.column.kind)
            at = left if number is None else x(number)
            yield _text(text, at + 10, y(place) + self.size.text * 0.35, self.size)

    def _largest(self) -> float:
        held = [number for each in self.series for number in each.numbers if number is not None]
        return max(held, default=0.0)

    def _breaks(self) -> Iterator[tuple[int, float]]:
        """The number of each break, and its place: half a year before the row that it stands before."""
        for number, each in enumerate(self.breaks, start=1):
            yield number, self.labels.index(each.before) - 0.5

    def _lines(self, at: Callable[[int, float], tuple[float, float]]) -> Iterator[Markup]:
        cut = {each.before for each in self.breaks}
        for kind, series in enumerate(self.series):
            before: tuple[float, float] | None = None
            points: list[Markup] = []
            for place, (label, number) in enumerate(zip(self.labels, series.numbers, strict=True)):
                if number is None:
                    before = None
                    continue
                here = at(place, number)
                if before is not None and label not in cut:
                    yield _rule(*before, *here, FILL, width=3, dotted=label in self.provisional)
                points.append(_point(kind, *here, hollow=label in self.provisional))
                before = here
            yield from points

    def _legend(self) -> tuple[list[Markup], float]:
        """Which sign stands for which series, and where what is below it begins; none for a single one."""
        if len(self.series) == 1:
            return [], self.size.text * 0.5
        drawn: list[Markup] = []
        x, y = 8.0, self.size.line * 0.6
        for kind, each in enumerate(self.series):
            width = width_of(each.column.heading, size=self.size.text) + 38
            if x > 8 and x + width > self.size.width:
                x, y = 8.0, y + self.size.line * 1.2
            drawn.append(_point(kind, x, y, hollow=False))
            drawn.append(_text(each.column.heading, x + 12, y + self.size.text * 0.35, self.size))
            x += width
        return drawn, y + self.size.line


def _point(kind: int, x: float, y: float, *, hollow: bool) -> Markup:
    """The sign of a series: circle, square, triangle, diamond."""
    look: dict[str, str | float | None] = {
        "fill": "#ffffff" if hollow else FILL,
        "stroke": FILL,
        "stroke_width": 2,
    }
    match kind:
        case 0:
            return element("circle", cx=x, cy=y, r=5, **look)
        case 1:
            return element("rect", x=x - 4.5, y=y - 4.5, width=9, height=9, **look)
        case 2:
            corners = [(x, y - 6), (x + 6, y + 5), (x - 6, y + 5)]
        case _:
            corners = [(x, y - 6.5), (x + 6.5, y), (x, y + 6.5), (x - 6.5, y)]
    return element("polygon", points=" ".join(f"{round(a, 1):g},{round(b, 1):g}" for a, b in corners), **look)


# Elements


def _rule(
    x1: float,
    y1: float,
    x2: float,
    y2: float,
    stroke: str,
    *,
    width: float = 1,
    dashed: bool = False,
    dotted: bool = False,
) -> Markup:
    gaps = "6 4" if dashed else "2 5" if dotted else None
    return element(
        "line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_width=width, stroke_dasharray=gaps
    )


def _text(
    text: str, x: float, y: float, size: Size, *, anchor: str = "", bold: bool = False, turned: bool = False
) -> Markup:
    return element(
        "text",
        text,
        x=x,
        y=y,
        font_size=size.text,
        fill=INK,
        text_anchor=anchor or None,
        font_weight="bold" if bold else None,
        transform=f"rotate(-90 {round(x, 1):g} {round(y, 1):g})" if turned else None,
    )


def _words(
    words: Iterable[str], x: float, y: float, size: Size, *, anchor: str = "", bold: bool = False
) -> list[Markup]:
    """Lines of text from ``y`` down."""
    return [
        _text(line, x, y + (place + 0.8) * size.line, size, anchor=anchor, bold=bold)
        for place, line in enumerate(words)
    ]


def _paragraphs(texts: Sequence[str], y: float, size: Size) -> tuple[list[Markup], float]:
    drawn: list[Markup] = []
    for text in texts:
        words = lines_of(text, width=size.width, size=size.text)
        drawn += _words(words, 0, y, size)
        y += len(words) * size.line + 4
    return drawn, y


def _svg(
    table: Table, description: str, ident: str, size: Size, height: float, drawn: Sequence[Markup]
) -> Markup:
    name = f"chart-{_NO_NAME.sub('-', ident or table.name)}-{size.name}"
    number = f"{table.number}: " if table.number else ""
    return element(
        "svg",
        element("title", f"{number}{table.title}", id=f"{name}-title"),
        element("desc", description, id=f"{name}-told"),
        element("g", *drawn, font_family=FONT),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {size.width} {round(height + 4):g}",
        role="img",
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-told",
    )
