"""Percentages in print: rounded each for itself, and never without saying what they add up to. Pure.

Shares that are each rounded rarely add up to 100. Everything is worked out in whole fractions, so no result
hangs on a float.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

__all__ = ["Shares", "half_up", "rounded_shares", "sum_note"]

_WHOLE: Final = 100


@dataclass(frozen=True, slots=True)
class Shares:
    """Percentages by key in the order of the counts, each with the decimal places asked for.

    ``total`` is their sum as printed. ``note`` is the sentence to print beside them: empty where they add up
    to 100, or where there is nothing to share.
    """

    percents: Mapping[str, Decimal]
    total: Decimal
    note: str


def rounded_shares(counts: Mapping[str, int], places: int = 0) -> Shares:
    """Each count's share of their sum, halves up, as CQC prints them. Where nothing counts every share is 0.

    ``ValueError`` for a count below 0, or fewer than 0 places.
    """
    if any(count < 0 for count in counts.values()):
        raise ValueError("shares are of counts of 0 or more")
    whole = sum(counts.values())
    percents = {key: half_up(_WHOLE * count, whole or 1, places) for key, count in counts.items()}
    total = sum(percents.values(), Decimal(0).scaleb(-places))
    return Shares(percents, total, sum_note(percents.values()))


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
