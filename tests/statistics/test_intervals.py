"""Exact intervals: against scipy, against published tables, and by what they promise."""

import math
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from regulator.statistics.intervals import Estimate, count_interval, rate, share_limits

GARWOOD = {
    # Garwood 1936 as tabled in Johnson, Kotz and Kemp, Univariate Discrete Distributions: 95%, to 2 decimals
    0: ("0.00", "3.69"),
    1: ("0.03", "5.57"),
    2: ("0.24", "7.22"),
    3: ("0.62", "8.77"),
    4: ("1.09", "10.24"),
    5: ("1.62", "11.67"),
    10: ("4.80", "18.39"),
    20: ("12.22", "30.89"),
    50: ("37.11", "65.92"),
    100: ("81.36", "121.63"),
}


@pytest.mark.parametrize(("count", "limits"), GARWOOD.items())
def test_the_limits_of_a_count_are_the_published_ones(count: int, limits: tuple[str, str]) -> None:
    found = count_interval(count)
    assert (f"{found.lower:.2f}", f"{found.upper:.2f}") == limits


def test_the_limits_of_a_share_are_the_published_ones() -> None:
    # Newcombe 1998, Stat Med 17:857, table I, method 5: 81/263, 15/148, 0/20, 1/29
    for part, whole, lower, upper in (
        (81, 263, "0.2527", "0.3676"),
        (15, 148, "0.0578", "0.1617"),
        (0, 20, "0.0000", "0.1684"),
        (1, 29, "0.0009", "0.1776"),
    ):
        found = share_limits(part, whole)
        assert (f"{found[0]:.4f}", f"{found[1]:.4f}") == (lower, upper)


@given(count=st.integers(0, 200_000), confidence=st.sampled_from((0.8, 0.95, 0.99, 0.998)))
def test_a_count_has_the_limits_that_scipy_gives(count: int, confidence: float) -> None:
    tail = (1 - confidence) / 2
    lower = stats.chi2.ppf(tail, 2 * count) / 2 if count else 0.0
    upper = stats.chi2.ppf(1 - tail, 2 * count + 2) / 2
    found = count_interval(count, confidence)
    assert float(found.lower) == pytest.approx(lower, rel=1e-8)
    assert float(found.upper) == pytest.approx(upper, rel=1e-8)
    assert found.lower <= found.value <= found.upper


@given(part=st.integers(0, 50_000), more=st.integers(0, 50_000), confidence=st.sampled_from((0.9, 0.99)))
def test_a_share_has_the_limits_that_scipy_gives(part: int, more: int, confidence: float) -> None:
    tail = (1 - confidence) / 2
    found = share_limits(part, part + more, confidence)
    lower = stats.beta.ppf(tail, part, more + 1) if part else 0.0
    upper = stats.beta.ppf(1 - tail, part + 1, more) if more else 1.0
    assert found[0] == pytest.approx(lower, rel=1e-7, abs=1e-12)
    assert found[1] == pytest.approx(upper, rel=1e-7)


@settings(max_examples=40)
@given(mean=st.floats(0.05, 60))
def test_an_interval_of_a_count_covers_at_least_as_often_as_it_says(mean: float) -> None:
    covers = 0.0
    for count in range(int(mean + 12 * math.sqrt(mean) + 25)):
        found = count_interval(count)
        if found.lower <= Decimal(mean) <= found.upper:
            covers += stats.poisson.pmf(count, mean)
    assert covers >= 0.95 - 1e-9


@settings(max_examples=40)
@given(chance=st.floats(0.001, 0.999), whole=st.integers(1, 60))
def test_an_interval_of_a_share_covers_at_least_as_often_as_it_says(chance: float, whole: int) -> None:
    covers = 0.0
    for part in range(whole + 1):
        lower, upper = share_limits(part, whole)
        if lower <= chance <= upper:
            covers += stats.binom.pmf(part, whole, chance)
    assert covers >= 0.95 - 1e-9


@given(count=st.integers(0, 5_000))
def test_a_higher_count_has_higher_limits_and_more_confidence_wider_ones(count: int) -> None:
    found, more = count_interval(count), count_interval(count + 1)
    assert found.lower < more.lower
    assert found.upper < more.upper
    surer = count_interval(count, 0.99)
    assert surer.lower <= found.lower
    assert surer.upper > found.upper


def test_the_rate_of_2023_24_for_radiotherapy() -> None:
    found = rate(244, 116_000, 1_000)
    assert found is not None
    # half the chi-square quantiles: 0.025 at 488 degrees is 214.34, 0.975 at 490 is 276.62
    assert found.rounded(2) == Estimate(Decimal("2.10"), Decimal("1.84"), Decimal("2.39"))


def test_limits_are_rounded_outwards_and_the_value_half_to_even() -> None:
    rough = Estimate(Decimal("0.25"), Decimal("0.19"), Decimal("0.3001"))
    assert rough.rounded(1) == Estimate(Decimal("0.2"), Decimal("0.1"), Decimal("0.4"))
    endless = Estimate(Decimal(2), Decimal("1.5"), Decimal("Infinity"))
    assert endless.rounded(1) == Estimate(Decimal("2.0"), Decimal("1.5"), Decimal("Infinity"))


def test_what_is_no_count_or_no_part_is_refused_and_nothing_has_no_rate() -> None:
    assert rate(3, 0, 1000) is None
    with pytest.raises(ValueError, match="cannot be -1"):
        count_interval(-1)
    with pytest.raises(ValueError, match="lies between 0 and 1"):
        count_interval(1, 1.0)
    with pytest.raises(ValueError, match="activity cannot be"):
        rate(1, Decimal("-0.5"), 1)
    for part, whole in ((3, 2), (-1, 2)):
        with pytest.raises(ValueError, match="no part of"):
            share_limits(part, whole)


def test_all_of_a_whole_and_none_of_it_end_at_the_ends() -> None:
    none, everything = share_limits(0, 12), share_limits(12, 12)
    assert none[0] == 0
    assert everything[1] == 1
    assert none[1] == pytest.approx(1 - everything[0])
