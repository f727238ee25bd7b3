"""The engine in a simulated England: close to what is attainable, well above what it replaces, and
honest where its assumptions fail. Few seeds here; ``manage.py backtest_risk --seeds 30`` prints the whole."""

import io
import subprocess
import sys

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from scipy.stats import mannwhitneyu

from regulator.risk.backtest import ENGINE, ORACLE, Found, auc, backtest, calibration, precision_at
from regulator.risk.engine import apply, fit
from regulator.risk.parameters import read_parameters
from regulator.risk.simulation.england import GOOD, UNDER, simulate
from regulator.risk.simulation.world import HOSTILE, USUAL

PARAMETERS = read_parameters()
SEEDS = range(700, 708)


@pytest.fixture(scope="module")
def usual() -> Found:
    return backtest(SEEDS, USUAL, PARAMETERS)


@pytest.fixture(scope="module")
def hostile() -> Found:
    return backtest(SEEDS, HOSTILE, PARAMETERS)


def test_under_reporters_are_found_almost_as_well_as_can_be_and_better_than_by_z(usual: Found) -> None:
    engine, best = usual.of("under", ENGINE), usual.of("under", ORACLE)
    z = usual.of("under", "over-dispersed z")
    assert engine.precision / best.precision >= 0.92
    assert best.auc - engine.auc <= 0.015
    assert engine.precision - z.precision >= 0.025
    assert engine.auc - z.auc >= 0.03


def test_either_problem_is_found_better_than_by_bands(usual: Found) -> None:
    engine, best = usual.of("either", ENGINE), usual.of("either", ORACLE)
    bands = usual.of("either", "0/1/2 banding")
    assert engine.precision / best.precision >= 0.95
    assert engine.precision - bands.precision >= 0.06
    assert engine.auc - bands.auc >= 0.04


def test_what_is_claimed_is_what_is(usual: Found) -> None:
    assert 0.85 <= usual.slope <= 1.15
    assert usual.error <= 0.03
    assert 0.84 <= usual.coverage <= 0.93


def test_where_the_assumptions_fail_it_still_stands_above_chance_and_is_less_sure_of_itself(
    usual: Found, hostile: Found
) -> None:
    assert hostile.of("either", ENGINE).precision > hostile.of("either", "random").precision + 0.1
    assert hostile.of("either", ENGINE).auc > hostile.of("either", "0/1/2 banding").auc
    assert hostile.slope < usual.slope


def test_an_england_is_the_same_for_the_same_seed_and_scaled_to_the_published_totals() -> None:
    one, other = (simulate(3, USUAL, PARAMETERS) for _ in range(2))
    assert np.array_equal(one.panel.minor, other.panel.minor)
    totals = [simulate(seed, USUAL, PARAMETERS).raw.sum() / 3 for seed in range(12)]
    assert 650 < np.mean(totals) < 1100
    assert 0.05 < np.mean(one.truth == UNDER) < 0.2
    assert (one.truth == GOOD).mean() > 0.7


def test_scoring_does_not_see_the_truth() -> None:
    """With everybody's class exchanged the scores are the same: they follow from what is seen alone."""
    england = simulate(4, USUAL, PARAMETERS)
    before = apply(england.panel, fit(england.panel, PARAMETERS), PARAMETERS).employers.found.either
    england.truth[:] = GOOD
    after = apply(england.panel, fit(england.panel, PARAMETERS), PARAMETERS).employers.found.either
    assert np.array_equal(before, after)


def test_what_scores_imports_neither_the_simulation_nor_its_oracle() -> None:
    check = (
        "import sys, regulator.risk.scoring, regulator.risk.engine; "
        "sys.exit(any('simulation' in name or 'backtest' in name for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", check], check=False, timeout=120).returncode == 0


def test_the_area_under_the_curve_is_the_rank_sum_with_half_for_ties() -> None:
    random = np.random.default_rng(5)
    order, sought = random.integers(0, 9, 200).astype(float), random.random(200) < 0.3
    statistic = mannwhitneyu(order[sought], order[~sought]).statistic
    assert auc(order, sought) == pytest.approx(statistic / (sought.sum() * (~sought).sum()), abs=1e-12)


def test_precision_counts_the_first_places() -> None:
    assert precision_at(np.array([0.1, 0.9, 0.5]), np.array([True, True, False]), 2) == 0.5


def test_calibration_gives_back_a_slope_that_was_put_in() -> None:
    random = np.random.default_rng(6)
    claimed = random.normal(0, 1.5, 40_000)
    outcome = random.random(40_000) < 1 / (1 + np.exp(-(0.7 * claimed - 0.2)))
    slope, offset = calibration(1 / (1 + np.exp(-claimed)), outcome)
    assert slope == pytest.approx(0.7, abs=0.03)
    assert offset == pytest.approx(-0.2, abs=0.03)


@pytest.mark.django_db
def test_the_command_prints_each_method_and_forecasts_nothing() -> None:
    printed = io.StringIO()
    call_command("backtest_risk", "--seeds", "1", stdout=printed)
    said = printed.getvalue()
    for name in ("engine", "oracle", "0/1/2 banding", "over-dispersed z", "random", "hostile", "coverage"):
        assert name in said
    assert "forecast no real hit rate" in said
    assert "not yet shown" in said
    with pytest.raises(CommandError):
        call_command("backtest_risk", "--seeds", "0")
