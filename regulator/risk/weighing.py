"""What the further indicators weigh: the ln of their likelihood ratio, by class. Pure.

    a share (so many late of so many due):  beta-binomial,
                                            BB(k; n, R p0 M, (1 - R p0) M) / BB(k; n, p0 M, (1 - p0) M)
    a count (so many breaches):             Poisson, k ln R - (R - 1) mu0 t

with R the ratio that the parameter file gives for the class. Nothing due weighs nothing: an employer that
reports nothing has nothing to be late with, which does not speak for it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln

from regulator.risk.parameters import Parameters, Weight
from regulator.risk.under_reporting import Floats

__all__ = ["Facts", "baseline", "distinct", "log_ratio"]

_HIGHEST_SHARE: Final = 0.95


@dataclass(frozen=True, slots=True)
class Facts:
    """One indicator for each employer: ``happened`` of ``of``. For a share ``of`` is how many there were to
    be late; for a count it is 1 where it could be known (an inspected employer has breaches or has none) and
    0 where it could not."""

    happened: Floats
    of: Floats


def baseline(facts: Facts, weight: Weight, parameters: Parameters) -> float:
    """What the others show: the pooled share or mean, drawn to the parameter file's where there is little.

    Pooled over everybody it is too high by what the problem employers add; that part is taken out with the
    assumed prior and ratios.
    """
    pooled = (np.sort(facts.happened).sum() + weight.strength * weight.baseline) / (
        np.sort(facts.of).sum() + weight.strength
    )
    worse = parameters.prior_under * (weight.under - 1) + (1 - parameters.prior_under) * (weight.poor - 1)
    return float(pooled / (1.0 + parameters.prior_any * worse))


def log_ratio(facts: Facts, weight: Weight, ratio: float, standing: float) -> Floats:
    """ln LR of each employer for a class with ``ratio`` times the ``standing`` share or mean of the
    others."""
    if weight.kind == "count":
        return np.asarray(facts.happened * np.log(ratio) - (ratio - 1.0) * standing * facts.of)
    of = np.maximum(facts.of, facts.happened)
    shares = min(_HIGHEST_SHARE, ratio * standing), min(_HIGHEST_SHARE, standing)
    worse, others = (_beta_binomial(facts.happened, of, share, weight.precision) for share in shares)
    return worse - others


def distinct(facts: Facts) -> tuple[Facts, NDArray[np.intp]]:
    """Each pair of whole numbers once, and where each employer's stands among them: hundreds of employers
    have the same few."""
    width = float(facts.of.max(initial=0.0)) + 1.0
    codes, where = np.unique(facts.happened * width + facts.of, return_inverse=True)
    happened = np.floor(codes / width)
    return Facts(happened, codes - happened * width), where


def _beta_binomial(happened: Floats, of: Floats, share: float, precision: float) -> Floats:
    """ln of the probability, without the binomial coefficient, which both sides share."""
    a, b = share * precision, (1.0 - share) * precision
    return np.asarray(betaln(happened + a, of - happened + b) - betaln(a, b))
