"""A sudden rise of one series against its own past and its peers. Pure; shown, never added to a score.

    MOSUM:  P(X >= n_w),  X ~ NB(size alpha + N_past, mean E_w (alpha + N_past)/(alpha + E_past)),
            w = 3 and 6 months,
            the two months before the window left out
    CUSUM:  C_t = max(0, C_{t-1} + x ln R + (r + x) ln((r + mu)/(r + R mu))),  r = alpha + N_past,  R = 3

The baseline is shrunken to the peers: at a tenth of an incident a month, methods that know a series' own
history alone (EARS, Farrington) find half as much at the same rate of false alarms.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from regulator.risk.parameters import Surges
from regulator.risk.tails import nb_at_least
from regulator.risk.under_reporting import Floats

__all__ = ["WINDOWS", "Watch", "benjamini_hochberg", "watch"]

WINDOWS: Final = (3, 6)
"""Months of the moving sums."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Each series now: the predictive tail of each window, and the CUSUM; ``several`` says that there was
    more than one incident in the longest window."""

    tails: dict[int, Floats]
    cusum: Floats
    several: NDArray[np.bool_]

    @property
    def p(self) -> Floats:
        """The smaller tail, for the two windows that were tried."""
        return np.asarray(np.minimum(1.0, len(self.tails) * np.minimum.reduce(list(self.tails.values()))))

    def alarms(self, bar: float, limits: Surges) -> NDArray[np.bool_]:
        """Who rises: a tail at or below the night's ``bar``, or a CUSUM past the parameter file's limit. A
        single incident is no rise."""
        return self.several & ((self.p <= bar) | (self.cusum >= limits.cusum_limit))


def watch(months: Floats, expected: Floats, alpha: Floats, limits: Surges) -> Watch:
    """``months`` and ``expected``: series by months, the oldest first."""
    tails = {width: _tail(months, expected, alpha, width, limits.guard_months) for width in WINDOWS}
    cusum = _cusum(months, expected, alpha, limits.cusum_ratio)
    several = months[:, -max(WINDOWS) :].sum(axis=1) > 1
    return Watch(tails, cusum, several)


def benjamini_hochberg(p: Floats, share: float) -> float:
    """The bar at or below which alarms stand, so that at most ``share`` of those that do are false on average
    (Benjamini and Hochberg 1995); 0 where none does.

    For alarms over thousands of series; as the rule for whom to inspect it would choose nobody.
    """
    ordered = np.sort(p)
    passes = np.flatnonzero(ordered <= share * np.arange(1, p.size + 1) / p.size)
    return float(ordered[passes[-1]]) if passes.size else 0.0


def _tail(months: Floats, expected: Floats, alpha: Floats, width: int, guard: int) -> Floats:
    now, past = slice(-width, None), slice(None, -(width + guard))
    size = alpha + months[:, past].sum(axis=1)
    mean = expected[:, now].sum(axis=1) * size / (alpha + expected[:, past].sum(axis=1))
    return nb_at_least(months[:, now].sum(axis=1), mean, size)


def _cusum(months: Floats, expected: Floats, alpha: Floats, ratio: float) -> Floats:
    seen, due, total = alpha.copy(), alpha.copy(), np.zeros(len(months))
    for month in range(months.shape[1]):
        counted, mean = months[:, month], expected[:, month] * seen / due
        step = counted * np.log(ratio) + (seen + counted) * np.log((seen + mean) / (seen + ratio * mean))
        total = np.maximum(0.0, total + step)
        seen, due = seen + counted, due + expected[:, month]
    return np.asarray(total)
