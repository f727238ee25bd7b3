"""The engine held against simpler rankings and an oracle, over many simulated Englands. Pure.

What comes of it compares methods in a made-up world; it says nothing about how many real inspections would
find something."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from regulator.risk.engine import REPORTING, SEVERITY, Scores, apply, fit
from regulator.risk.parameters import Parameters
from regulator.risk.score import chances, logit
from regulator.risk.simulation.baselines import rankings
from regulator.risk.simulation.england import GOOD, UNDER, England, simulate
from regulator.risk.simulation.oracle import attainable
from regulator.risk.simulation.world import World
from regulator.risk.under_reporting import Floats

__all__ = ["ENGINE", "ORACLE", "Found", "Method", "auc", "backtest", "calibration", "precision_at"]

ENGINE = "engine"
ORACLE = "oracle"
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Method:
    """How one ranking did, on average over the seeds: the share of the first 40 that were sought, and the
    area under the curve."""

    name: str
    precision: float
    auc: float


@dataclass(frozen=True, slots=True)
class Found:
    """``under`` ranks by the counts alone and seeks under-reporters; ``either`` ranks by everything and seeks
    either problem. ``slope`` and ``offset`` are the calibration of P(under-reporting), ``error`` its expected
    calibration error, ``coverage`` how often the 90% interval held the true rate."""

    seeds: int
    under: tuple[Method, ...]
    either: tuple[Method, ...]
    slope: float
    offset: float
    error: float
    coverage: float

    def of(self, target: str, name: str) -> Method:
        """The method of that name, by ``under`` or ``either``."""
        rows = {"under": self.under, "either": self.either}[target]
        return next(row for row in rows if row.name == name)


def backtest(seeds: Iterable[int], world: World, parameters: Parameters) -> Found:
    """Every method over the Englands of ``seeds``."""
    measured: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    claimed, true, covered, tried = list[Floats](), list[Bools](), list[Bools](), 0
    for seed in seeds:
        tried += 1
        england = simulate(seed, world, parameters)
        orders, said, within = _one(england, seed, world, parameters)
        sought = {"under": england.truth == UNDER, "either": england.truth != GOOD}
        for (target, name), order in orders.items():
            wanted = sought[target]
            measured[target, name].append(
                (precision_at(order, wanted, parameters.places), auc(order, wanted))
            )
        claimed.append(said)
        true.append(sought["under"])
        covered.append(within)
    rows = {
        target: tuple(
            Method(name, *(float(mean) for mean in np.mean(each, axis=0)))
            for (of, name), each in measured.items()
            if of == target
        )
        for target in ("under", "either")
    }
    probability, outcome = np.concatenate(claimed), np.concatenate(true)
    slope, offset = calibration(probability, outcome)
    return Found(
        seeds=tried,
        under=rows["under"],
        either=rows["either"],
        slope=slope,
        offset=offset,
        error=_calibration_error(probability, outcome),
        coverage=float(np.concatenate(covered).mean()),
    )


def _one(
    england: England, seed: int, world: World, parameters: Parameters
) -> tuple[dict[tuple[str, str], Floats], Floats, Bools]:
    """The orders of each method by target and name, the engine's P(under-reporting), and whether each
    interval held the true rate."""
    panel = england.panel
    scores = apply(panel, fit(panel, parameters), parameters).employers
    best = attainable(england, world)
    alone = _counts_alone(scores, parameters)
    orders: dict[tuple[str, str], Floats] = {}
    for name, order in rankings(panel, scores.counts, england.raw, np.random.default_rng([seed, 40])).items():
        orders["under", name] = orders["either", name] = order
    del orders["under", "0/1/2 banding"]
    orders |= {("under", ENGINE): alone, ("under", ORACLE): best.under}
    orders |= {("either", ENGINE): scores.found.either, ("either", ORACLE): best.either}
    heard = ~np.isnan(england.rate)
    within = (scores.rate.low <= england.rate) & (england.rate <= scores.rate.high)
    return orders, scores.found.under, within[heard]


def _counts_alone(scores: Scores, parameters: Parameters) -> Floats:
    """P(under-reporting) from the counts and the time since inspection, without any further indicator."""
    under = scores.under[REPORTING]
    poor = scores.poor[REPORTING] + scores.poor[SEVERITY]
    return chances(scores.prior, under, poor, parameters).under


def precision_at(order: Floats, sought: Bools, places: int) -> float:
    """The share of the first ``places`` that were sought."""
    chosen = np.argsort(-order, kind="stable")[:places]
    return float(sought[chosen].mean())


def auc(order: Floats, sought: Bools) -> float:
    """The chance that one that was sought stands before one that was not; ties count half."""
    _values, place, ties = np.unique(order, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(ties) - (ties - 1) / 2)[place]
    found, others = sought.sum(), (~sought).sum()
    return float((ranks[sought].sum() - found * (found + 1) / 2) / (found * others))


def calibration(probability: Floats, outcome: Bools) -> tuple[float, float]:
    """Slope and offset of the logistic regression of what was on the logit of what was claimed: 1 and 0 where
    the claims are sound; a slope below 1 says that they are too sure."""
    claimed = logit(probability)

    def loss(at: Floats) -> float:
        fitted = at[0] * claimed + at[1]
        return float((np.logaddexp(0, fitted) - outcome * fitted).sum())

    found = minimize(loss, np.array([1.0, 0.0]), method="BFGS")
    return float(found.x[0]), float(found.x[1])


def _calibration_error(probability: Floats, outcome: Bools, bins: int = 10) -> float:
    place = np.minimum((probability * bins).astype(np.intp), bins - 1)
    said = np.bincount(place, weights=probability, minlength=bins)
    was = np.bincount(place, weights=outcome, minlength=bins)
    return float(np.abs(said - was).sum() / probability.size)
