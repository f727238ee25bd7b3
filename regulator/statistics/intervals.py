"""Exact intervals: of a count, of a rate per activity, of a share. Pure, and without scipy.

A count of incidents is taken as a draw from a Poisson distribution, a share as one from a binomial. The
limits are the exact ones, found by halving on the two tails: they hold for the smallest counts, and cover the
truth at least as often as they say.

    Garwood (1936), Biometrika 28:437            P(X >= count | lower) = a/2 = P(X <= count | upper)
    Clopper and Pearson (1934), Biometrika 26:404  the same of a binomial

The tails are the regularised incomplete gamma and beta functions, by series and continued fraction
(Abramowitz and Stegun 1964, 6.5.29, 6.5.31, 26.5.8).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Final

__all__ = ["CONFIDENCE", "Estimate", "count_interval", "rate", "share_limits"]

CONFIDENCE: Final = 0.95
_TINY: Final = 1e-300
_EPSILON: Final = 1e-16
_STEPS: Final = 200_000
"""Both expansions need some multiples of the root of the count: enough for counts of hundreds of millions."""
_HALVINGS: Final = 200


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with the limits between which the truth lies with the confidence that was asked for; not
    rounded. ``upper`` is ``Decimal("Infinity")`` where nothing bounds it from above."""

    value: Decimal
    lower: Decimal
    upper: Decimal

    def rounded(self, places: int) -> "Estimate":
        """To ``places`` decimal places: the value half to even, the limits outwards, so that the printed
        interval is never narrower than the computed one."""
        unit = Decimal(1).scaleb(-places)
        upper = self.upper if self.upper.is_infinite() else self.upper.quantize(unit, ROUND_CEILING)
        return Estimate(
            self.value.quantize(unit, ROUND_HALF_EVEN), self.lower.quantize(unit, ROUND_FLOOR), upper
        )


def count_interval(count: int, confidence: float = CONFIDENCE) -> Estimate:
    """The exact (Garwood) interval of the mean of which ``count`` was drawn.

    ``ValueError`` for a count below 0, or a confidence that is not between 0 and 1.
    """
    tail = _tail(confidence)
    if count < 0:
        raise ValueError(f"a count cannot be {count}")
    lower = 0.0 if count == 0 else _halve(lambda mean: _gamma_p(count, mean) - tail, 0.0, float(count))
    above = float(count) + 10.0
    while 1 - _gamma_p(count + 1, above) > tail:
        above *= 2
    upper = _halve(lambda mean: tail - (1 - _gamma_p(count + 1, mean)), float(count), above)
    return Estimate(Decimal(count), Decimal(lower), Decimal(upper))


def rate(count: int, activity: int | Decimal, per: int, confidence: float = CONFIDENCE) -> Estimate | None:
    """``count`` for each ``per`` of ``activity``, with the exact interval; ``None`` without activity.

    The activity is taken as known: that returns are late or missing is not in the interval.
    ``ValueError`` for an activity below 0.
    """
    if activity < 0:
        raise ValueError(f"activity cannot be {activity}")
    if not activity:
        return None
    found = count_interval(count, confidence)
    each = Decimal(per) / Decimal(activity)
    return Estimate(found.value * each, found.lower * each, found.upper * each)


def share_limits(part: int, whole: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The exact (Clopper–Pearson) limits of the probability of which ``part`` in ``whole`` was drawn, 0 to 1.

    ``ValueError`` where the part is below 0 or larger than the whole.
    """
    if not 0 <= part <= whole:
        raise ValueError(f"{part} is no part of {whole}")
    tail, rest = _tail(confidence), whole - part
    lower = 0.0 if part == 0 else _halve(lambda chance: _beta_i(chance, part, rest + 1) - tail, 0.0, 1.0)
    upper = 1.0 if rest == 0 else _halve(lambda chance: _beta_i(chance, part + 1, rest) - 1 + tail, 0.0, 1.0)
    return lower, upper


def _tail(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence lies between 0 and 1, not at {confidence}")
    return (1 - confidence) / 2


def _halve(rising: Callable[[float], float], low: float, high: float) -> float:
    """Where ``rising`` crosses nought between ``low`` and ``high``, to the last digit of a float."""
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return (low + high) / 2


def _gamma_p(shape: float, x: float) -> float:
    """The regularised lower incomplete gamma function P(shape, x): the chance of ``shape`` or more events
    where ``x`` are expected."""
    if x <= 0:
        return 0.0
    scale = math.exp(shape * math.log(x) - x - math.lgamma(shape))
    if x < shape + 1:
        term = total = 1 / shape
        for step in range(1, _STEPS):
            term *= x / (shape + step)
            total += term
            if term < total * _EPSILON:
                break
        return min(1.0, scale * total)
    return max(0.0, 1 - scale * _gamma_fraction(shape, x))


def _gamma_fraction(shape: float, x: float) -> float:
    """The continued fraction of the upper incomplete gamma function (Lentz's way of working it out)."""
    b = x + 1 - shape
    c, d = 1 / _TINY, 1 / b
    value = d
    for step in range(1, _STEPS):
        factor = -step * (step - shape)
        b += 2
        d = 1 / _not_nought(factor * d + b)
        c = _not_nought(b + factor / c)
        value *= d * c
        if abs(d * c - 1) < _EPSILON * 4:
            break
    return value


def _beta_i(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b): the chance of ``a`` or more successes in
    ``a + b - 1`` trials of chance ``x``."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    logs = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    scale = math.exp(logs)
    if x < (a + 1) / (a + b + 2):
        return min(1.0, scale * _beta_fraction(x, a, b) / a)
    return max(0.0, 1 - scale * _beta_fraction(1 - x, b, a) / b)


def _beta_fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function (Lentz)."""
    c, d = 1.0, 1 / _not_nought(1 - (a + b) * x / (a + 1))
    value = d
    for step in range(1, _STEPS):
        even = step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step))
        odd = -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1))
        for factor in (even, odd):
            d = 1 / _not_nought(1 + factor * d)
            c = _not_nought(1 + factor / c)
            value *= d * c
        if abs(d * c - 1) < _EPSILON * 4:
            break
    return value


def _not_nought(number: float) -> float:
    return number if abs(number) > _TINY else _TINY
