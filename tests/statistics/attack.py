"""An attacker on published tables: solves all that is published in whole numbers of 0 or more (scipy's
branch and bound), for the least and the greatest that each count kept back can be."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from regulator.statistics.suppression import Key, Sum

FAR = 10_000
"""Above every count of the tests: who reaches it is not bounded."""


def widths(
    counts: Mapping[Key, int], sums: Sequence[Sum], kept_back: Collection[Key], wanted: Collection[Key]
) -> dict[Key, int]:
    """How far the greatest value of each of ``wanted`` lies above its least, for one who reads all counts
    but ``kept_back`` and knows every sum."""
    unknown = sorted(kept_back, key=repr)
    place = {key: number for number, key in enumerate(unknown)}
    rows, right = [], []
    for each in sums:
        row, rest = np.zeros(len(unknown)), 0
        for key, sign in ((each.whole, -1), *((part, 1) for part in each.parts)):
            if key in place:
                row[place[key]] += sign
            else:
                rest -= sign * counts[key]
        if row.any():
            rows.append(row)
            right.append(rest)
    return {key: _extent(place[key], len(unknown), rows, right) for key in wanted}


def _extent(number: int, unknowns: int, rows: Sequence[np.ndarray], right: Sequence[int]) -> int:
    ends = []
    for direction in (1, -1):
        aim = np.zeros(unknowns)
        aim[number] = direction
        found = milp(
            aim,
            integrality=np.ones(unknowns, dtype=int),
            bounds=Bounds(0, FAR),
            constraints=[LinearConstraint(np.array(rows), right, right)] if rows else [],
        )
        assert found.success, found.message
        ends.append(direction * round(found.fun))
    return ends[1] - ends[0]
