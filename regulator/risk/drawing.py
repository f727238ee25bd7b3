"""Where the lines and points of charts lie, in the units of an SVG's ``viewBox``. Pure.

Both axes of the funnel are square roots: there the limits have nearly the same width everywhere, and those of
whom little is expected do not lie on top of one another.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from regulator.frontend.drawing import Tick

__all__ = ["Bar", "Drawing", "Point", "bar", "draw"]

WIDTH: Final = 720
HEIGHT: Final = 420
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 36, 56
_HIGHEST: Final = 9.0
"""Times the expectation, at most: what lies above is drawn at the edge, and the table tells where it is."""
_LEAST_HEIGHT: Final = 3.0
_RATIOS: Final = (0.0, 0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 9.0)
_COUNTS: Final = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_ROOM: Final = 1.05
_BAR: Final = (8, 632)


@dataclass(frozen=True, slots=True)
class Point:
    """``number`` is that of a point outside the limits, else ``None``; ``label_y`` is where it stands."""

    x: float
    y: float
    number: int | None
    name: str
    is_cut: bool

    @property
    def label_y(self) -> float:
        return round(self.y - 8 if self.y > TOP + 20 else self.y + 18, 1)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A funnel: ``inner`` and ``outer`` are the limits, low and high, as points of a polyline."""

    inner: tuple[str, str]
    outer: tuple[str, str]
    points: list[Point]
    across: list[Tick]
    up: list[Tick]
    as_expected: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    top: int = TOP
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def plot_width(self) -> int:
        return self.right - self.left

    @property
    def plot_height(self) -> int:
        return self.bottom - self.top


def draw(
    curve: Sequence[Sequence[Decimal]], points: Iterable[tuple[Decimal, Decimal, int | None, str]]
) -> Drawing:
    """The funnel of ``curve`` (rows of expected, 95% low and high, 99.8% low and high) with ``points``
    (expected, ratio, number, name)."""
    told = list(points)
    most = max([float(curve[-1][0]), *(float(expected) for expected, *_ in told)]) * _ROOM
    highest = max([float(ratio) for _, ratio, *_ in told] + [_LEAST_HEIGHT]) * _ROOM
    highest = min(highest, _HIGHEST)

    def x(expected: float) -> float:
        return round(LEFT + (WIDTH - RIGHT - LEFT) * math.sqrt(expected / most), 1)

    def y(ratio: float) -> float:
        share = math.sqrt(min(ratio, highest) / highest)
        return round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * share, 1)

    def line(column: int) -> str:
        """Where it lies within the chart: above its edge it is not drawn."""
        inside = [row for row in curve if float(row[column]) <= highest]
        return " ".join(f"{x(float(row[0]))},{y(float(row[column]))}" for row in inside)

    return Drawing(
        inner=(line(1), line(2)),
        outer=(line(3), line(4)),
        points=[
            Point(x(float(expected)), y(float(ratio)), number, name, float(ratio) > highest)
            for expected, ratio, number, name in told
        ],
        across=[Tick(x(each), f"{each}") for each in _COUNTS if each <= most],
        up=[Tick(y(each), f"{each:g}") for each in _RATIOS if each <= highest],
        as_expected=y(1.0),
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """A rate with its limits beside the band of the peers, from left to right."""

    own: float
    low: float
    high: float
    band: tuple[float, float] | None
    width: int = 640
    left: int = _BAR[0]
    right: int = _BAR[1]

    @property
    def band_width(self) -> float:
        return max(self.band[1] - self.band[0], 2.0) if self.band else 0.0


def bar(own: Decimal, low: Decimal, high: Decimal, band: tuple[Decimal, Decimal] | None) -> Bar:
    """The places of a rate, of its limits and of the band's ends on a scale from 0 to the largest of them."""
    largest = float(max(high, own, band[1] if band else high)) or 1.0

    def x(value: Decimal) -> float:
        return round(_BAR[0] + (_BAR[1] - _BAR[0]) * float(value) / largest, 1)

    return Bar(x(own), x(low), x(high), (x(band[0]), x(band[1])) if band else None)
