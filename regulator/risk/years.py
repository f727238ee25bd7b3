"""Reporting rates of one reporting year: each employer in each modality against its peers, the funnel, and
the band in which its peers lie. Pure.

These describe; they score nothing. Only days with an activity return count, for incidents and activity alike:

    E = sum over the quarters of activity * rate of the peer group under the same criteria   (``expected``)
    limits of O/E from ``funnel.limits`` at E with the year's and modality's own tau2

The band is taken over the *other* employers of the peer group, so that nobody is compared with itself, and
it is withheld where they are so few that it would give one of them away:

    fewer than LEAST_PEERS others           none
    fewer than LEAST_FOR_NINE_IN_TEN        the middle half (quantiles 0.25 and 0.75, type 7)
    more                                    nine in ten (quantiles 0.05 and 0.95)

With 10 others a quartile lies between the third and the fourth of them, with 40 the fifth percentile between
the second and the third: no end of a band is the lowest or highest rate of anybody. Its ends are rounded
outwards to two figures, so none can be turned back into a count.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from regulator.risk.arrays import group_of, panel_of
from regulator.risk.expected import fit_rates, widened
from regulator.risk.funnel import limits, over_dispersion, overdispersed_z
from regulator.risk.panel import Panel
from regulator.risk.parameters import Parameters
from regulator.risk.posterior import fit_shape, posterior
from regulator.risk.snapshot import Snapshot
from regulator.risk.tails import rate_limits
from regulator.risk.under_reporting import Floats
from regulator.risk.wording import MIDDLE_HALF, NINE_IN_TEN, WITHHELD, per, two_figures

__all__ = [
    "LEAST_FOR_NINE_IN_TEN",
    "LEAST_PEERS",
    "Funnel",
    "Rate",
    "Year",
    "band_of_others",
    "curve",
    "year_of",
]

LEAST_PEERS: Final = 10
LEAST_FOR_NINE_IN_TEN: Final = 40
INNER: Final = 0.95
OUTER: Final = 0.998
_STEPS: Final = 60


Band = tuple[int, Decimal | None, Decimal | None]


@dataclass(frozen=True, slots=True)
class Rate:
    """An employer in a modality in a year.

    ``observed`` counts the incidents of the whole year, ``counted`` those of the days that returns cover,
    ``count_low`` to ``count_high`` are the 95% limits of the latter (exact below 10, Byar's from 10 on).
    ``mean`` with its 90% interval is the posterior of the rate against the peers (1 = as theirs). The limits
    of the funnel are ratios to ``expected``. ``peers`` is the number of others in the group that returned
    activity; ``band`` says which share of them the band holds, in percent (0: withheld), its ends being
    incidents for so many units as ``wording.per`` says. Where ``has_activity`` is false everything but
    ``observed`` is 0.
    """

    employer: int
    modality: str
    peer_group: str
    has_activity: bool
    completeness: str
    covered_days: int
    observed: int
    counted: int
    activity: Decimal
    expected: Decimal
    count_low: Decimal
    count_high: Decimal
    mean: Decimal
    low: Decimal
    high: Decimal
    z_od: Decimal
    inner_low: Decimal
    inner_high: Decimal
    outer_low: Decimal
    outer_high: Decimal
    peers: int
    band: int
    band_low: Decimal | None
    band_high: Decimal | None


@dataclass(frozen=True, slots=True)
class Funnel:
    """The over-dispersion of one modality in one year, and its limits: rows of (expected, 95% low and high,
    99.8% low and high), as text of fixed digits, up to the largest expectation."""

    modality: str
    tau2: Decimal
    curve: list[list[str]]


@dataclass(frozen=True, slots=True)
class Year:
    """All that is known of the rates of the reporting year that began on ``starts_on``."""

    starts_on: date
    rates: list[Rate]
    funnels: list[Funnel]


@dataclass(frozen=True, slots=True)
class _Figures:
    known: NDArray[np.bool_]
    counted: Floats
    activity: Floats
    expected: Floats
    tau2: Floats


def year_of(snapshot: Snapshot, parameters: Parameters) -> Year:
    """The rates of the year of which ``snapshot`` is, everybody's. The order of its rows changes nothing."""
    panel = panel_of(snapshot, parameters)
    figures = _figures(panel, parameters)
    return Year(
        starts_on=snapshot.stretches[0].start,
        rates=_rates(snapshot, panel, figures, parameters),
        funnels=[
            Funnel(name, _fixed(tau2), curve(_largest(panel, figures, place), tau2))
            for place, (name, tau2) in enumerate(zip(panel.modalities, figures.tau2.tolist(), strict=True))
        ],
    )


def curve(largest: float, tau2: float) -> list[list[str]]:
    """The limits at expectations from near 0 to ``largest``, closer together where they bend."""
    at = np.linspace(np.sqrt(0.05), np.sqrt(max(largest, 1.0)), _STEPS) ** 2
    columns = (at, *limits(at, tau2, INNER), *limits(at, tau2, OUTER))
    return [[f"{each:.6f}" for each in row] for row in zip(*columns, strict=True)]


def band_of_others(ordered: Sequence[float], place: int, units: int) -> Band:
    """The band of all of ``ordered`` (incidents for one unit of activity, ascending) but that at ``place``:
    which share it holds, and its ends for ``units``; withheld where there are too few others."""
    others = len(ordered) - 1
    if others < LEAST_PEERS:
        return WITHHELD, None, None
    share = NINE_IN_TEN if others >= LEAST_FOR_NINE_IN_TEN else MIDDLE_HALF
    tail = (1 - share / 100) / 2
    low, high = (_quantile_without(ordered, place, each) * units for each in (tail, 1 - tail))
    return share, _outwards(low, ROUND_FLOOR), _outwards(high, ROUND_CEILING)


def _quantile_without(ordered: Sequence[float], place: int, share: float) -> float:
    """The quantile (type 7) of ``ordered`` without the one at ``place``, in constant time."""
    at = share * (len(ordered) - 2)
    below = int(at)
    low, high = (ordered[each + (each >= place)] for each in (below, min(below + 1, len(ordered) - 2)))
    return low + (high - low) * (at - below)


def _figures(panel: Panel, parameters: Parameters) -> _Figures:
    rates = fit_rates(panel, parameters)
    rate = rates.by_group[panel.group[:, None], panel.periods[None, :]]
    activity = panel.returned.sum(axis=1)
    known = panel.known & (activity > 0)
    counted, expected = panel.counted.sum(axis=1), (panel.returned * rate).sum(axis=1)
    tau2 = [
        over_dispersion(counted[chosen], expected[chosen])
        for chosen in (known & (panel.modality == place) for place in range(len(panel.modalities)))
    ]
    return _Figures(known, counted, activity, expected, np.array(tau2, dtype=np.float64))


def _rates(snapshot: Snapshot, panel: Panel, figures: _Figures, parameters: Parameters) -> list[Rate]:
    rows = sorted(snapshot.series, key=lambda each: (each.employer, each.modality))
    if not rows:
        return []
    columns = _columns(panel, figures, parameters)
    bands = _bands(panel, figures)
    found = []
    for place, row in enumerate(rows):
        modality, sector = group_of(row, parameters)
        known = bool(figures.known[place])
        peers, (band, band_low, band_high) = bands[place]
        found.append(
            Rate(
                employer=row.employer,
                modality=modality,
                peer_group=f"{modality}/{sector}",
                has_activity=known,
                completeness=row.completeness,
                covered_days=row.covered_days,
                observed=sum(row.minor) + sum(row.severe),
                counted=int(figures.counted[place]) if known else 0,
                peers=peers,
                band=band,
                band_low=band_low,
                band_high=band_high,
                **{name: _fixed(each[place]) if known else Decimal(0) for name, each in columns.items()},
            )
        )
    return found


def _columns(panel: Panel, figures: _Figures, parameters: Parameters) -> dict[str, Floats]:
    """Every measure of a rate by its name, of all series."""
    counted, expected, tau2 = figures.counted, figures.expected, figures.tau2[panel.modality]
    held = posterior(counted, expected, _alpha(panel, figures, parameters), parameters)
    (count_low, count_high), inner, outer = (
        rate_limits(counted),
        limits(expected, tau2, INNER),
        limits(expected, tau2, OUTER),
    )
    return {
        "activity": figures.activity,
        "expected": expected,
        "count_low": count_low,
        "count_high": count_high,
        "mean": held.mean,
        "low": held.low,
        "high": held.high,
        "z_od": overdispersed_z(counted, expected, tau2),
        "inner_low": inner[0],
        "inner_high": inner[1],
        "outer_low": outer[0],
        "outer_high": outer[1],
    }


def _alpha(panel: Panel, figures: _Figures, parameters: Parameters) -> Floats:
    """The shape of each peer group's rates in the year, widened by how unsure the activity is."""
    shapes = [
        fit_shape(figures.counted[chosen], figures.expected[chosen], parameters).alpha
        for chosen in (figures.known & (panel.group == place) for place in range(len(panel.groups)))
    ]
    return widened(np.array(shapes, dtype=np.float64)[panel.group], panel.spread)


def _bands(panel: Panel, figures: _Figures) -> list[tuple[int, Band]]:
    """Of each series how many others of its group returned activity, and their band; none of one that
    returned none itself."""
    found: list[tuple[int, Band]] = [(0, (WITHHELD, None, None))] * len(panel.owner)
    for number, (modality, _) in enumerate(panel.groups):
        members = np.flatnonzero(figures.known & (panel.group == number))
        rates = figures.counted[members] / figures.activity[members]
        order = np.argsort(rates, kind="stable")
        ordered = rates[order].tolist()
        for place, member in enumerate(members[order].tolist()):
            found[member] = len(ordered) - 1, band_of_others(ordered, place, per(modality))
    return found


def _largest(panel: Panel, figures: _Figures, place: int) -> float:
    theirs = figures.expected[figures.known & (panel.modality == place)]
    return float(theirs.max()) if theirs.size else 0.0


def _outwards(value: float, rounding: str) -> Decimal:
    """To two significant figures, so that what lay within stays within."""
    exact = Decimal(repr(float(value)))
    return two_figures(exact, rounding) if exact else exact


def _fixed(value: float, digits: int = 6) -> Decimal:
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)
