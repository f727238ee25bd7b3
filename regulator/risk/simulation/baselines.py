"""Simpler ways to rank employers, to hold the engine against. Pure: higher means sooner."""

import numpy as np
from numpy.typing import NDArray

from regulator.risk.funnel import over_dispersion, overdispersed_z
from regulator.risk.panel import Panel
from regulator.risk.tails import poisson_lower_tail
from regulator.risk.under_reporting import Counts, Floats

__all__ = ["rankings"]


def rankings(panel: Panel, counts: Counts, raw: Floats, random: np.random.Generator) -> dict[str, Floats]:
    """Each method's order: for under-reporting those of the counts, for either problem all of them.

    ``banding`` is Intelligent Monitoring's arithmetic (2013 to 2015): of each indicator 0, 1 or 2 points by
    |z| of 2 and 3, as a share of what could be scored.
    """
    observed, expected = counts.observed, counts.expected
    z = overdispersed_z(observed, expected, over_dispersion(observed, expected))
    activity = np.bincount(panel.owner, weights=panel.returned.sum(axis=1), minlength=panel.employers)
    years = np.nan_to_num(panel.years, nan=30.0)
    return {
        "random": random.random(panel.employers),
        "raw count": raw,
        "raw rate, lowest": -raw / np.maximum(activity, 1.0),
        "time since inspection": years,
        "zero reports, biggest first": np.where(raw == 0, expected, -raw),
        "Poisson p": -poisson_lower_tail(observed, np.maximum(expected, 1e-9)),
        "over-dispersed z": -z,
        "0/1/2 banding": _banding(panel, z),
    }


def _banding(panel: Panel, z: Floats) -> Floats:
    points, most = _points(-z), np.full(panel.employers, 2.0)
    for facts in panel.facts.values():
        share = facts.happened.sum() / max(facts.of.sum(), 1.0)
        due = share * facts.of
        heard = facts.of > 0
        scale = np.sqrt(np.where(heard, np.maximum(due, 1e-9), 1.0))
        points = points + np.where(heard, _points((facts.happened - due) / scale), 0.0)
        most = most + 2.0 * heard
    # Ties, of which there are many, are broken by the longest time since an inspection.
    return np.asarray(points / most + 1e-6 * np.nan_to_num(panel.years, nan=30.0))


def _points(z: Floats) -> Floats:
    bands: NDArray[np.float64] = (z >= 2).astype(np.float64) + (z >= 3)
    return bands
