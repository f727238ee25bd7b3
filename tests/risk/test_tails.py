"""Limits and tails of counts, to nine places: against scipy's distributions and against published figures."""

from decimal import Decimal, getcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, nbinom, poisson

from regulator.risk.tails import (
    byar_limits,
    exact_limits,
    mid_p,
    nb_at_least,
    nb_lower_tail,
    poisson_lower_tail,
    rate_limits,
)

EVERY = np.arange(0, 200, dtype=float)
expectations = st.floats(0.01, 300)
shapes = st.floats(0.2, 40)
counts = st.integers(0, 300)


def test_exact_limits_are_the_quantiles_of_chi_square() -> None:
    lower, upper = exact_limits(EVERY)
    assert lower[0] == 0
    assert lower[1:] == pytest.approx(chi2.ppf(0.025, 2 * EVERY[1:]) / 2, abs=1e-9)
    assert upper == pytest.approx(chi2.ppf(0.975, 2 * EVERY + 2) / 2, abs=1e-9)


def test_exact_limits_are_where_the_poisson_tails_are_two_and_a_half_percent() -> None:
    lower, upper = exact_limits(EVERY)
    assert poisson.sf(EVERY[1:] - 1, lower[1:]) == pytest.approx(np.full(199, 0.025), abs=1e-9)
    assert poisson.cdf(EVERY, upper) == pytest.approx(np.full(200, 0.025), abs=1e-9)


@pytest.mark.parametrize(
    ("observed", "lower", "upper"),
    [(0, "0.0000", "3.6889"), (1, "0.0253", "5.5716"), (5, "1.6235", "11.6683"), (10, "4.7954", "18.3904")],
)
def test_exact_limits_are_those_of_the_published_tables(observed: int, lower: str, upper: str) -> None:
    """Garwood 1936, Biometrika 28:437, as tables of the limits of a Poisson count print them."""
    found = exact_limits(np.array([float(observed)]))
    assert (f"{found[0][0]:.4f}", f"{found[1][0]:.4f}") == (lower, upper)


@pytest.mark.parametrize("observed", [1, 4, 10, 65, 1234])
def test_byars_limits_agree_with_the_formula_in_long_arithmetic(observed: int) -> None:
    getcontext().prec = 40
    z, some, more = Decimal("1.95996398454005423552"), Decimal(observed), Decimal(observed + 1)
    lower = some * (1 - 1 / (9 * some) - z / (3 * some.sqrt())) ** 3
    upper = more * (1 - 1 / (9 * more) + z / (3 * more.sqrt())) ** 3
    found = byar_limits(np.array([float(observed)]))
    assert found[0][0] == pytest.approx(float(lower), abs=1e-9)
    assert found[1][0] == pytest.approx(float(upper), abs=1e-9)


def test_byars_limits_lie_close_to_the_exact_ones_from_ten_on() -> None:
    for byar, exact in zip(byar_limits(EVERY[10:]), exact_limits(EVERY[10:]), strict=True):
        assert np.abs(byar - exact).max() < 0.03


def test_below_ten_events_the_exact_limits_hold_and_from_ten_byars() -> None:
    lower, _ = rate_limits(np.array([9.0, 10.0]))
    assert lower[0] == exact_limits(np.array([9.0]))[0][0]
    assert lower[1] == byar_limits(np.array([10.0]))[0][0]


@given(counts, expectations, shapes)
def test_negative_binomial_tails_are_those_of_scipy(number: int, expected: float, alpha: float) -> None:
    n, mean = np.array([float(number)]), np.array([expected])
    chance = alpha / (alpha + expected)
    assert nb_lower_tail(n, mean, alpha)[0] == pytest.approx(nbinom.cdf(number, alpha, chance), abs=1e-9)
    assert nb_at_least(n, mean, alpha)[0] == pytest.approx(nbinom.sf(number - 1, alpha, chance), abs=1e-9)
    below, here = nbinom.cdf(number - 1, alpha, chance), nbinom.pmf(number, alpha, chance)
    assert mid_p(n, mean, alpha)[0] == pytest.approx(below + here / 2, abs=1e-9)


@pytest.mark.parametrize(
    ("expected", "poisson_p", "nb_p"), [(1, 0.368, 0.422), (3, 0.050, 0.125), (5, 0.007, 0.053)]
)
def test_silence_is_less_improbable_where_employers_differ(
    expected: float, poisson_p: float, nb_p: float
) -> None:
    n, mean = np.zeros(1), np.array([float(expected)])
    assert round(float(poisson_lower_tail(n, mean)[0]), 3) == poisson_p
    assert round(float(nb_lower_tail(n, mean, 3.0)[0]), 3) == nb_p
