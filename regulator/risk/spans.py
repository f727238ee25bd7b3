"""How far a score could move, had the assumptions been somewhat different. Pure.

32 draws of the shape, the prior and every elicited ratio (log-normal, 0.35); of each employer the 5% and 95%
of P(either), and in how many of the draws it would be among the 40. The draws are those of the parameter
file's seed: the same for everybody, and every night."""

from typing import Final

import numpy as np

from regulator.risk.engine import REPORTING, SEVERITY, Scores, rate_evidence
from regulator.risk.frozen import Frozen
from regulator.risk.panel import Panel
from regulator.risk.parameters import Parameters, Weight
from regulator.risk.score import chances
from regulator.risk.under_reporting import Floats, log_factor
from regulator.risk.weighing import Facts, distinct, log_ratio

__all__ = ["bars", "draws_of", "ends", "share_among"]

_NODES: Final = (-0.6, 0.0, 0.6)
"""Where ln BF_U is computed, in ln of the shape; between them it is as good as a parabola."""


def draws_of(panel: Panel, scores: Scores, frozen: Frozen, parameters: Parameters) -> Floats:
    """P(either) of each employer under each draw: draws by employers."""
    random = np.random.default_rng(parameters.seed)
    shapes, priors = random.normal(0, 1, (2, parameters.draws))
    names = sorted(parameters.indicators)
    facts = {name: distinct(panel.facts[name]) for name in names}
    ratios = random.normal(0, parameters.ratio_spread, (parameters.draws, 2 * len(names) + 1))
    unsure = 1.0 / scores.alpha - 1.0 / frozen.shape.alpha
    by_node = _by_node(scores, frozen, unsure, parameters)
    rest = scores.under[REPORTING] - by_node[1]
    found = np.empty((parameters.draws, panel.employers))
    for draw in range(parameters.draws):
        moved = float(np.clip(shapes[draw] * parameters.shape_spread, _NODES[0], _NODES[-1]))
        alpha = 1.0 / (1.0 / (frozen.shape.alpha * np.exp(moved)) + unsure)
        ratio = _ratio(parameters.rate_ratio, ratios[draw, -1])
        under = rest + _between(by_node, moved)
        poor = rate_evidence(scores.counts, alpha, scores.poor[SEVERITY], ratio) + scores.poor[SEVERITY]
        for place, name in enumerate(names):
            weight, (some, where) = parameters.indicators[name], facts[name]
            drawn = ratios[draw, 2 * place : 2 * place + 2]
            sides = _sides(some, weight, frozen.baselines[name], drawn)
            under, poor = under + sides[0][where], poor + sides[1][where]
        prior = scores.prior + priors[draw] * parameters.prior_spread
        found[draw] = chances(prior, under, poor, parameters).either
    return found


def bars(draws: Floats, places: int) -> Floats:
    """For each draw the probability that the last of the places took; 0 where there is a place for
    everybody."""
    if draws.shape[1] <= places:
        return np.zeros(len(draws))
    return np.asarray(-np.sort(-draws, axis=1)[:, places - 1])


def share_among(draws: Floats, held: Floats) -> Floats:
    """In which share of the draws each employer reaches the bar."""
    return np.asarray((draws >= held[:, None]).mean(axis=0))


def ends(draws: Floats, parameters: Parameters) -> tuple[Floats, Floats]:
    """The two ends between which the middle 90% of the draws lie."""
    low, high = np.quantile(draws, parameters.interval, axis=0)
    return np.asarray(low), np.asarray(high)


def _by_node(scores: Scores, frozen: Frozen, unsure: Floats, parameters: Parameters) -> tuple[Floats, ...]:
    return tuple(
        log_factor(
            scores.counts,
            1.0 / (1.0 / (frozen.shape.alpha * np.exp(node)) + unsure),
            parameters.under_reporting,
        )
        for node in _NODES
    )


def _between(by_node: tuple[Floats, ...], at: float) -> Floats:
    """The parabola through the three nodes."""
    low, middle, high = by_node
    x = at / _NODES[-1]
    return np.asarray(middle + x * (high - low) / 2 + x * x * (high - 2 * middle + low) / 2)


def _sides(facts: Facts, weight: Weight, standing: float, drawn: Floats) -> tuple[Floats, Floats]:
    under, poor = (
        log_ratio(facts, weight, _ratio(ratio, by), standing)
        for ratio, by in zip((weight.under, weight.poor), drawn, strict=True)
    )
    return under, poor


def _ratio(ratio: float, by: float) -> float:
    """A drawn ratio. One of 1 stays 1, and none speaks the other way."""
    return 1.0 if ratio == 1.0 else max(1.0, ratio * float(np.exp(by)))
