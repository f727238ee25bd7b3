"""The trend over years, from left to right where there is room, else from the top downwards. Pure."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from regulator.frontend.drawing import element, round_ticks, width_of
from regulator.statistics.charts.frame import FAINT, FILL, SECOND, WIDE, Size, paragraphs, rule, svg, text_at
from regulator.statistics.charts.reading import cell_of, column_of, label_of, number_of, told
from regulator.statistics.tables import Column, Table, shown

_MOST_SERIES: Final = 4


@dataclass(frozen=True, slots=True)
class Break:
    """A break in a series: what comes from the row labelled ``before`` on is not counted as what stands above
    it. ``before`` that no row bears is not drawn."""

    before: str
    text: str


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
    columns = [column_of(table, name) for name in values]
    rows = [row for row in table.rows if not row.is_total]
    labels = [label_of(table, row) for row in rows]
    seen = [each for each in breaks if each.before in labels]
    series = [_Series(each, [number_of(cell_of(table, row, each.key)) for row in rows]) for each in columns]
    held = _Trend(table, labels, series, seen, frozenset(provisional) & set(labels), size)
    body, height = (held.across if size.labels else held.down)()
    notes = [f"Break {number}: {each.text}" for number, each in enumerate(seen, start=1)]
    if held.provisional:
        notes.append(f"Provisional (hollow points): {', '.join(x for x in labels if x in held.provisional)}")
    below, height = paragraphs(notes, height + size.line, size)
    description = told(table, columns, provisional=held.provisional)
    if notes:
        description = f"{description} {'. '.join(notes)}."
    return svg(table, description, ident, size, height, [*body, *below])


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
            drawn.append(rule(left, y(tick), size.width, y(tick), FAINT if tick else SECOND))
            drawn.append(text_at(f"{tick:,}", left - 8, y(tick) + size.text * 0.35, size, anchor="end"))
        for number, place in self._breaks():
            drawn.append(rule(x(place), top - size.line * 0.4, x(place), bottom, SECOND, dashed=True))
            drawn.append(text_at(f"{number}", x(place), top - size.line * 0.6, size, anchor="middle"))
        for place, label in enumerate(self.labels):
            at = (x(place) + size.text * 0.35, bottom + 8)
            drawn.append(text_at(label, *at, size, anchor="end", turned=True))
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
        drawn = [*legend, rule(left, top, left, bottom, SECOND)]
        for number, place in self._breaks():
            drawn.append(rule(0, y(place), size.width - 18, y(place), SECOND, dashed=True))
            drawn.append(text_at(f"{number}", size.width, y(place) + size.text * 0.35, size, anchor="end"))
        for place, label in enumerate(self.labels):
            drawn.append(text_at(label, left - 8, y(place) + size.text * 0.35, size, anchor="end"))
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
            text = shown(cell_of(self.table, row, series.column.key), series.column.kind)
            at = left if number is None else x(number)
            yield text_at(text, at + 10, y(place) + self.size.text * 0.35, self.size)

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
                    yield rule(*before, *here, FILL, width=3, dotted=label in self.provisional)
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
            drawn.append(text_at(each.column.heading, x + 12, y + self.size.text * 0.35, self.size))
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
