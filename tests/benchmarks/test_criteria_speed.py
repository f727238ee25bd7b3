"""How fast the criteria checker is, as a ratio to a floor timed in the same run. Run by ``make bench`` alone.

The floor is one comparison of two decimals for each condition of the rules that apply: no checker can do with
less. The owner's bar is 10,000 checks a second on one core.
"""

from collections.abc import Callable
from decimal import Decimal
from statistics import median
from time import perf_counter

import pytest

from notifications.criteria.check import check
from tests.notifications.criteria.golden import cases, told

ROUNDS = 5
CHECKS_A_SECOND = 10_000
MOST_TIMES_THE_FLOOR = 60


def timed(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        started = perf_counter()
        work()
        times.append(perf_counter() - started)
    return median(times)


def test_criteria_speed(capsys: pytest.CaptureFixture[str]) -> None:
    incidents = [told(case.facts) for case in cases()]
    evaluated = [check(each).evaluations for each in incidents]
    conditions = sum(
        len(every) for one in evaluated for each in one for every in each.rule.notifiable_when_any
    )
    low, high = Decimal("2.999"), Decimal(3)
    floor = timed(lambda: [low >= high for _ in range(conditions)])
    whole = timed(lambda: [check(each) for each in incidents])
    rate = len(incidents) / whole
    with capsys.disabled():
        print(f"\n{rate:,.0f} checks a second; {whole / floor:.0f} times the floor")  # noqa: T201
    assert whole / floor < MOST_TIMES_THE_FLOOR
    assert rate > CHECKS_A_SECOND
