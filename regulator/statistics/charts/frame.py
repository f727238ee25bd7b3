"""The frame of a chart and what is written in it: sizes, colours, lines and words. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from regulator.frontend.drawing import element, lines_of
from regulator.statistics.tables import Table

INK: Final = "#0b0c0c"
"""Text: 19 to 1 on white."""
SECOND: Final = "#505a5f"
"""Axes and the lines of breaks: 7 to 1 on white."""
FILL: Final = "#1d70b8"
"""Bars and lines: 5 to 1 on white."""
FAINT: Final = "#b1b4b6"
"""Lines of the grid, which carry no meaning of their own."""
FONT: Final = "Arial, Arimo, Helvetica, sans-serif"
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


def rule(
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


def text_at(
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


def words_at(
    words: Iterable[str], x: float, y: float, size: Size, *, anchor: str = "", bold: bool = False
) -> list[Markup]:
    """Lines of text from ``y`` down."""
    return [
        text_at(line, x, y + (place + 0.8) * size.line, size, anchor=anchor, bold=bold)
        for place, line in enumerate(words)
    ]


def paragraphs(texts: Sequence[str], y: float, size: Size) -> tuple[list[Markup], float]:
    drawn: list[Markup] = []
    for text in texts:
        words = lines_of(text, width=size.width, size=size.text)
        drawn += words_at(words, 0, y, size)
        y += len(words) * size.line + 4
    return drawn, y


def svg(
    table: Table, description: str, ident: str, size: Size, height: float, drawn: Sequence[Markup]
) -> Markup:
    name = f"chart-{_NO_NAME.sub('-', ident or table.name)}-{size.name}"
    return element(
        "svg",
        element("title", table.titled, id=f"{name}-title"),
        element("desc", description, id=f"{name}-told"),
        element("g", *drawn, font_family=FONT),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {size.width} {round(height + 4):g}",
        role="img",
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-told",
    )
