"""Sharing out places by hazard: the graded approach, as arithmetic. Pure.

CQC grades its effort by radiological hazard: more on radiotherapy and the therapies of nuclear medicine, less
on dental and plain-film X-ray (IR(ME)R annual report 2021/22, "Using a graded approach to regulatory
activity"). The weights are data with their source; no published numbers were found.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Final

from inspections.programme.drawing import Stratum

_DATA: Final = Path(__file__).parent / "data" / "hazards.json"


@dataclass(frozen=True, slots=True)
class Hazards:
    """How much effort a modality and a sector weigh. ``source`` says on what that rests, ``verified`` whether
    it was published."""

    version: str
    modalities: Mapping[str, Fraction]
    sectors: Mapping[str, Fraction]
    source: str
    verified: bool

    def weight(self, stratum: Stratum) -> Fraction:
        """Raises ``LookupError`` for a modality or a sector without a weight: it must not read as none."""
        modality, sector = stratum
        return self.modalities[modality] * self.sectors[sector]


@cache
def hazards() -> Hazards:
    """As shipped."""
    told = json.loads(_DATA.read_text(encoding="utf-8"))
    return Hazards(
        version=told["version"],
        modalities={name: Fraction(weight) for name, weight in told["modalities"].items()},
        sectors={name: Fraction(weight) for name, weight in told["sectors"].items()},
        source=told["source"],
        verified=told["verified"],
    )


def shares(places: int, strata: Iterable[Stratum], graded: Hazards) -> dict[Stratum, int]:
    """``places`` among the strata, by weight times the root of how many there are to inspect in each.

    ``strata`` names one for each candidate. The root, because a sector of a hundred small practices does not
    need a hundred times the visits of one. No stratum gets more than it has; what is over goes by the largest
    remainder, ties by name. The sum is ``places``, or all there are.
    """
    sizes: dict[Stratum, int] = {}
    for each in strata:
        sizes[each] = sizes.get(each, 0) + 1
    weights = {each: graded.weight(each) * _root(size) for each, size in sorted(sizes.items())}
    given = dict.fromkeys(weights, 0)
    room = min(places, sum(sizes.values()))
    while room:
        open_ones = {each: weight for each, weight in weights.items() if given[each] < sizes[each]}
        room -= _hand_out(room, open_ones, given, sizes)
    return given


def _hand_out(
    room: int, weights: Mapping[Stratum, Fraction], given: dict[Stratum, int], sizes: Mapping[Stratum, int]
) -> int:
    """One round of the largest remainder, no stratum beyond its size; answers how many were handed out."""
    total = sum(weights.values(), Fraction(0))
    exact = {
        each: room * (weight / total if total else Fraction(1, len(weights)))
        for each, weight in weights.items()
    }
    whole = {each: int(share) for each, share in exact.items()}
    by_remainder = sorted(exact, key=lambda each: (whole[each] - exact[each], each))
    for each in by_remainder[: room - sum(whole.values())]:
        whole[each] += 1
    handed = 0
    for each, number in whole.items():
        taken = min(number, sizes[each] - given[each])
        given[each] += taken
        handed += taken
    return handed


def _root(size: int) -> Fraction:
    """The square root to 6 places: exact arithmetic from here on, so that a share is the same everywhere."""
    return Fraction(round(size**0.5 * 1_000_000), 1_000_000)
