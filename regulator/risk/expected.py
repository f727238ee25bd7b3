"""What the peers would have reported for the same activity. Pure: arrays in, arrays out.

    E_im,q = A_im,q * r_g(modality, sector), regime-year,   r = sum N / sum A in the peer group

Peers are the employers of one modality and sector group; the rate is theirs in each stretch of one year of
the window under one set of criteria, so that counts under different criteria are never compared. Days without
a return are filled, never zero: from the employer's own returns, else from the median of the peers, and both
widen the prior of the rate:

    activity known with coefficient of variation c:  alpha_i = 1 / (1/alpha + c^2)
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regulator.risk.panel import Ints, Panel
from regulator.risk.parameters import Parameters
from regulator.risk.under_reporting import Counts, Floats

__all__ = [
    "Rates",
    "Series",
    "employers_of",
    "fit_rates",
    "series_of",
    "typical_activity",
    "widened",
]


@dataclass(frozen=True, slots=True)
class Rates:
    """Incidents per unit of activity, by peer group and period, and whether the peers were so few that the
    rate is that of the whole modality; ``severe`` is each modality's share of severe incidents."""

    by_group: Floats
    of_modality: NDArray[np.bool_]
    severe: Floats


@dataclass(frozen=True, slots=True)
class Series:
    """Each series' counts and expectations; ``spread`` of its activity, filled days included, and whether any
    of it was returned."""

    counts: Counts
    spread: Floats
    known: NDArray[np.bool_]


def fit_rates(panel: Panel, parameters: Parameters) -> Rates:
    """The peers' rates. A group with fewer than ``least_employers`` that returned activity in a period takes
    the rate of its whole modality: an employer compared with itself alone would always look as expected.
    Where nobody returned anything the rate is 0, and nothing is expected."""
    periods = int(panel.periods.max()) + 1 if panel.periods.size else 1
    modality_of = _modality_of_groups(panel)
    counted = _sums(panel.group, _by_period(panel.counted, panel.periods), len(panel.groups), periods)
    activity = _sums(panel.group, _by_period(panel.returned, panel.periods), len(panel.groups), periods)
    heard = _sums(panel.group, _by_period(panel.share, panel.periods) > 0, len(panel.groups), periods)
    whole = [_sums(modality_of, each, len(panel.modalities), periods) for each in (counted, activity)]
    few = heard < parameters.least_employers
    rates = np.where(few, _ratio(*whole)[modality_of], _ratio(counted, activity))
    minor, severe = (
        np.bincount(panel.modality, weights=each.sum(axis=1), minlength=len(panel.modalities))
        for each in (panel.minor, panel.severe)
    )
    strength = parameters.severe_strength
    share = (severe + strength * parameters.severe_share) / (minor + severe + strength)
    return Rates(rates, few, share)


def typical_activity(panel: Panel) -> Floats:
    """The median activity of a quarter among those of each peer group that returned any; that of the whole
    modality, then 0, where nobody did."""
    known = panel.known
    own = _own_quarter(panel)
    typical = np.full(len(panel.groups), np.nan)
    modality_of = _modality_of_groups(panel)
    for place in range(len(panel.groups)):
        theirs = own[known & (panel.group == place)]
        if not theirs.size:
            theirs = own[known & (panel.modality == modality_of[place])]
        typical[place] = np.median(theirs) if theirs.size else 0.0
    return typical


def series_of(panel: Panel, rates: Rates, typical: Floats, parameters: Parameters) -> Series:
    """What is expected of each series, on all days of the window."""
    known = panel.known
    filled = np.where(known, _own_quarter(panel), typical[panel.group])
    filling = (1.0 - panel.share) * filled[:, None]
    activity = panel.returned + filling
    rate = rates.by_group[panel.group[:, None], panel.periods[None, :]]
    expected = activity * rate
    share = rates.severe[panel.modality][:, None]
    counts = Counts(panel.minor, panel.severe, expected * (1.0 - share), expected * share)
    unsure = parameters.activity_spread
    filled_spread = np.where(known, unsure["filled_from_own"], unsure["filled_from_peers"])
    whole, of_returns = expected.sum(axis=1), (panel.returned * rate).sum(axis=1)
    spread = np.divide(
        of_returns * panel.spread + (whole - of_returns) * filled_spread,
        whole,
        out=np.where(known, panel.spread, filled_spread),
        where=whole > 0,
    )
    return Series(counts, spread, known)


def employers_of(panel: Panel, series: Series, which: NDArray[np.bool_]) -> tuple[Counts, Floats]:
    """The counts of each employer over those of its series that ``which`` names, and how unsure its activity
    is: the mean of the series' spread, weighted by what was expected of them."""
    owner = panel.owner[which]
    chosen = series.counts.rows(which)
    total = [
        _sums(owner, each, panel.employers, each.shape[1])
        for each in (chosen.minor, chosen.severe, chosen.expected_minor, chosen.expected_severe)
    ]
    expected = chosen.expected
    weighted = np.bincount(owner, weights=expected * series.spread[which], minlength=panel.employers)
    weight = np.bincount(owner, weights=expected, minlength=panel.employers)
    widest = np.zeros(panel.employers)
    np.maximum.at(widest, owner, series.spread[which])
    spread = np.divide(weighted, weight, out=widest, where=weight > 0)
    return Counts(*total), spread


def widened(alpha: Floats | float, spread: Floats) -> Floats:
    """alpha_i = 1 / (1/alpha + c^2): the less is known of the activity, the less a count says."""
    return np.asarray(1.0 / (1.0 / np.asarray(alpha) + spread * spread))


def _modality_of_groups(panel: Panel) -> Ints:
    place = {name: number for number, name in enumerate(panel.modalities)}
    return np.array([place[modality] for modality, _ in panel.groups], dtype=np.intp)


def _own_quarter(panel: Panel) -> Floats:
    """What a series did in a whole quarter, on average over the days that its returns cover; 0 where none."""
    covered = panel.share.sum(axis=1)
    nothing = np.zeros(len(covered))
    return np.asarray(np.divide(panel.returned.sum(axis=1), covered, out=nothing, where=covered > 0))


def _by_period(quarters: Floats, periods: Ints) -> Floats:
    """Sums over the quarters of each period."""
    starts = np.flatnonzero(np.diff(periods, prepend=-1))
    return np.asarray(np.add.reduceat(quarters, starts, axis=1))


def _sums(place: Ints, values: NDArray[np.generic], rows: int, columns: int) -> Floats:
    """Sums of the rows of ``values`` that share a ``place``."""
    flat = (place[:, None] * columns + np.arange(columns)).ravel()
    weights = np.asarray(values, dtype=np.float64).ravel()
    summed = np.bincount(flat, weights=weights, minlength=rows * columns)
    return summed.astype(np.float64).reshape(rows, columns)


def _ratio(counted: Floats, activity: Floats) -> Floats:
    return np.divide(counted, activity, out=np.zeros(counted.shape), where=activity > 0)
