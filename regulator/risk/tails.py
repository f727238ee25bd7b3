"""Tails of counts: exact and Byar limits, Poisson and negative-binomial lower tails, mid-p. Pure.

    exact:  lower = chi2inv(a/2, 2 O)/2 (0 if O = 0);  upper = chi2inv(1 - a/2, 2 O + 2)/2
    Byar:   lower = O (1 - 1/(9 O) - z/(3 sqrt O))^3;  upper = (O+1) (1 - 1/(9 (O+1)) + z/(3 sqrt(O+1)))^3
    NB:     X ~ NB(size alpha, mean E):  P(X <= n) = I_{alpha/(alpha+E)}(alpha, n + 1)
    mid-p:  P(X < n) + P(X = n)/2

English public health takes the exact limits below 10 events and Byar's from 10 on (Public Health England,
technical guide on confidence intervals; PHEindicatormethods).
"""

from typing import Final

import numpy as np
from scipy.special import betainc, chdtri, ndtri, pdtr

from regulator.risk.under_reporting import Floats

__all__ = [
    "byar_limits",
    "exact_limits",
    "mid_p",
    "nb_at_least",
    "nb_lower_tail",
    "poisson_lower_tail",
    "rate_limits",
]

_EXACT_BELOW: Final = 10


def exact_limits(observed: Floats, alpha: float = 0.05) -> tuple[Floats, Floats]:
    """The exact two-sided limits of a Poisson mean (Garwood 1936), from chi-square quantiles."""
    lower = np.where(observed > 0, chdtri(2 * np.maximum(observed, 0.5), 1 - alpha / 2) / 2, 0.0)
    return lower, np.asarray(chdtri(2 * observed + 2, alpha / 2) / 2)


def byar_limits(observed: Floats, alpha: float = 0.05) -> tuple[Floats, Floats]:
    """Byar's approximation to the same limits (Breslow and Day 1987)."""
    z = ndtri(1 - alpha / 2)
    some, more = np.maximum(observed, 1.0), observed + 1.0
    lower = some * (1 - 1 / (9 * some) - z / (3 * np.sqrt(some))) ** 3
    upper = more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3
    return np.where(observed > 0, lower, 0.0), np.asarray(upper)


def rate_limits(observed: Floats, alpha: float = 0.05) -> tuple[Floats, Floats]:
    """Exact below 10 events, Byar's from 10 on."""
    few = observed < _EXACT_BELOW
    exact, byar = exact_limits(observed, alpha), byar_limits(observed, alpha)
    return np.where(few, exact[0], byar[0]), np.where(few, exact[1], byar[1])


def poisson_lower_tail(observed: Floats, expected: Floats) -> Floats:
    """P(X <= n) of a Poisson count: it knows no difference between employers, and so claims too much."""
    return np.asarray(pdtr(observed, expected))


def nb_lower_tail(observed: Floats, expected: Floats, alpha: Floats | float) -> Floats:
    """P(X <= n), X ~ NB(size alpha, mean E); 0 for n below 0."""
    shape = np.asarray(alpha, dtype=np.float64)
    tail = betainc(shape, np.maximum(observed, 0.0) + 1.0, shape / (shape + expected))
    return np.asarray(np.where(observed < 0, 0.0, tail))


def nb_at_least(observed: Floats, expected: Floats, alpha: Floats | float) -> Floats:
    """P(X >= n), X ~ NB(size alpha, mean E)."""
    shape = np.asarray(alpha, dtype=np.float64)
    tail = betainc(np.maximum(observed, 1.0), shape, expected / (shape + expected))
    return np.asarray(np.where(observed <= 0, 1.0, tail))


def mid_p(observed: Floats, expected: Floats, alpha: Floats | float) -> Floats:
    """P(X < n) + P(X = n)/2, X ~ NB(size alpha, mean E): without the ties that a count makes."""
    below = nb_lower_tail(observed - 1.0, expected, alpha)
    return np.asarray((below + nb_lower_tail(observed, expected, alpha)) / 2)
