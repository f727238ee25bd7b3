"""How much better an under-reporter explains the counts than an employer that reports as its peers do.

Pure: arrays in, arrays out. Counts N are Poisson with mean E * rate, and the rate is Gamma(alpha, alpha)
among the peers. An under-reporter keeps a share ``rho`` of what happens from an unknown onset ``o`` on. The
rate integrates out in closed form (Barmaz and Menard 2021, Drug Safety, have the same idea by sampling):

    BF(o, rho) = rho^N_post(o) * [(alpha + E) / (alpha + E_pre(o) + rho E_post(o))]^(alpha + N)

With severity, minor incidents are kept with ``rho`` and severe ones with ``rho_s``:

    rho^minor_post * rho_s^severe_post
      * [(alpha + E) / (alpha + E - (1 - rho) E_minor,post - (1 - rho_s) E_severe,post)]^(alpha + N)

and BF_U = 1/2 [rho_s = rho] + 1/2 [rho_s = min(1, rho + 0.4)], each averaged over o and rho with the weights
of the parameter file."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from regulator.risk.parameters import UnderReporting

__all__ = ["Counts", "log_factor"]

Floats = NDArray[np.float64]
_AT_ONCE: Final = 2048
"""Rows that are worked on together: their arrays stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Incidents that were counted and that the peers' rate expects: each rows by quarters, the oldest
    first."""

    minor: Floats
    severe: Floats
    expected_minor: Floats
    expected_severe: Floats

    def __len__(self) -> int:
        return len(self.minor)

    @property
    def observed(self) -> Floats:
        """All incidents of each row."""
        return np.asarray((self.minor + self.severe).sum(axis=1))

    @property
    def expected(self) -> Floats:
        """All that were expected of each row."""
        return np.asarray((self.expected_minor + self.expected_severe).sum(axis=1))

    def rows(self, chosen: slice | NDArray[np.intp] | NDArray[np.bool_]) -> "Counts":
        """The same for some of the rows."""
        return Counts(
            self.minor[chosen], self.severe[chosen], self.expected_minor[chosen], self.expected_severe[chosen]
        )


def log_factor(counts: Counts, alpha: Floats, assumed: UnderReporting) -> Floats:
    """ln BF_U of each row; 0 where nothing was expected and nothing counted. ``alpha`` holds one shape a row.

    Monotone at fixed parameters: with no report it rises with what was expected; one more minor incident in
    the newest quarter never raises it. One before a collapse may, and should.
    """
    found = np.empty(len(counts))
    for start in range(0, len(counts), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        found[some] = _log_factor(counts.rows(some), alpha[some], assumed)
    return found


def _log_factor(counts: Counts, alpha: Floats, assumed: UnderReporting) -> Floats:
    minor, severe, due_minor, due_severe = (
        _since_onset(each)
        for each in (counts.minor, counts.severe, counts.expected_minor, counts.expected_severe)
    )
    spread = alpha + counts.expected
    power = alpha + counts.observed
    share_minor, share_severe = due_minor / spread, due_severe / spread
    onset = _log_onset(minor.shape[0], assumed.before_window)
    terms = []
    for kept, weight in zip(assumed.retained, assumed.weights, strict=True):
        for kept_severe in (kept, min(1.0, kept + assumed.severe_retained_more)):
            lost = (1.0 - kept) * share_minor + (1.0 - kept_severe) * share_severe
            terms.append(
                minor * np.log(kept)
                + severe * np.log(kept_severe)
                - power * np.log1p(-lost)
                + (onset + np.log(weight / 2.0))[:, None]
            )
    return _log_sum_exp(np.concatenate(terms))


def _since_onset(quarters: Floats) -> Floats:
    """By onset (before the window, then at the start of each later quarter) and row: the sum from there
    on."""
    return np.ascontiguousarray(np.cumsum(quarters[:, ::-1], axis=1)[:, ::-1].T)


def _log_onset(quarters: int, before_window: float) -> Floats:
    """ln of the weight of each onset."""
    if quarters == 1:
        return np.zeros(1)
    later = (1.0 - before_window) / (quarters - 1)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(np.array([before_window, *[later] * (quarters - 1)])))


def _log_sum_exp(terms: Floats) -> Floats:
    highest = terms.max(axis=0)
    return np.asarray(highest + np.log(np.exp(terms - highest).sum(axis=0)))
