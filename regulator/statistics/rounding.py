"""Percentages in print: rounded each for itself, and never without saying what they add up to. Pure.

Shares that are each rounded rarely add up to 100. Everything is worked out in whole fractions, so no result
hangs on a float.
"""

import math
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Final

__all__ = ["half_up", "sum_note"]

_WHOLE: Final = 100


def sum_note(percents: Iterable[int | Decimal]) -> str:
    """The sentence to print beside rounded shares that do not add up to 100; empty where they do, or where
    every one is nought."""
    held = list(percents)
    total = sum(held)
    if not any(held) or total == _WHOLE:
        return ""
    return f"Percentages are rounded, each for itself, and add up to {total}%."


def half_up(above: int, below: int, places: int = 0) -> Decimal:
    """``above / below`` to so many decimal places; exact, and a half goes away from nought.

    ``ValueError`` for fewer than 0 places, ``ZeroDivisionError`` for a ``below`` of 0.
    """
    if places < 0:
        raise ValueError("numbers are rounded to 0 or more places")
    exact, unit = Fraction(above, below), Decimal(1).scaleb(-places)
    units = math.floor(abs(exact) / Fraction(unit) + Fraction(1, 2))
    return (units if exact >= 0 else -units) * unit
