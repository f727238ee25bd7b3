"""The funnel: over-dispersion worked by hand, and limits that are squared back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from regulator.risk.funnel import limits, over_dispersion, overdispersed_z

OBSERVED = np.array([4.0, 9.0, 16.0, 25.0, 36.0])
EXPECTED = np.array([9.0, 9.0, 9.0, 16.0, 25.0])


def test_over_dispersion_is_the_formula_worked_by_hand() -> None:
    """z = 2(sqrt O - sqrt E) = -2, 0, 2, 2, 2; the tenth and ninetieth percentile (type 7) are -1.2 and 2."""
    squares = 1.2**2 + 0 + 3 * 4
    weights = [36, 36, 36, 64, 100]
    by_hand = (squares - 4) / (sum(weights) - sum(each * each for each in weights) / sum(weights))
    assert over_dispersion(OBSERVED, EXPECTED) == pytest.approx(by_hand, abs=1e-12)


def test_without_over_dispersion_the_z_is_the_plain_one() -> None:
    assert overdispersed_z(OBSERVED, EXPECTED, 0.0) == pytest.approx([-2, 0, 2, 2, 2], abs=1e-9)


def test_peers_that_lie_closer_than_chance_have_none() -> None:
    assert over_dispersion(EXPECTED, EXPECTED) == 0.0
    assert over_dispersion(np.array([3.0]), np.array([1.0])) == 0.0


@given(st.floats(0.5, 500), st.floats(0, 0.3), st.floats(0.5, 0.999))
def test_what_lies_on_a_limit_has_that_z(expected: float, tau2: float, probability: float) -> None:
    """The limits are on the ratio's scale: squared back from the square root's."""
    at = np.array([expected])
    low, high = limits(at, tau2, probability)
    z = norm.ppf((1 + probability) / 2)
    assert overdispersed_z(high * expected, at, tau2)[0] == pytest.approx(z, abs=1e-9)
    if low[0] > 0:
        assert overdispersed_z(low * expected, at, tau2)[0] == pytest.approx(-z, abs=1e-9)


def test_nothing_expected_has_no_place_in_the_funnel() -> None:
    assert overdispersed_z(np.array([3.0]), np.zeros(1), 0.1)[0] == 0.0


def test_the_order_of_the_units_changes_nothing() -> None:
    order = [3, 0, 4, 2, 1]
    assert over_dispersion(OBSERVED[order], EXPECTED[order]) == over_dispersion(OBSERVED, EXPECTED)
