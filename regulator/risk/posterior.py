"""The posterior of a reporting rate, by peer group: arrays in, arrays out. No Django, no database.

Imports scipy, so only work that computes (tasks, the benchmark) imports this module, never start-up.
The model, per employer and modality with N incidents counted and E expected:

    N | rate ~ Poisson(E * rate),  rate ~ Gamma(alpha, alpha)      (mean 1: the peers)
    rate | N ~ Gamma(alpha + N, alpha + E)

E is ``regulator.risk.expected``'s.

Low reporting is a reason to look, never proof of anything.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import gammainc, gammaincinv, gammaln

from regulator.risk.frozen import Shape
from regulator.risk.parameters import Parameters

__all__ = ["Posterior", "fit_shape", "posterior", "shape_log_likelihood"]

Floats = NDArray[np.float64]
_GRID = 13
_MOST = 10_000
"""Employers that a shape is fitted to: of more, every second, third… in order of their counts."""


@dataclass(frozen=True, slots=True)
class Posterior:
    """Arrays of one length. ``mean``, ``low`` and ``high`` are ratios to the peers' rate (1 = as the
    peers); ``p_below`` is P(rate < fraction * the peers' median | data)."""

    mean: Floats
    low: Floats
    high: Floats
    p_below: Floats


def shape_log_likelihood(alpha: float, observed: Floats, expected: Floats, parameters: Parameters) -> float:
    """sum over employers of log[(1 - pi) NB(N; alpha, E) + pi * sum_k w_k NB(N; alpha, rho_k E)], in which

        NB(N; alpha, m) = G(alpha + N) / (G(alpha) N!) * (alpha / (alpha + m))^alpha * (m / (alpha + m))^N

    ``pi`` is the share of under-reporters and ``rho_k`` the part of the incidents that they still report
    (thinning a negative binomial scales its mean and keeps its shape). Without the second term the
    under-reporters pull alpha down. ``expected`` is above 0 throughout.
    """
    assumed = parameters.under_reporting
    shares = np.array([1.0 - parameters.share, *(parameters.share * each for each in assumed.weights)])
    kept = np.array([1.0, *assumed.retained])
    shares, kept = shares[shares > 0], kept[shares > 0]
    common = gammaln(alpha + observed) - gammaln(alpha) - gammaln(observed + 1.0)
    mean = kept[:, None] * expected[None, :]
    spread = np.log(alpha + mean)
    terms = np.log(shares)[:, None] + alpha * (np.log(alpha) - spread) + observed * (np.log(mean) - spread)
    highest = terms.max(axis=0)
    return float((common + highest + np.log(np.exp(terms - highest).sum(axis=0))).sum())


def fit_shape(observed: Floats, expected: Floats, parameters: Parameters) -> Shape:
    """The alpha that maximises ``shape_log_likelihood`` within the parameters' bounds.

    Where nobody counted an incident the default shape stands: then every E is 0 as well, so this is asked
    first. Employers with E = 0 carry no evidence and are left aside; with fewer than ``least_employers``
    left, or no incident among them, the default stands too. The order of the employers changes nothing,
    not even in the last digit: they are sorted first.
    """
    if observed.size and not observed.any():
        return Shape(parameters.default_shape, "no_incidents")
    heard = expected > 0
    observed, expected = observed[heard], expected[heard]
    if observed.size < parameters.least_employers:
        return Shape(parameters.default_shape, "few_employers")
    if not observed.any():
        return Shape(parameters.default_shape, "no_incidents")
    order = np.lexsort((expected, observed))[:: -(-observed.size // _MOST)]
    observed, expected = observed[order], expected[order]

    def loss(log_alpha: float) -> float:
        return -shape_log_likelihood(float(np.exp(log_alpha)), observed, expected, parameters)

    # A coarse grid first: the likelihood of a mixture may have more than one hill.
    lowest, highest = parameters.shape_bounds
    grid = np.linspace(math.log(lowest), math.log(highest), _GRID)
    losses = [loss(point) for point in grid]
    best = int(np.argmin(losses))
    around = grid[max(best - 1, 0)], grid[min(best + 1, _GRID - 1)]
    found = minimize_scalar(loss, bounds=around, method="bounded")
    # The search never tries the ends themselves: at a bound, the hill may lie within the last interval.
    if best in (0, _GRID - 1) and losses[best] <= found.fun:
        return Shape(float(np.exp(grid[best])), "at_bound")
    return Shape(float(np.exp(found.x)), "fitted")


def posterior(observed: Floats, expected: Floats, alpha: Floats | float, parameters: Parameters) -> Posterior:
    """Mean (alpha + N)/(alpha + E), interval ends by the inverse incomplete gamma function, and
    P(rate < k m | data) = P(alpha + N, k m (alpha + E)), m = the median of Gamma(alpha, alpha).

    Raises ``ValueError`` for a negative or missing count, expectation or shape: it would read as a score.
    """
    shape = np.asarray(alpha, dtype=np.float64)
    if not (np.all(observed >= 0) and np.all(expected >= 0) and np.all(shape > 0)):
        raise ValueError("counts and expectations are 0 or more and present; shapes are above 0")
    after, rate = shape + observed, shape + expected
    low, high = parameters.interval
    median = gammaincinv(shape, 0.5) / shape
    return Posterior(
        mean=after / rate,
        low=gammaincinv(after, low) / rate,
        high=gammaincinv(after, high) / rate,
        p_below=gammainc(after, parameters.fraction_of_median * median * rate),
    )
