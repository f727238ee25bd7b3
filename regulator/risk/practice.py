"""How much better poor practice explains the counts: more incidents, and more of them severe. Pure.

    BF_P = m^N [(alpha + E) / (alpha + m E)]^(alpha + N) * (s1/s0)^severe ((1 - s1)/(1 - s0))^minor,  m = 1.5

``s0`` is the peers' share of severe incidents, ``s1`` that of poor practice (2.2 times as much). A high count
adds to it only together with a high severe share: who reports much is not the worse for it (Hutchinson 2009,
Qual Saf Health Care 18:5).
"""

import numpy as np

from regulator.risk.parameters import Parameters
from regulator.risk.under_reporting import Counts, Floats

__all__ = ["log_rate_factor", "log_severity_factor"]


def log_rate_factor(counts: Counts, alpha: Floats, ratio: float) -> Floats:
    """The first part of ln BF_P, for a rate ``ratio`` times the peers'."""
    observed, expected = counts.observed, counts.expected
    return np.asarray(
        observed * np.log(ratio)
        + (alpha + observed) * np.log((alpha + expected) / (alpha + ratio * expected))
    )


def log_severity_factor(minor: Floats, severe: Floats, share: Floats, parameters: Parameters) -> Floats:
    """The second part of ln BF_P, for counts and the peers' severe share ``s0`` of each row."""
    poor = np.minimum(share * parameters.severe_ratio, parameters.highest_severe_share)
    poor = np.maximum(poor, share)
    return np.asarray(severe * np.log(poor / share) + minor * np.log((1.0 - poor) / (1.0 - share)))
