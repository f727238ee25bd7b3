"""From weights of evidence to probabilities: under-reporting U, poor practice P, and either. Pure.

    lU = ln BF_U + sum_j ln LR_j(U:G);   lP likewise
    P(class) proportional to { 1 - pi_i,  pi_i * .55 * exp(t lU),  pi_i * .45 * exp(t lP) },   t = .85
    logit pi_i = logit(pi0) + .10 (years since inspection - mean),  the years capped at 12

Tempered (t) because the pieces of evidence are not independent. Never published as a forecast: the prior and
every ratio are elicited.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from regulator.risk.parameters import Parameters
from regulator.risk.under_reporting import Floats

__all__ = ["Chances", "capped_years", "chances", "expected_loss", "logit", "prior_logit"]

_SMALLEST: Final = 1e-15


@dataclass(frozen=True, slots=True)
class Chances:
    """P(under-reporting), P(poor practice) and P(either): arrays of one shape."""

    under: Floats
    poor: Floats

    @property
    def either(self) -> Floats:
        return self.under + self.poor


def capped_years(years: Floats, parameters: Parameters) -> Floats:
    """Years since the last inspection, at most 12; never inspected (NaN) counts as the most."""
    return np.minimum(np.nan_to_num(years, nan=parameters.most_years), parameters.most_years)


def prior_logit(years: Floats, mean: float, parameters: Parameters, shift: float = 0.0) -> Floats:
    """logit pi of each employer; ``shift`` moves pi0."""
    base = np.log(parameters.prior_any / (1 - parameters.prior_any)) + shift
    return np.asarray(base + parameters.prior_per_year * (capped_years(years, parameters) - mean))


def chances(prior: Floats, under: Floats, poor: Floats, parameters: Parameters) -> Chances:
    """The posterior of each class, from the prior's logit and the untempered weights lU and lP."""
    t = parameters.tempering
    u = prior + np.log(parameters.prior_under) + t * under
    p = prior + np.log1p(-parameters.prior_under) + t * poor
    highest = np.maximum(np.maximum(u, p), 0.0)
    good, u, p = np.exp(-highest), np.exp(u - highest), np.exp(p - highest)
    total = good + u + p
    return Chances(u / total, p / total)


def expected_loss(found: Chances, expected: Floats) -> Floats:
    """The second order: P(either) * sqrt(1 + E), so that of two equally likely the one that does more is
    first."""
    return np.asarray(found.either * np.sqrt(1.0 + expected))


def logit(probability: Floats) -> Floats:
    """ln p/(1 - p), kept finite."""
    held = np.clip(probability, _SMALLEST, 1 - _SMALLEST)
    return np.asarray(np.log(held) - np.log1p(-held))
