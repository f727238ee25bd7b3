"""Equipment that fails in one way more often than others do: what no site's own series can show. Pure.

Multi-item gamma-Poisson shrinkage (DuMouchel 1999, American Statistician 53:177) over make and model by kind
of error:

    N ~ Poisson(E lambda),  lambda ~ P Gamma(a1, b1) + (1 - P) Gamma(a2, b2)
    E = row sum * column sum / total
    Qn = weight of the first component after N
    EBGM = exp(Qn (psi(a1+n) - ln(b1+E)) + (1-Qn) (psi(a2+n) - ln(b2+E)))
    EB05: below it lies 5% of the posterior mixture;  a signal where EB05 >= 2

Fitted over the cells with a report (the likelihood truncated at N = 1). What makes a model common makes its
reports common: a signal is a question to its users and its maker, no finding.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import minimize
from scipy.special import digamma, expit, gammainc, gammaln

from regulator.risk.under_reporting import Floats

__all__ = ["SIGNAL", "Mixture", "Signal", "fit_mixture", "geometric_mean", "lower_end", "signals"]

SIGNAL: Final = 2.0
_LEAST_CELLS: Final = 20
_START: Final = (0.2, 0.1, 2.0, 4.0, 1.0 / 3.0)


@dataclass(frozen=True, slots=True)
class Mixture:
    """The prior: weight of the first gamma, and shape and rate of both."""

    weight: float
    first: tuple[float, float]
    second: tuple[float, float]


DEFAULT: Final = Mixture(1 / 3, (0.2, 0.1), (2.0, 4.0))
"""DuMouchel's starting values: they stand where too few cells can tell their own."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One make and model with one kind of error: reports, expected ones, and the two shrunken ratios."""

    equipment: str
    error: str
    reports: int
    expected: float
    mean: float
    lower: float


def signals(reports: Iterable[tuple[str, str]]) -> list[Signal]:
    """The signals among reports of (make and model, kind of error), the strongest first."""
    cells = Counter(reports)
    if not cells:
        return []
    rows, columns = Counter[str](), Counter[str]()
    for (equipment, error), count in cells.items():
        rows[equipment] += count
        columns[error] += count
    names = sorted(cells)
    counted = np.array([cells[each] for each in names], dtype=np.float64)
    expected = np.array([rows[one] * columns[other] for one, other in names]) / counted.sum()
    prior = fit_mixture(counted, expected)
    mean, lower = geometric_mean(counted, expected, prior), lower_end(counted, expected, prior)
    found = [
        Signal(*name, int(counted[place]), float(expected[place]), float(mean[place]), float(lower[place]))
        for place, name in enumerate(names)
        if lower[place] >= SIGNAL
    ]
    return sorted(found, key=lambda each: (-each.lower, each.equipment, each.error))


def fit_mixture(counted: Floats, expected: Floats) -> Mixture:
    """The prior that makes the counts likeliest, given that each cell has one at least."""
    if counted.size < _LEAST_CELLS:
        return DEFAULT

    def mixture(at: Floats) -> Mixture:
        a1, b1, a2, b2 = np.exp(np.clip(at[:4], -8, 8))
        return Mixture(float(expit(at[4])), (float(a1), float(b1)), (float(a2), float(b2)))

    def loss(at: Floats) -> float:
        prior = mixture(at)
        heard = np.log(-np.expm1(np.minimum(_log_mixed(np.zeros_like(expected), expected, prior), -1e-12)))
        return float(-(_log_mixed(counted, expected, prior) - heard).sum())

    start = np.array([*np.log(_START[:4]), np.log(_START[4] / (1 - _START[4]))])
    found = minimize(
        loss, start, method="Nelder-Mead", options={"maxiter": 2000, "xatol": 1e-6, "fatol": 1e-8}
    )
    return mixture(found.x)


def geometric_mean(counted: Floats, expected: Floats, prior: Mixture) -> Floats:
    """EBGM of each cell."""
    first = _weight_after(counted, expected, prior)
    logs = [digamma(a + counted) - np.log(b + expected) for a, b in (prior.first, prior.second)]
    return np.asarray(np.exp(first * logs[0] + (1 - first) * logs[1]))


def lower_end(counted: Floats, expected: Floats, prior: Mixture, share: float = 0.05) -> Floats:
    """The ratio below which ``share`` of the posterior lies, by bisection."""
    first = _weight_after(counted, expected, prior)
    low, high = np.zeros_like(expected), np.full_like(expected, 1e4)
    for _ in range(80):
        middle = (low + high) / 2
        below = first * gammainc(prior.first[0] + counted, (prior.first[1] + expected) * middle) + (
            1 - first
        ) * gammainc(prior.second[0] + counted, (prior.second[1] + expected) * middle)
        low, high = np.where(below < share, middle, low), np.where(below < share, high, middle)
    return np.asarray((low + high) / 2)


def _log_negative_binomial(counted: Floats, expected: Floats, shape: tuple[float, float]) -> Floats:
    a, b = shape
    return np.asarray(
        gammaln(a + counted)
        - gammaln(a)
        - gammaln(counted + 1)
        + a * np.log(b / (b + expected))
        + counted * np.log(expected / (b + expected))
    )


def _log_mixed(counted: Floats, expected: Floats, prior: Mixture) -> Floats:
    return np.asarray(
        np.logaddexp(
            np.log(prior.weight) + _log_negative_binomial(counted, expected, prior.first),
            np.log1p(-prior.weight) + _log_negative_binomial(counted, expected, prior.second),
        )
    )


def _weight_after(counted: Floats, expected: Floats, prior: Mixture) -> Floats:
    first = np.log(prior.weight) + _log_negative_binomial(counted, expected, prior.first)
    return np.asarray(np.exp(first - _log_mixed(counted, expected, prior)))
