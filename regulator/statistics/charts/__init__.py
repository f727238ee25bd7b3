"""Charts of tables, as inline SVG: bars, grouped bars, and the trend over years. Pure.

A chart draws what a table says and nothing else, and tells it a second time in its description. It stands
beside its table, never in its place. Nothing is told by colour alone, so that it can be printed in black.
For a page ``for_page`` gives a wide and a narrow drawing, of which the styles show the one that fits; a PDF
takes the wide one. Equal tables give equal bytes.
"""

from collections.abc import Callable

from markupsafe import Markup

from regulator.frontend.drawing import element
from regulator.statistics.charts.bars import bars, grouped
from regulator.statistics.charts.frame import FILL, INK, NARROW, SECOND, WIDE, Size
from regulator.statistics.charts.reading import label_of, told
from regulator.statistics.charts.trend import Break, trend

__all__ = [
    "FILL",
    "INK",
    "NARROW",
    "SECOND",
    "WIDE",
    "Break",
    "Size",
    "bars",
    "for_page",
    "grouped",
    "label_of",
    "told",
    "trend",
]


def for_page(draw: Callable[[Size], Markup]) -> Markup:
    """The wide and the narrow drawing of one chart, for the styles to choose from: only one is shown, and
    only that one is read out."""
    return element(
        "div",
        element("div", draw(WIDE), class_="portal-chart__wide"),
        element("div", draw(NARROW), class_="portal-chart__narrow"),
        class_="portal-chart",
    )
