"""The whole model over a panel: fitting what is fitted to everybody, and scoring whoever is asked for. Pure.

``fit`` is the night's work; ``apply`` scores any panel with what the night fitted, one employer as well as
all, and is the only way to a score. ``spans`` says how far a score could move under other assumptions.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from regulator.risk.expected import (
    Rates,
    Series,
    employers_of,
    fit_rates,
    series_of,
    typical_activity,
    widened,
)
from regulator.risk.frozen import Frozen, Shape
from regulator.risk.funnel import limits, over_dispersion, overdispersed_z
from regulator.risk.panel import Panel
from regulator.risk.parameters import Parameters
from regulator.risk.posterior import Posterior, fit_shape, posterior
from regulator.risk.practice import log_rate_factor, log_severity_factor
from regulator.risk.score import Chances, capped_years, chances, prior_logit
from regulator.risk.under_reporting import Counts, Floats, log_factor
from regulator.risk.weighing import baseline, distinct, log_ratio

__all__ = [
    "REPORTING",
    "SEVERITY",
    "TIME",
    "Scored",
    "Scores",
    "SeriesScores",
    "apply",
    "fit",
    "rate_evidence",
    "weigh",
]

REPORTING: Final = "reporting"
SEVERITY: Final = "severity"
"""The two components that come from the counts themselves; the others are the parameter file's indicators,
and ``TIME``, which moves the prior."""
TIME: Final = "time"
_FUNNEL: Final = 0.95


@dataclass(frozen=True, slots=True)
class SeriesScores:
    """Each series held against its peers: the posterior of its rate, and its place in the funnel."""

    observed: Floats
    by_quarter: Floats
    alpha: Floats
    rate: Posterior
    z_od: Floats
    funnel: tuple[Floats, Floats]

    @property
    def expected(self) -> Floats:
        """Over the whole window."""
        return np.asarray(self.by_quarter.sum(axis=1))


@dataclass(frozen=True, slots=True)
class Scores:
    """Each employer: the weights of evidence by component (``under`` and ``poor``), the prior's logit, and
    what follows. ``counts`` are those of the series with returned activity, ``alpha`` the widened shape."""

    counts: Counts
    alpha: Floats
    rate: Posterior
    prior: Floats
    mean_years: float
    under: dict[str, Floats]
    poor: dict[str, Floats]
    found: Chances


@dataclass(frozen=True, slots=True)
class Scored:
    series: SeriesScores
    employers: Scores


def fit(panel: Panel, parameters: Parameters) -> Frozen:
    """What everybody's figures say about the peers. The order of the series changes nothing but the last
    digits."""
    rates, typical = fit_rates(panel, parameters), typical_activity(panel)
    series = series_of(panel, rates, typical, parameters)
    counts, _ = employers_of(panel, series, series.known)
    years = capped_years(panel.years, parameters)
    return Frozen(
        groups=panel.groups,
        modalities=panel.modalities,
        rates=rates,
        typical=typical,
        shape=fit_shape(counts.observed, counts.expected, parameters),
        shapes=_shapes(panel, series, parameters),
        tau2=_over_dispersions(panel, series),
        baselines={
            name: baseline(panel.facts[name], weight, parameters)
            for name, weight in sorted(parameters.indicators.items())
        },
        mean_years=float(np.sort(years).mean()) if years.size else 0.0,
        bars=np.zeros(0),
        surge_bar=0.0,
    )


def apply(panel: Panel, frozen: Frozen, parameters: Parameters) -> Scored:
    """Score every series and employer of ``panel`` with what the night fitted."""
    series = series_of(panel, frozen.rates, frozen.typical, parameters)
    return Scored(_score_series(panel, series, frozen, parameters), _score(panel, series, frozen, parameters))


def weigh(scores: Scores, parameters: Parameters, *, without: str = "") -> Chances:
    """The chances from the components, from all or from all but one; without ``TIME`` everybody was last
    inspected as long ago as the others on average."""
    under, poor = (
        sum((each for name, each in side.items() if name != without), start=np.zeros(len(scores.prior)))
        for side in (scores.under, scores.poor)
    )
    base = prior_logit(np.array([scores.mean_years]), scores.mean_years, parameters)
    return chances(base if without == TIME else scores.prior, under, poor, parameters)


def rate_evidence(counts: Counts, alpha: Floats, severity: Floats, ratio: float) -> Floats:
    """The rate's part of ln BF_P. More reports than expected count against an employer only as far as they
    are more severe as well."""
    return np.minimum(log_rate_factor(counts, alpha, ratio), np.maximum(severity, 0.0))


def _score(panel: Panel, series: Series, frozen: Frozen, parameters: Parameters) -> Scores:
    counts, spread = employers_of(panel, series, series.known)
    alpha = widened(frozen.shape.alpha, spread)
    severity = _severity(panel, series, frozen.rates, parameters)
    under = {REPORTING: log_factor(counts, alpha, parameters.under_reporting)}
    rate = rate_evidence(counts, alpha, severity, parameters.rate_ratio)
    poor = {REPORTING: rate, SEVERITY: severity}
    under[REPORTING] = under[REPORTING] + _of_unknown_activity(panel, series, frozen, parameters)
    for name, standing in sorted(frozen.baselines.items()):
        weight = parameters.indicators[name]
        facts, where = distinct(panel.facts[name])
        under[name] = log_ratio(facts, weight, weight.under, standing)[where]
        poor[name] = log_ratio(facts, weight, weight.poor, standing)[where]
    scores = Scores(
        counts=counts,
        alpha=alpha,
        rate=posterior(counts.observed, counts.expected, alpha, parameters),
        prior=prior_logit(panel.years, frozen.mean_years, parameters),
        mean_years=frozen.mean_years,
        under=under,
        poor=poor,
        found=Chances(np.zeros(0), np.zeros(0)),
    )
    return replace(scores, found=weigh(scores, parameters))


def _severity(panel: Panel, series: Series, rates: Rates, parameters: Parameters) -> Floats:
    """Of all series: which part of the incidents is severe says something without any activity."""
    weights = log_severity_factor(
        series.counts.minor.sum(axis=1),
        series.counts.severe.sum(axis=1),
        rates.severe[panel.modality],
        parameters,
    )
    return np.bincount(panel.owner, weights=weights, minlength=panel.employers).astype(np.float64)


def _of_unknown_activity(panel: Panel, series: Series, frozen: Frozen, parameters: Parameters) -> Floats:
    """ln BF_U of the series without any return, held against the activity that is typical of their peers, and
    never below 0: what nobody knows cannot speak for an employer."""
    unknown = ~series.known
    weight = np.zeros(panel.employers)
    if unknown.any():
        counts, spread = employers_of(panel, series, unknown)
        weight = np.maximum(
            log_factor(counts, widened(frozen.shape.alpha, spread), parameters.under_reporting), 0.0
        )
    return weight


def _score_series(panel: Panel, series: Series, frozen: Frozen, parameters: Parameters) -> SeriesScores:
    shapes = np.array([each.alpha for each in frozen.shapes], dtype=np.float64)
    observed, expected = series.counts.observed, series.counts.expected
    alpha = widened(shapes[panel.group], series.spread)
    return SeriesScores(
        observed,
        series.counts.expected_minor + series.counts.expected_severe,
        alpha,
        posterior(observed, expected, alpha, parameters),
        overdispersed_z(observed, expected, frozen.tau2[panel.modality]),
        limits(expected, frozen.tau2[panel.modality], _FUNNEL),
    )


def _shapes(panel: Panel, series: Series, parameters: Parameters) -> tuple[Shape, ...]:
    observed, expected = series.counts.observed, series.counts.expected
    return tuple(
        fit_shape(observed[chosen], expected[chosen], parameters)
        for chosen in (series.known & (panel.group == place) for place in range(len(panel.groups)))
    )


def _over_dispersions(panel: Panel, series: Series) -> Floats:
    observed, expected = series.counts.observed, series.counts.expected
    return np.array(
        [
            over_dispersion(observed[chosen], expected[chosen])
            for chosen in (series.known & (panel.modality == place) for place in range(len(panel.modalities)))
        ],
        dtype=np.float64,
    )
