"""The funnel with an employer's own point and no other: how far chance alone moves a rate, by activity. Pure.

The middle is what similar services notified, taken together, and the limits are those of counts that vary by
chance and by nothing else (Poisson, on the square-root scale as in ``regulator.risk.funnel``):

    limits of the rate at E = activity * middle:   middle * (1 -/+ z / (2 sqrt E))^2

Neither the over-dispersion nor the limits that staff read enter, nor anything of another employer: its scales
are cut by the own activity and rate alone (docs/decisions/0025).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

from regulator.frontend.drawing import Tick, round_ticks

__all__ = ["OwnFunnel", "limits", "own_funnel"]

WIDTH: Final = 420
HEIGHT: Final = 280
LEFT, RIGHT, TOP, BOTTOM = 52, 16, 12, 44
INNER: Final = 0.95
OUTER: Final = 0.998
_STEPS: Final = 60
_ROOM: Final = 1.25
_WHOLE: Final = 10
"""Below it an axis of rates needs ticks between whole numbers."""


@dataclass(frozen=True, slots=True)
class OwnFunnel:
    """``inner`` and ``outer`` are the 95% and 99.8% limits, low and high, as points of a polyline; ``own`` is
    the point, ``together`` the height of what similar services notified."""

    inner: tuple[str, str]
    outer: tuple[str, str]
    own: tuple[float, float]
    together: float
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def limits(together: float, expected: float, share: float) -> tuple[float, float]:
    """Within which rates ``share`` of services lie by chance alone, of which ``expected`` incidents (above 0)
    are expected at the rate ``together``."""
    reach = NormalDist().inv_cdf((1 + share) / 2) / (2 * math.sqrt(expected))
    return together * max(1 - reach, 0.0) ** 2, together * (1 + reach) ** 2


def own_funnel(*, activity: float, rate: float, together: float, expected: float) -> OwnFunnel:
    """The own point in the middle of the activity that is drawn. All but ``rate`` are above 0."""
    most = 2 * activity
    highest = _ROOM * max(rate, limits(together, expected, OUTER)[1])

    def x(done: float) -> float:
        return round(LEFT + (WIDTH - RIGHT - LEFT) * done / most, 1)

    def y(notified: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * notified / highest, 1)

    def line(share: float, side: int) -> str:
        """Where it lies within the chart: above its edge it is not drawn."""
        steps = (most * step / _STEPS for step in range(1, _STEPS + 1))
        ends = ((done, limits(together, expected * done / activity, share)[side]) for done in steps)
        return " ".join(f"{x(done)},{y(end)}" for done, end in ends if end <= highest)

    return OwnFunnel(
        inner=(line(INNER, 0), line(INNER, 1)),
        outer=(line(OUTER, 0), line(OUTER, 1)),
        own=(x(activity), y(rate)),
        together=y(together),
        across=_ticks(most, x, at_most=4),
        up=_ticks(highest, y, at_most=5),
    )


def _ticks(largest: float, place: Callable[[float], float], *, at_most: int) -> tuple[Tick, ...]:
    """At round numbers from 0 that are not beyond the axis."""
    finer = 1
    while largest * finer < _WHOLE:
        finer *= 10
    values = (each / finer for each in round_ticks(largest * finer, at_most=at_most))
    shown = "g" if finer > 1 else ",.0f"
    return tuple(Tick(place(each), format(each, shown)) for each in values if each <= largest)
