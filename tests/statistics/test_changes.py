"""A change is called one only where chance would seldom give it; held against scipy's own exact tests."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from regulator.statistics.changes import Change, Verdict, change, statement

numbers = st.integers(0, 400)


@given(before=numbers, after=numbers, exposures=st.tuples(st.integers(1, 10**6), st.integers(1, 10**6)))
def test_the_limits_are_those_of_the_exact_binomial_interval(
    before: int, after: int, exposures: tuple[int, int]
) -> None:
    assume(before + after)
    found = change(before, after, exposures=exposures).ratio
    assert found is not None
    exact = stats.binomtest(after, before + after).proportion_ci(0.95, method="exact")
    scale = exposures[0] / exposures[1]
    assert float(found.lower) == pytest.approx(exact.low / (1 - exact.low) * scale, rel=1e-6, abs=1e-12)
    if before:
        assert float(found.upper) == pytest.approx(exact.high / (1 - exact.high) * scale, rel=1e-6)
    else:
        assert found.upper.is_infinite()
        assert found.value.is_infinite()


@given(before=numbers, after=numbers)
def test_the_verdict_is_that_of_the_two_exact_one_sided_tests(before: int, after: int) -> None:
    assume(before + after)
    both = before + after
    more = stats.binomtest(after, both, alternative="greater").pvalue
    fewer = stats.binomtest(after, both, alternative="less").pvalue
    assume(abs(min(more, fewer) - 0.025) > 1e-6)
    expected = Verdict.MORE if more < 0.025 else Verdict.FEWER if fewer < 0.025 else Verdict.CHANCE
    assert change(before, after).verdict is expected


@given(before=numbers, after=numbers, scale=st.integers(1, 1000))
def test_told_backwards_a_change_is_the_other_way_round(before: int, after: int, scale: int) -> None:
    assume(before and after)
    there, back = change(before, after, exposures=(scale, scale)), change(after, before)
    opposite = {Verdict.MORE: Verdict.FEWER, Verdict.FEWER: Verdict.MORE, Verdict.CHANCE: Verdict.CHANCE}
    assert back.verdict is opposite[there.verdict]
    assert there.ratio is not None
    assert back.ratio is not None
    assert float(there.ratio.lower * back.ratio.upper) == pytest.approx(1)
    assert there.difference == -back.difference


def test_two_years_of_one_rate_are_seldom_called_a_change() -> None:
    changed = {
        (before, after)
        for before in range(30)
        for after in range(30)
        if change(before, after, confidence=0.9).verdict in (Verdict.MORE, Verdict.FEWER)
    }
    for mean in (0.5, 2, 5, 9):
        wrong = sum(
            stats.poisson.pmf(before, mean) * stats.poisson.pmf(after, mean) for before, after in changed
        )
        assert 0 <= wrong <= 0.10
    assert wrong > 0.01


def test_a_change_that_chance_would_give_is_said_to_be_one() -> None:
    assert statement(change(75, 82)) == (
        "The change from 75 to 82 is no more than chance would give: +9.3% (95% interval −21.1% to +51.6%)."
    )


def test_a_change_beyond_chance_is_said_to_be_one() -> None:
    rise, fall = change(77, 128), change(146, 108)
    assert (rise.verdict, fall.verdict) == (Verdict.MORE, Verdict.FEWER)
    assert statement(rise).startswith(
        "The change from 77 to 128 is a rise beyond what chance would give: +66.2% (95% interval +24.3% to "
    )
    assert statement(fall).startswith(
        "The change from 146 to 108 is a fall beyond what chance would give: −26.0%"
    )


def test_activity_can_turn_a_rise_in_counts_into_chance() -> None:
    assert change(100, 150).verdict is Verdict.MORE
    per = change(100, 150, exposures=(Decimal(1_000_000), Decimal(1_500_000)))
    assert per.verdict is Verdict.CHANCE
    assert per.percent is not None
    assert per.percent.value == pytest.approx(0)
    assert statement(per).startswith(
        "The change from 100 to 150 is no more than chance would give for that activity: 0.0% ("
    )


def test_nothing_and_nothing_cannot_be_stated() -> None:
    assert change(0, 0) == Change(0, 0, False, None, Verdict.UNKNOWN, ("Nothing was counted.",))
    assert statement(change(0, 0)) == (
        "The change from 0 to 0 cannot be stated as a rise or a fall. Nothing was counted."
    )


def test_from_nothing_there_is_no_percentage_but_there_may_be_a_rise() -> None:
    assert change(0, 5).verdict is Verdict.CHANCE
    found = change(0, 6)
    assert found.verdict is Verdict.MORE
    assert found.percent is None
    assert statement(found) == (
        "The change from 0 to 6 is a rise beyond what chance would give: there is no percentage of nought."
    )


def test_down_to_nothing_is_all_of_it() -> None:
    found = change(6, 0)
    assert found.verdict is Verdict.FEWER
    assert found.percent is not None
    assert found.percent.value == found.percent.lower == -100


def test_across_a_break_the_numbers_are_given_and_no_verdict() -> None:
    found = change(77, 128, breaks=["The criteria changed in April 2023."])
    assert found.verdict is Verdict.UNKNOWN
    assert found.percent is not None
    assert statement(found) == (
        "The change from 77 to 128 cannot be stated as a rise or a fall. The criteria changed in April 2023."
    )


def test_without_activity_nothing_is_stated() -> None:
    found = change(3, 9, exposures=(0, 100))
    assert (found.ratio, found.percent, found.verdict) == (None, None, Verdict.UNKNOWN)
    assert "No activity is known" in statement(found)


@pytest.mark.parametrize(("before", "after", "exposures"), [(-1, 2, None), (1, -2, None), (1, 2, (1, -1))])
def test_what_is_no_count_is_refused(before: int, after: int, exposures: tuple[int, int] | None) -> None:
    with pytest.raises(ValueError, match="0 or more"):
        change(before, after, exposures=exposures)
