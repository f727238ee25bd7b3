"""The funnel of chance alone, with an employer's own point and nothing of anybody else."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from regulator.risk.own_funnel import INNER, OUTER, OwnFunnel, limits, own_funnel

AMOUNTS = st.floats(0.01, 1e7)


def funnel(rate: float = 3.0, *, activity: float = 1_000, together: float = 3.0) -> OwnFunnel:
    """Of a rate for 1,000 episodes."""
    return own_funnel(activity=activity, rate=rate, together=together, expected=together * activity / 1_000)


def places(line: str) -> list[tuple[float, float]]:
    pairs = (each.split(",") for each in line.split())
    return [(float(x), float(y)) for x, y in pairs]


@pytest.mark.parametrize(("share", "off"), [(INNER, 0.02), (OUTER, 0.002)])
@pytest.mark.parametrize("expected", [20, 75, 400, 3_000])
def test_so_many_counts_lie_within_by_chance(expected: int, share: float, off: float) -> None:
    """Against the exact distribution of a count."""
    low, high = limits(1.0, expected, share)
    first, last = math.ceil(low * expected), math.floor(high * expected)
    assert poisson.cdf(last, expected) - poisson.cdf(first - 1, expected) == pytest.approx(share, abs=off)


def test_chance_reaches_less_far_the_more_is_done() -> None:
    widths = [high - low for low, high in (limits(3.0, expected, INNER) for expected in (1, 10, 100, 1_000))]
    assert widths == sorted(widths, reverse=True)
    assert limits(3.0, 0.001, OUTER)[0] == 0


def test_the_point_stands_above_its_activity_and_at_its_rate() -> None:
    drawn = funnel(3.0)
    assert drawn.own == ((drawn.left + drawn.right) / 2, drawn.together)
    assert funnel(1.0).own[1] > drawn.own[1] > funnel(9.0).own[1]
    assert [each.label for each in drawn.across] == ["0", "500", "1,000", "1,500", "2,000"]


def test_a_small_rate_has_ticks_between_whole_numbers() -> None:
    labels = [each.label for each in funnel(0.03, activity=900_000, together=0.03).up]
    assert labels[:3] == ["0", "0.02", "0.04"]


@given(activity=AMOUNTS, rate=st.floats(0, 1e4), together=st.floats(0.001, 1e4))
def test_whatever_the_numbers_nothing_lies_outside_the_chart(
    activity: float, rate: float, together: float
) -> None:
    drawn = funnel(rate, activity=activity, together=together)
    lines = (*drawn.inner, *drawn.outer)
    at = [drawn.own, *(place for line in lines for place in places(line))]
    at += [(tick.at, drawn.bottom) for tick in drawn.across] + [(drawn.left, tick.at) for tick in drawn.up]
    for x, y in at:
        assert drawn.left <= x <= drawn.right
        assert drawn.top <= y <= drawn.bottom
    assert all(tick.label for tick in (*drawn.across, *drawn.up))
