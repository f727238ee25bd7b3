"""The Bayes factor of under-reporting and of poor practice: known values, and what may never turn round."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import gamma, poisson

from regulator.risk.engine import rate_evidence
from regulator.risk.parameters import UnderReporting, read_parameters
from regulator.risk.practice import log_rate_factor, log_severity_factor
from regulator.risk.under_reporting import Counts, Floats, log_factor

PARAMETERS = read_parameters()
ASSUMED = PARAMETERS.under_reporting
QUARTERS = 12

small = st.lists(st.integers(0, 6), min_size=QUARTERS, max_size=QUARTERS)
shapes = st.floats(0.5, 20)
totals = st.floats(0.1, 300)


def counts(minor: list[int], severe: list[int], expected: float, severe_share: float = 0.15) -> Counts:
    due = np.full((1, QUARTERS), expected / QUARTERS)
    return Counts(
        np.array([minor], dtype=float),
        np.array([severe], dtype=float),
        due * (1 - severe_share),
        due * severe_share,
    )


def weight(held: Counts, alpha: float = 3.0, assumed: UnderReporting = ASSUMED) -> float:
    return float(log_factor(held, np.array([alpha]), assumed)[0])


def silent(expected: float, severe_share: float = 0.1) -> Counts:
    return counts([0] * QUARTERS, [0] * QUARTERS, expected, severe_share)


@pytest.mark.parametrize(
    ("expected", "reference"), [(1, 0.16), (3, 0.29), (5, 0.40), (10, 0.61), (20, 0.79), (1000, 0.98)]
)
def test_silence_gives_the_reference_probabilities(expected: float, reference: float) -> None:
    """Shape 3, prior 0.10, one in ten severe, nothing reported in 36 months: the table of the method's
    notes."""
    factor = math.exp(weight(silent(expected)))
    assert round(0.1 * factor / (0.9 + 0.1 * factor), 2) == reference


@pytest.mark.parametrize("kept", [0.05, 0.3])
def test_the_closed_form_is_the_integral_over_the_rate(kept: float) -> None:
    """One share kept, known to be so since before the window: both marginal likelihoods by quadrature."""
    known = UnderReporting((kept,), (1.0,), 1.0, 0.0)
    minor, severe = [1, 0, 2] + [0] * 9, [0, 1] + [0] * 10
    held, alpha = counts(minor, severe, 7.0), 2.5

    def likelihood(share: float) -> float:
        def given_rate(rate: float) -> float:
            told = poisson.pmf(3, 7 * 0.85 * rate * share) * poisson.pmf(1, 7 * 0.15 * rate * share)
            return float(told * gamma.pdf(rate, alpha, scale=1 / alpha))

        return float(quad(given_rate, 0, 20, epsabs=1e-14, epsrel=1e-12, limit=400)[0])

    assert weight(held, alpha, known) == pytest.approx(math.log(likelihood(kept) / likelihood(1)), abs=1e-9)


def test_an_onset_is_found_where_the_reports_stop() -> None:
    collapsed = counts([3] * 6 + [0] * 6, [0] * QUARTERS, 36)
    scattered = counts([3, 0] * 6, [0] * QUARTERS, 36)
    assert weight(collapsed) > weight(scattered) + 2


@given(totals, st.floats(0.01, 100), shapes, st.floats(0, 0.6))
def test_with_no_report_the_evidence_rises_with_what_was_expected(
    expected: float, more: float, alpha: float, share: float
) -> None:
    assert weight(silent(expected + more, share), alpha) > weight(silent(expected, share), alpha)


@given(small, small, totals, shapes)
def test_one_more_minor_report_in_the_latest_quarter_never_raises_it(
    minor: list[int], severe: list[int], expected: float, alpha: float
) -> None:
    more = [*minor[:-1], minor[-1] + 1]
    assert (
        weight(counts(more, severe, expected), alpha)
        <= weight(counts(minor, severe, expected), alpha) + 1e-12
    )


def test_a_report_before_a_collapse_may_raise_it() -> None:
    one, other = counts([1] + [0] * 11, [0] * 12, 30), counts([4] * 4 + [0] * 8, [0] * 12, 30)
    earlier = counts([5] + [4] * 3 + [0] * 8, [0] * 12, 30)
    assert weight(one) < weight(silent(30))
    assert weight(earlier) > weight(other)


@given(small, small, totals, shapes)
def test_the_rows_do_not_know_each_other(
    minor: list[int], severe: list[int], expected: float, alpha: float
) -> None:
    alone = counts(minor, severe, expected)
    stacked = Counts(
        *(
            np.concatenate([part, part * 2, part])
            for part in (alone.minor, alone.severe, alone.expected_minor, alone.expected_severe)
        )
    )
    found = log_factor(stacked, np.full(3, alpha), ASSUMED)
    assert found[[0, 2]] == pytest.approx([weight(alone, alpha)] * 2, abs=1e-12)


def test_nothing_expected_and_nothing_told_says_nothing() -> None:
    assert weight(silent(0.0)) == pytest.approx(0.0, abs=1e-12)
    assert log_factor(Counts(*[np.zeros((0, QUARTERS))] * 4), np.zeros(0), ASSUMED).size == 0


def poor(held: Counts) -> float:
    severity = log_severity_factor(
        held.minor.sum(axis=1), held.severe.sum(axis=1), np.array([0.15]), PARAMETERS
    )
    rate = rate_evidence(held, np.array([3.0]), severity, PARAMETERS.rate_ratio)
    return float((rate + severity)[0])


@given(st.integers(0, 40), totals)
def test_minor_reports_alone_never_speak_for_poor_practice(number: int, expected: float) -> None:
    held = counts([number] + [0] * 11, [0] * QUARTERS, expected)
    more = counts([number + 1] + [0] * 11, [0] * QUARTERS, expected)
    assert poor(held) <= 0
    assert poor(more) <= poor(counts([0] * 12, [0] * 12, 0.0)) + 1e-12


def test_many_reports_of_which_many_are_severe_do() -> None:
    assert poor(counts([1] * 12, [1] * 12, 8)) > 2


def test_the_rate_of_poor_practice_is_the_same_integral() -> None:
    held, alpha = counts([2] * 6 + [0] * 6, [0] * 12, 9.0), 3.0

    def likelihood(ratio: float) -> float:
        def given_rate(rate: float) -> float:
            return float(poisson.pmf(12, 9 * rate * ratio) * gamma.pdf(rate, alpha, scale=1 / alpha))

        return float(quad(given_rate, 0, 20, epsabs=1e-14, epsrel=1e-12, limit=400)[0])

    found: Floats = log_rate_factor(held, np.array([alpha]), 1.5)
    assert float(found[0]) == pytest.approx(math.log(likelihood(1.5) / likelihood(1)), abs=1e-9)
