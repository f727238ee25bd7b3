"""How fast the risk model is, as a ratio to a floor timed in the same run. Run by ``make bench`` alone.

The floor is one vectorised pass of the inverse incomplete gamma function over the same rows: the model
needs two of these for its interval, so a ratio of a few is as good as it can get, on any machine.
"""

from collections.abc import Callable
from decimal import Decimal
from statistics import median
from time import perf_counter

import numpy as np
import pytest
from scipy.special import gammaincinv

from regulator.risk.parameters import read_parameters
from regulator.risk.posterior import Floats, expected_counts, fit_shape, posterior
from regulator.risk.scoring import score
from regulator.risk.snapshot import SnapshotRow

ROWS = 100_000
ROUNDS = 5
MOST_TIMES_THE_FLOOR = 40
MOST_TIMES_THE_FLOOR_IN_ROWS = 120
MOST_SECONDS = 3.0
PARAMETERS = read_parameters()


def england(size: int = ROWS) -> tuple[Floats, Floats]:
    """Counts and activity of ``size`` employers of one peer group, always the same."""
    random = np.random.default_rng(20240331)
    activity = np.round(np.exp(random.normal(9.0, 1.2, size))).astype(np.float64)
    rates = random.gamma(4.0, 1 / 4.0, size) * 3e-4
    return random.poisson(activity * rates).astype(np.float64), activity


def timed(work: Callable[[], object]) -> float:
    """The median of ``ROUNDS`` timings, in seconds."""
    times = []
    for _ in range(ROUNDS):
        started = perf_counter()
        work()
        times.append(perf_counter() - started)
    return median(times)


def scored(observed: Floats, activity: Floats) -> None:
    _, expected = expected_counts(observed, activity)
    posterior(observed, expected, fit_shape(observed, expected, PARAMETERS).alpha, PARAMETERS)


def test_posterior_speed(capsys: pytest.CaptureFixture[str]) -> None:
    observed, activity = england()
    floor = timed(lambda: gammaincinv(3.0 + observed, 0.05))
    engine = timed(lambda: scored(observed, activity))
    with capsys.disabled():
        times = f"{engine / floor:.1f} times the floor of {floor:.3f} s"
        print(f"\nposterior of {ROWS:,} rows: {engine:.3f} s, {times}")  # noqa: T201
    assert engine < MOST_SECONDS
    assert engine / floor < MOST_TIMES_THE_FLOOR


def test_whole_run_speed_without_the_database(capsys: pytest.CaptureFixture[str]) -> None:
    observed, activity = england()
    rows = [
        SnapshotRow(place, "radiotherapy", "nhs_acute", int(count), Decimal(int(done)), 1096)
        for place, (count, done) in enumerate(zip(observed, activity, strict=True))
    ]
    floor = timed(lambda: gammaincinv(3.0 + observed, 0.05))
    whole = timed(lambda: score(rows, PARAMETERS))
    with capsys.disabled():
        times = f"{whole / floor:.1f} times the floor of {floor:.3f} s"
        print(f"\nscores of {ROWS:,} rows, fixed decimals: {whole:.3f} s, {times}")  # noqa: T201
    assert whole / floor < MOST_TIMES_THE_FLOOR_IN_ROWS
