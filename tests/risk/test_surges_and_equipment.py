"""Sudden rises of one series, and equipment that fails in one way more often than other equipment."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import digamma
from scipy.stats import gamma, nbinom

from regulator.risk.equipment import DEFAULT, fit_mixture, geometric_mean, lower_end, signals
from regulator.risk.parameters import read_parameters
from regulator.risk.surges import benjamini_hochberg, watch
from regulator.risk.under_reporting import Floats

LIMITS = read_parameters().surges
MONTHS = 36
BAR = 0.005


def months(past: float, last: list[float]) -> Floats:
    return np.array([[past] * (MONTHS - len(last)) + last])


def test_the_tail_is_that_of_the_predictive_count() -> None:
    held, due = months(0, [0, 0, 1, 2, 1, 3]), np.full((1, MONTHS), 0.2)
    found = watch(held, due, np.array([4.0]), LIMITS)
    past = MONTHS - 6 - LIMITS.guard_months
    mean = 6 * 0.2 * 4.0 / (4.0 + past * 0.2)
    assert found.tails[6][0] == pytest.approx(nbinom.sf(6, 4.0, 4.0 / (4.0 + mean)), abs=1e-9)
    assert found.alarms(BAR, LIMITS)[0]


def test_a_steady_series_and_a_single_incident_raise_no_alarm() -> None:
    due = np.full((1, MONTHS), 1.0)
    assert not watch(months(1, []), due, np.array([4.0]), LIMITS).alarms(BAR, LIMITS)[0]
    rare = np.full((1, MONTHS), 0.001)
    assert not watch(months(0, [0, 1]), rare, np.array([4.0]), LIMITS).alarms(BAR, LIMITS)[0]


def test_a_busy_series_is_measured_by_its_own_past() -> None:
    due = np.full((1, MONTHS), 0.5)
    usual = watch(months(2, [3] * 6), due, np.array([2.0]), LIMITS)
    quiet = watch(months(0, [3] * 6), due, np.array([2.0]), LIMITS)
    assert not usual.alarms(BAR, LIMITS)[0]
    assert quiet.alarms(BAR, LIMITS)[0]
    assert quiet.cusum[0] > usual.cusum[0]


def test_false_alarms_are_as_rare_as_the_limit_says() -> None:
    random = np.random.default_rng(3)
    due = np.full((4000, MONTHS), 0.3)
    rates = random.gamma(4, 1 / 4, (4000, 1))
    found = watch(random.poisson(due * rates).astype(float), due, np.full(4000, 4.0), LIMITS)
    assert found.alarms(BAR, LIMITS).mean() < 0.03
    bar = benjamini_hochberg(found.p, LIMITS.false_share)
    assert (found.p <= bar).mean() < 0.002


def test_of_many_alarms_those_that_stand_follow_the_step_up_rule() -> None:
    p = np.array([0.2, 0.001, 0.019, 0.03, 0.9])
    assert benjamini_hochberg(p, 0.05) == 0.03
    assert benjamini_hochberg(np.array([0.5, 0.6]), 0.05) == 0.0
    assert benjamini_hochberg(np.zeros(0), 0.05) == 0.0


def test_the_shrunken_ratio_is_the_geometric_mean_of_the_posterior() -> None:
    counted, expected = np.array([6.0, 1.0]), np.array([1.5, 1.2])
    mean, lower = geometric_mean(counted, expected, DEFAULT), lower_end(counted, expected, DEFAULT)
    for place in range(2):
        n, due = counted[place], expected[place]
        parts = [(DEFAULT.weight, DEFAULT.first), (1 - DEFAULT.weight, DEFAULT.second)]
        weights = np.array([w * nbinom.pmf(n, a, b / (b + due)) for w, (a, b) in parts])
        first = weights[0] / weights.sum()
        logs = [digamma(a + n) - np.log(b + due) for _, (a, b) in parts]
        assert mean[place] == pytest.approx(np.exp(first * logs[0] + (1 - first) * logs[1]), abs=1e-9)

        def density(rate: float, n: float = n, due: float = due, first: float = first) -> float:
            (a, b), (c, d) = DEFAULT.first, DEFAULT.second
            return float(
                first * gamma.pdf(rate, a + n, scale=1 / (b + due))
                + (1 - first) * gamma.pdf(rate, c + n, scale=1 / (d + due))
            )

        assert quad(density, 0, lower[place], epsabs=1e-12)[0] == pytest.approx(0.05, abs=1e-8)


def test_one_model_that_fails_in_one_way_stands_out() -> None:
    usual = [(f"maker {number}", f"error {kind}") for number in range(30) for kind in range(10)]
    found = signals([*usual, *[("maker 3", "error 7")] * 14])
    assert [(each.equipment, each.error) for each in found] == [("maker 3", "error 7")]
    assert found[0].lower >= 2
    assert signals(usual) == []
    assert signals([]) == []


def test_the_order_of_the_reports_changes_nothing() -> None:
    told = [("a", "x")] * 9 + [("b", "y")] * 9 + [("a", "y"), ("b", "x"), ("c", "x")]
    assert signals(told) == signals(list(reversed(told)))


def test_a_fitted_prior_knows_that_most_cells_are_ordinary() -> None:
    random = np.random.default_rng(11)
    expected = np.exp(random.normal(0, 1, 600))
    rates = np.where(random.random(600) < 0.1, 5.0, random.gamma(8, 1 / 8, 600))
    counted = random.poisson(expected * rates).astype(float)
    heard = counted > 0
    prior = fit_mixture(counted[heard], expected[heard])
    mean = geometric_mean(np.array([20.0, 4.0]), np.array([4.0, 4.0]), prior)
    assert mean[0] > 3.5
    assert 0.7 < mean[1] < 1.3
