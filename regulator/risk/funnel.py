"""The funnel: how far a count lies from what was expected, with the over-dispersion of the peers. Pure.

    Y = sqrt(O/E), target 1, s = 1/(2 sqrt E), so that z = 2 (sqrt O - sqrt E)
    zw   = clip(z, Q(0.10), Q(0.90))
    phi  = sum(zw^2)/I,   w = 1/s^2
    tau2 = max(0, (I phi - (I - 1)) / (sum w - sum w^2 / sum w)),  0 if I phi < I - 1
    z_od = (Y - 1)/sqrt(s^2 + tau2)
    limits on the ratio: (1 -/+ z sqrt(s^2 + tau2))^2

The additive form (Spiegelhalter 2005, Stat Med 24:1185 and Qual Saf Health Care 14:347). The limits are
squared back from the square-root scale, which a well-known package forgets, and so flags far too many."""

from typing import Final

import numpy as np
from scipy.special import ndtri

from regulator.risk.under_reporting import Floats

__all__ = ["limits", "over_dispersion", "overdispersed_z"]

_WINSORISED: Final = (0.1, 0.9)
_LEAST_EXPECTED: Final = 1e-3
"""Below it a funnel has no end worth drawing."""


def over_dispersion(observed: Floats, expected: Floats) -> float:
    """tau2 of the units of which anything was expected; 0 where there are fewer than two."""
    heard = expected > 0
    if np.count_nonzero(heard) < 2:
        return 0.0
    observed, expected = np.sort(observed[heard]), expected[heard][np.argsort(observed[heard], kind="stable")]
    z = 2.0 * (np.sqrt(observed) - np.sqrt(expected))
    low, high = np.quantile(z, _WINSORISED)
    units = float(z.size)
    squares = float((np.sort(np.clip(z, low, high)) ** 2).sum())
    if squares < units - 1:
        return 0.0
    weight = np.sort(4.0 * expected)
    return max(0.0, float((squares - (units - 1)) / (weight.sum() - (weight**2).sum() / weight.sum())))


def overdispersed_z(observed: Floats, expected: Floats, tau2: Floats | float) -> Floats:
    """z_od of each unit; 0 where nothing was expected."""
    heard = np.maximum(expected, 1e-300)
    z = (np.sqrt(observed / heard) - 1.0) / np.sqrt(1.0 / (4.0 * heard) + tau2)
    return np.asarray(np.where(expected > 0, z, 0.0))


def limits(expected: Floats, tau2: Floats | float, probability: float) -> tuple[Floats, Floats]:
    """The limits of O/E at each ``expected`` within which ``probability`` of the peers lie (two-sided)."""
    z = ndtri((1 + probability) / 2)
    reach = z * np.sqrt(1.0 / (4.0 * np.maximum(expected, _LEAST_EXPECTED)) + tau2)
    return np.asarray(np.maximum(1.0 - reach, 0.0) ** 2), np.asarray((1.0 + reach) ** 2)
