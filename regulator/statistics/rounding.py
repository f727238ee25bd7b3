"""Percentages in print: rounded each for itself, or made to add up, and never without saying so. Pure.

Shares that are each rounded rarely add up to 100. ``rounded_shares`` leaves them so and gives the note that
says it; ``adding_up`` moves some by one in the last place (largest remainder, Hamilton's method) and gives
the note that says how many. Both work in whole fractions, so no result hangs on a float.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

__all__ = ["Shares", "adding_up", "rounded_shares"]


@dataclass(frozen=True, slots=True)
class Shares:
    """Percentages by key in the order of the counts, each with the decimal places asked for.

    ``total`` is their sum as printed. ``moved`` names those that differ from their own rounding. ``note`` is
    the sentence to print beside them: empty where every share is its own rounding and they add up to 100,
    or where there is nothing to share.
    """

    percents: Mapping[str, Decimal]
    total: Decimal
    moved: tuple[str, ...]
    note: str


def rounded_shares(counts: Mapping[str, int], places: int = 0) -> Shares:
    """Each count's share of their sum, halves up, as CQC prints them. Where nothing counts every share is 0.

    ``ValueError`` for a count below 0, or fewer than 0 places.
    """
    percents = _each(counts, places)
    total = _sum(percents.values(), places)
    note = ""
    if any(counts.values()) and total != 100:
        note = f"Percentages are rounded, each for itself, and add up to {total}%."
    return Shares(percents, total, (), note)


def adding_up(counts: Mapping[str, int], places: int = 0) -> Shares:
    """Shares that add up to exactly 100: each rounded down, and what is missing given, a unit of the last
    place each, to those that were cut by most; between equals to the larger count, then to the earlier.

    Each differs from the exact share by less than one unit of the last place.
    """
    own = _each(counts, places)
    whole = sum(counts.values())
    if not whole:
        return Shares(own, _sum(own.values(), places), (), "")
    unit = Decimal(1).scaleb(-places)
    exact = {key: Fraction(100 * 10**places * count, whole) for key, count in counts.items()}
    units = {key: int(share) for key, share in exact.items()}
    missing = 100 * 10**places - sum(units.values())
    order = list(counts)
    by_cut = sorted(order, key=lambda key: (units[key] - exact[key], -counts[key], order.index(key)))
    for key in by_cut[:missing]:
        units[key] += 1
    percents = {key: unit * number for key, number in units.items()}
    moved = tuple(key for key in order if percents[key] != own[key])
    note = ""
    if moved:
        which = "One percentage is" if len(moved) == 1 else f"{len(moved)} percentages are"
        note = f"{which} moved by one in the last place so that all add up to 100%."
    return Shares(percents, _sum(percents.values(), places), moved, note)


def _each(counts: Mapping[str, int], places: int) -> dict[str, Decimal]:
    if places < 0 or any(count < 0 for count in counts.values()):
        raise ValueError("shares are of counts of 0 or more, to 0 or more places")
    whole, unit = sum(counts.values()), Decimal(1).scaleb(-places)
    return {key: _half_up(100 * count, whole or 1, unit) for key, count in counts.items()}


def _half_up(above: int, below: int, unit: Decimal) -> Decimal:
    """``above / below``, of 0 or more, to the nearest ``unit``; exact, and a half goes up."""
    return math.floor(Fraction(above, below) / Fraction(unit) + Fraction(1, 2)) * unit


def _sum(percents: Iterable[Decimal], places: int) -> Decimal:
    return sum(percents, Decimal(0).scaleb(-places))
