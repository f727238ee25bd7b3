"""From a snapshot to scores with fixed digits and a written "why": the night's run, and one employer again.

Pure: no Django, no database. Imports scipy through the engine: import this where it computes only.
"""

import hashlib
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from regulator.risk.arrays import panel_of
from regulator.risk.engine import Scored, apply, fit
from regulator.risk.explaining import Explained, explain, watched
from regulator.risk.frozen import Frozen
from regulator.risk.panel import Panel
from regulator.risk.parameters import Parameters
from regulator.risk.score import expected_loss
from regulator.risk.snapshot import Snapshot, by_employer, canonical, digest
from regulator.risk.spans import bars, draws_of, ends, share_among
from regulator.risk.surges import benjamini_hochberg
from regulator.risk.tails import mid_p, rate_limits
from regulator.risk.under_reporting import Floats

__all__ = ["EmployerScore", "SeriesScore", "Whole", "diagnostics", "rescore", "score"]


@dataclass(frozen=True, slots=True)
class SeriesScore:
    """An employer in a modality against its peers. ``has_activity`` says whether any was returned; where not,
    the expectation is that of a typical peer. ``mid_p`` is the lower tail
    of the count among peers; ``count_low`` to ``count_high`` are the 95% limits of the count by itself."""

    employer: int
    modality: str
    peer_group: str
    has_activity: bool
    covered_days: int
    observed: int
    severe: int
    expected: Decimal
    mean: Decimal
    low: Decimal
    high: Decimal
    p_below_half: Decimal
    z_od: Decimal
    funnel_low: Decimal
    funnel_high: Decimal
    mid_p: Decimal
    count_low: Decimal
    count_high: Decimal
    surge: bool


@dataclass(frozen=True, slots=True)
class EmployerScore:
    """An employer's score: probabilities of under-reporting, of poor practice and of either, how far the last
    could move, in which share of the draws it is among the places, the second order (``loss``), the rate
    against the peers with its 90% interval, and why. ``digest`` is that of the employer's own part of the
    snapshot."""

    employer: int
    digest: str
    p_under: Decimal
    p_poor: Decimal
    p_any: Decimal
    p_low: Decimal
    p_high: Decimal
    among_places: Decimal
    loss: Decimal
    observed: int
    expected: Decimal
    mean: Decimal
    low: Decimal
    high: Decimal
    tie: str
    rules: list[str] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    why: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Whole:
    """All that a run computes. ``digest`` is the SHA-256 of the snapshot."""

    frozen: Frozen
    digest: str
    series: list[SeriesScore]
    employers: list[EmployerScore]


def score(snapshot: Snapshot, parameters: Parameters) -> Whole:
    """The night's run: fit, then score everybody. The order of the rows changes nothing."""
    panel = panel_of(snapshot, parameters)
    frozen = fit(panel, parameters)
    scored = apply(panel, frozen, parameters)
    draws = draws_of(panel, scored.employers, frozen, parameters)
    rises = watched(snapshot, scored, parameters)
    frozen = replace(
        frozen,
        bars=bars(draws, parameters.places),
        surge_bar=benjamini_hochberg(rises.p[panel.known & rises.several], parameters.surges.false_share),
    )
    return _whole(snapshot, panel, frozen, scored, draws, parameters)


def rescore(snapshot: Snapshot, frozen: Frozen, parameters: Parameters) -> Whole:
    """One employer (or some) with what the night fitted, by the same steps. Raises ``LookupError`` for one in
    a peer group that the night did not know."""
    panel = panel_of(snapshot, parameters, frozen.groups)
    scored = apply(panel, frozen, parameters)
    draws = draws_of(panel, scored.employers, frozen, parameters)
    return _whole(snapshot, panel, frozen, scored, draws, parameters)


def diagnostics(frozen: Frozen) -> list[dict[str, object]]:
    """What each peer group was held against, with numbers as text of fixed digits."""
    return [
        {
            "name": _name(group),
            "rates": [f"{rate:.9e}" for rate in frozen.rates.by_group[place]],
            "whole_modality": [bool(each) for each in frozen.rates.of_modality[place]],
            "alpha": f"{frozen.shapes[place].alpha:.6f}",
            "how": frozen.shapes[place].how,
            "tau2": f"{frozen.tau2[frozen.modalities.index(group[0])]:.6f}",
        }
        for place, group in enumerate(frozen.groups)
    ]


def _whole(
    snapshot: Snapshot, panel: Panel, frozen: Frozen, scored: Scored, draws: Floats, parameters: Parameters
) -> Whole:
    explained = explain(snapshot, panel, scored, frozen, parameters)
    return Whole(
        frozen=frozen,
        digest=digest(canonical(snapshot)),
        series=_series(snapshot, panel, scored, explained),
        employers=_employers(snapshot, frozen, scored, draws, explained, parameters),
    )


def _series(snapshot: Snapshot, panel: Panel, scored: Scored, explained: Explained) -> list[SeriesScore]:
    rows = sorted(snapshot.series, key=lambda each: (each.employer, each.modality))
    held, known, expected = scored.series, panel.known, scored.series.expected
    tail, (low, high) = mid_p(held.observed, expected, held.alpha), rate_limits(held.observed)
    return [
        SeriesScore(
            employer=row.employer,
            modality=row.modality,
            peer_group=_name(panel.groups[panel.group[place]]),
            has_activity=bool(known[place]),
            covered_days=row.covered_days,
            observed=sum(row.minor) + sum(row.severe),
            severe=sum(row.severe),
            expected=_fixed(expected[place], 4),
            mean=_fixed(held.rate.mean[place]),
            low=_fixed(held.rate.low[place]),
            high=_fixed(held.rate.high[place]),
            p_below_half=_fixed(held.rate.p_below[place]),
            z_od=_fixed(held.z_od[place], 4),
            funnel_low=_fixed(held.funnel[0][place], 4),
            funnel_high=_fixed(held.funnel[1][place], 4),
            mid_p=_fixed(tail[place]),
            count_low=_fixed(low[place], 4),
            count_high=_fixed(high[place], 4),
            surge=bool(explained.surges[place]),
        )
        for place, row in enumerate(rows)
    ]


def _employers(
    snapshot: Snapshot,
    frozen: Frozen,
    scored: Scored,
    draws: Floats,
    explained: Explained,
    parameters: Parameters,
) -> list[EmployerScore]:
    rows = sorted(snapshot.employers, key=lambda each: each.employer)
    held, found = scored.employers, scored.employers.found
    low, high = ends(draws, parameters)
    among = share_among(draws, frozen.bars)
    observed, expected = held.counts.observed, held.counts.expected
    loss = expected_loss(found, expected)
    either = found.either
    return [
        EmployerScore(
            employer=row.employer,
            digest=digest(canonical(each)),
            p_under=_fixed(found.under[place]),
            p_poor=_fixed(found.poor[place]),
            p_any=_fixed(either[place]),
            p_low=_fixed(low[place]),
            p_high=_fixed(high[place]),
            among_places=_fixed(among[place]),
            loss=_fixed(loss[place], 4),
            observed=int(observed[place]),
            expected=_fixed(expected[place], 4),
            mean=_fixed(held.rate.mean[place]),
            low=_fixed(held.rate.low[place]),
            high=_fixed(held.rate.high[place]),
            tie=hashlib.sha256(f"{snapshot.as_of.isoformat()}/{row.employer}".encode()).hexdigest()[:16],
            rules=explained.rules[place],
            components=explained.components[place],
            why=explained.why[place],
        )
        for place, (row, each) in enumerate(zip(rows, by_employer(snapshot), strict=True))
    ]


def _name(group: tuple[str, str]) -> str:
    return "/".join(group)


def _fixed(value: float, places: int = 6) -> Decimal:
    return Decimal(f"{value:.{places}f}")
