"""What is attainable: the posterior of whoever knows every hyper-parameter, though not who is who. Pure.

Written apart from the engine on purpose: neither imports the other's arithmetic. It integrates the rate in
closed form and the share that an under-reporter keeps over a fine grid of its true distribution.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import betaln
from scipy.stats import beta

from regulator.risk.simulation.england import England
from regulator.risk.simulation.world import MODALITIES, World
from regulator.risk.under_reporting import Floats

__all__ = ["Attainable", "attainable"]

_GRID: Final = 24
_MOODS: Final = 9


@dataclass(frozen=True, slots=True)
class Attainable:
    """P(under-reporting) from the counts alone, and P(either) from everything."""

    under: Floats
    either: Floats


def attainable(england: England, world: World) -> Attainable:
    """The oracle's answer."""
    panel, count = england.panel, len(england.truth)
    capped = np.minimum(np.nan_to_num(panel.years, nan=12.0), 12.0)
    prior = np.log(world.prior / (1 - world.prior)) + world.per_year * (capped - capped.mean())
    totals = _totals(england, count)
    minor, severe, due_minor, due_severe = totals
    alpha = _shape(england, world, count)
    under = _under(totals, alpha, world)
    expected = (due_minor + due_severe).sum(axis=1)
    observed = (minor + severe).sum(axis=1)
    poor = observed * np.log(world.rate_ratio) + (alpha + observed) * np.log(
        (alpha + expected) / (alpha + world.rate_ratio * expected)
    )
    for place, modality in enumerate(MODALITIES):
        chosen = panel.modality == place
        for counted, before, after in (
            (panel.severe, modality.severe, modality.severe * world.severe_ratio),
            (panel.minor, 1 - modality.severe, 1 - modality.severe * world.severe_ratio),
        ):
            weights = counted[chosen].sum(axis=1) * np.log(after / before)
            poor += np.bincount(panel.owner[chosen], weights=weights, minlength=count)
    alone = _posterior(prior, under, poor, world)
    facts = _facts(england, world)
    whole = _posterior(prior, under + facts[0], poor + facts[1], world)
    return Attainable(alone[0], whole[0] + whole[1])


def _totals(england: England, count: int) -> tuple[Floats, Floats, Floats, Floats]:
    panel = england.panel
    share = np.array([each.severe for each in MODALITIES])[panel.modality][:, None]
    total = []
    for values in (
        panel.minor,
        panel.severe,
        england.hypothetical * (1 - share),
        england.hypothetical * share,
    ):
        held = np.zeros((count, values.shape[1]))
        np.add.at(held, panel.owner, values)
        total.append(held)
    return total[0], total[1], total[2], total[3]


def _shape(england: England, world: World, count: int) -> Floats:
    """The shape of one gamma with the variance of the employer's and its modalities' rates together."""
    owner, size = england.panel.owner, england.hypothetical.sum(axis=1)
    whole = np.bincount(owner, weights=size, minlength=count)
    parts = np.bincount(owner, weights=(size / np.maximum(whole[owner], 1e-12)) ** 2, minlength=count)
    variance = 1 / world.shape + (1 + 1 / world.shape) / world.modality_shape * parts
    return np.asarray(1 / variance)


def _under(totals: tuple[Floats, Floats, Floats, Floats], alpha: Floats, world: World) -> Floats:
    minor, severe, due_minor, due_severe = totals
    observed, expected = (minor + severe).sum(axis=1), (due_minor + due_severe).sum(axis=1)
    quarters = minor.shape[1]
    grid = beta.ppf((np.arange(_GRID) + 0.5) / _GRID, *world.retained)
    found = np.full(len(alpha), -np.inf)
    for onset in range(quarters):
        chance = world.before_window if onset == 0 else (1 - world.before_window) / (quarters - 1)
        after = [each[:, onset:].sum(axis=1) for each in totals]
        for kept in grid:
            for more in (0.0, world.severe_retained_more):
                severe_kept = min(1.0, kept + more)
                left = expected - (1 - kept) * after[2] - (1 - severe_kept) * after[3]
                term = after[0] * np.log(kept) + after[1] * np.log(severe_kept)
                term = term + (alpha + observed) * np.log((alpha + expected) / (alpha + left))
                found = np.logaddexp(found, term + np.log(chance / _GRID / 2))
    return found


def _facts(england: England, world: World) -> tuple[Floats, Floats]:
    """ln LR of under-reporters and of poor practice by the indicators, the mood that they share integrated
    out (Gauss-Hermite)."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(_MOODS)
    sides = []
    for place in (0, 1, 2):
        total = np.full(len(england.truth), -np.inf)
        for node, weight in zip(nodes, weights / weights.sum(), strict=True):
            total = np.logaddexp(
                total, np.log(weight) + _given(england, world, place, np.exp(world.mood * node))
            )
        sides.append(total)
    return sides[1] - sides[0], sides[2] - sides[0]


def _given(england: England, world: World, place: int, mood: float) -> Floats:
    """ln of the probability of the facts in one class and mood, without what all classes share."""
    total = np.zeros(len(england.truth))
    for name, ratios in world.ratios.items():
        facts = england.panel.facts[name]
        level = ratios[0] * mood * (ratios[place] if place else 1.0)
        if name in ("overdue_actions", "concerns", "breaches"):
            total += facts.happened * np.log(level) - level * facts.of
            continue
        share = min(0.9, level)
        a, b = share * world.precision, (1 - share) * world.precision
        total += betaln(facts.happened + a, facts.of - facts.happened + b) - betaln(a, b)
    return total


def _posterior(prior: Floats, under: Floats, poor: Floats, world: World) -> tuple[Floats, Floats]:
    u = np.exp(np.clip(prior + np.log(world.under) + under, -700, 700))
    p = np.exp(np.clip(prior + np.log(1 - world.under) + poor, -700, 700))
    return u / (1 + u + p), p / (1 + u + p)
