"""How fast the risk engine is, as a ratio to a floor timed in the same run. Run by ``make bench`` alone.

The floor is one vectorised pass of the inverse incomplete gamma function over 100,000 rows: the intervals of
employers and series need four of these, so a ratio of some tens is as good as the whole can get anywhere.
The processor's time is taken, not the wall's, so that other work of the machine does not count; of a few
timings the shortest.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from time import process_time

import numpy as np
import pytest
from scipy.special import gammaincinv

from regulator.risk.engine import apply, fit
from regulator.risk.panel import Panel
from regulator.risk.parameters import read_parameters
from regulator.risk.scoring import rescore, score
from regulator.risk.snapshot import EmployerRow, SeriesRow, Snapshot, by_employer
from regulator.risk.weighing import Facts
from regulator.risk.window import quarters_of

SERIES = 100_000
EMPLOYERS = 5_000
ROUNDS = 3
PARAMETERS = read_parameters()
LAST = date(2024, 3, 31)
MODALITIES = ("diagnostic_imaging", "nuclear_medicine", "radiotherapy")
MOST_SECONDS = {"series": 3.0, "night": 2.0, "one": 0.05}
MOST_TIMES_THE_FLOOR = {"series": 60.0, "night": 60.0, "one": 1.5}


def panel(size: int) -> Panel:
    """``size`` series, each of an employer of its own: the dearest case. Always the same."""
    random = np.random.default_rng(20240331)
    activity = np.exp(random.normal(9.0, 1.2, (size, 1))) * np.ones((1, 12))
    happens = activity * random.gamma(4.0, 1 / 4.0, (size, 1)) * 3e-5
    minor, severe = random.poisson(happens * 0.85), random.poisson(happens * 0.15)
    return Panel(
        groups=tuple((modality, sector) for modality in MODALITIES for sector in ("independent", "nhs")),
        modalities=MODALITIES,
        periods=np.repeat(np.arange(3), 4),
        owner=np.arange(size),
        group=(group := random.integers(0, 6, size)),
        modality=group // 2,
        returned=activity,
        share=np.ones((size, 12)),
        counted=(minor + severe).astype(float),
        minor=minor.astype(float),
        severe=severe.astype(float),
        spread=np.full(size, 0.05),
        years=random.exponential(8, size),
        facts={
            name: Facts(random.integers(0, 3, size).astype(float), random.integers(3, 9, size).astype(float))
            for name in PARAMETERS.indicators
        },
    )


def snapshot(size: int) -> Snapshot:
    """``size`` employers of two modalities each, as the database gives them."""
    random = np.random.default_rng(20240401)
    days = tuple(each.days for each in quarters_of(LAST, 12))
    rows, employers = list[SeriesRow](), list[EmployerRow]()
    for employer in range(size):
        facts = tuple((name, int(random.integers(0, 3)), 4) for name in sorted(PARAMETERS.indicators))
        employers.append(EmployerRow(employer, "nhs_acute", date(2018, 1, 1 + employer % 28), facts))
        for modality in MODALITIES[:2]:
            minor, severe = (tuple(map(int, random.poisson(mean, 12))) for mean in (0.7, 0.1))
            months = tuple(map(int, random.poisson(0.27, 36)))
            activity = (Decimal(int(random.integers(500, 5_000))),) * 12
            rows.append(
                SeriesRow(
                    employer, modality, "nhs_acute", "complete", activity, days, minor, minor, severe, months
                )
            )
    return Snapshot(LAST, 12, (), tuple(rows), tuple(employers))


def fastest(work: Callable[[], object]) -> float:
    """The shortest of ``ROUNDS`` timings, in seconds."""
    times = []
    for _ in range(ROUNDS):
        started = process_time()
        work()
        times.append(process_time() - started)
    return min(times)


@pytest.fixture(scope="module")
def floor() -> float:
    counts = np.random.default_rng(1).poisson(4, SERIES).astype(float)
    return fastest(lambda: gammaincinv(3.0 + counts, 0.05))


def told(capsys: pytest.CaptureFixture[str], what: str, name: str, seconds: float, floor: float) -> None:
    with capsys.disabled():
        print(f"\n{what}: {seconds:.3f} s, {seconds / floor:.2f} times the floor of {floor:.3f} s")  # noqa: T201
    assert seconds < MOST_SECONDS[name]
    assert seconds / floor < MOST_TIMES_THE_FLOOR[name]


def test_all_components_of_100_000_series(capsys: pytest.CaptureFixture[str], floor: float) -> None:
    held = panel(SERIES)
    seconds = fastest(lambda: apply(held, fit(held, PARAMETERS), PARAMETERS))
    told(capsys, f"{SERIES:,} series, all components and both classes", "series", seconds, floor)


def test_the_night_of_5_000_employers(capsys: pytest.CaptureFixture[str], floor: float) -> None:
    held = snapshot(EMPLOYERS)
    seconds = fastest(lambda: score(held, PARAMETERS))
    told(capsys, f"{EMPLOYERS:,} employers, with ranges and sentences", "night", seconds, floor)


def test_one_employer_again(capsys: pytest.CaptureFixture[str], floor: float) -> None:
    held = snapshot(300)
    whole, alone = score(held, PARAMETERS), by_employer(held)[7]
    seconds = fastest(lambda: rescore(alone, whole.frozen, PARAMETERS))
    told(capsys, "one employer again", "one", seconds, floor)
