"""Choices that look like chance and are not: every draw is a hash of the year's label and what it is for.

So a folder gives the same plan on every run and machine. Whole numbers only: no float, no random source.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import TypeVar

__all__ = ["Draw", "apportion"]

Item = TypeVar("Item")
# Four equal draws of 0 to 7 added up give the bell shape: up to 28 steps of 15% each.
_STEPS = 8
_DRAWS = 4


class Draw:
    """Draws for one year. The same ``about`` always gives the same answer; each use names its own."""

    def __init__(self, seed: str) -> None:
        self._seed = seed

    def number(self, *about: object, below: int) -> int:
        """A whole number from 0 to ``below - 1``, evenly spread."""
        return self._hash(about) % below

    def between(self, *about: object, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return low + self.number(*about, below=high - low + 1)

    def chance(self, *about: object, percent: int) -> bool:
        """True in about ``percent`` of a hundred draws."""
        return self.number(*about, below=100) < percent

    def weight(self, *about: object) -> int:
        """A positive weight whose logarithm is bell-shaped: a few large, most middling."""
        weight = 1000
        for _ in range(sum(self.number("weight", turn, *about, below=_STEPS) for turn in range(_DRAWS))):
            weight = weight * 115 // 100
        return weight

    def shuffled(self, items: Iterable[Item], *about: object) -> list[Item]:
        """``items`` in an order that depends on each item's ``str`` alone, which must be its own."""
        return sorted(items, key=lambda item: self._hash((*about, item)))

    def _hash(self, about: tuple[object, ...]) -> int:
        text = "|".join([self._seed, *map(str, about)])
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """``total`` split into whole parts in proportion to ``weights``, by largest remainder; the sum is exact.

    ``ValueError`` when there is something to split and no weight above 0. Ties go to the earlier part.
    """
    whole = sum(weights)
    if whole <= 0:
        if total:
            raise ValueError(f"{total} cannot be split: no part has any weight")
        return [0 for _ in weights]
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: (-(total * weights[place] % whole), place))
    for place in by_remainder[: total - sum(parts)]:
        parts[place] += 1
    return parts
