"""Counting each root cause once, the quarters of a window, and what returns say of each."""

import itertools
import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulator.periods import DayRange
from regulator.risk.incidents import Incident, distinct
from regulator.risk.window import Return, months_to, periods_of, quarters_of, spread_over

DAY = date(2024, 1, 10)
LAST = date(2024, 3, 31)


def incident(
    key: str, after: int = 0, *, root: str = "", severe: bool = False, employer: int = 1
) -> Incident:
    return Incident(employer, "radiotherapy", DAY + timedelta(days=after), key, severe, root)


def test_one_failure_told_in_several_notifications_counts_once_and_is_as_severe_as_the_worst() -> None:
    told = [
        incident("1", root="linac"),
        incident("2", 10, root="linac", severe=True),
        incident("3", 20, root="linac"),
    ]
    [one] = distinct(told, within_days=14)
    assert (one.discovered, one.severe) == (DAY, True)


def test_the_same_machine_failing_months_later_is_another_incident() -> None:
    assert len(distinct([incident("1", root="linac"), incident("2", 60, root="linac")], within_days=14)) == 2


def test_other_employers_and_other_machines_are_other_incidents() -> None:
    told = [
        incident("1", root="linac"),
        incident("2", root="ct"),
        incident("3", root="linac", employer=2),
        incident("4"),
    ]
    assert len(distinct(told, within_days=14)) == 4


incidents = st.lists(
    st.builds(
        incident,
        st.sampled_from(["a", "b", "c", "d", "e"]),
        st.integers(0, 40),
        root=st.sampled_from(["", "linac", "ct"]),
        severe=st.booleans(),
        employer=st.integers(1, 2),
    ),
    max_size=12,
)


@given(incidents, st.randoms(use_true_random=False))
def test_repetition_and_order_change_nothing(told: list[Incident], shuffler: random.Random) -> None:
    once = distinct(told, within_days=14)
    again = [*told, *told]
    shuffler.shuffle(again)
    assert distinct(again, within_days=14) == once
    assert len(once) <= len({(each.employer, each.key) for each in told})


@pytest.mark.parametrize(
    ("as_of", "months", "start"),
    [
        (LAST, 36, date(2021, 4, 1)),
        (date(2024, 2, 29), 12, date(2023, 3, 1)),
        (date(2023, 12, 31), 12, date(2023, 1, 1)),
        (date(2024, 1, 15), 36, date(2021, 1, 16)),
        (date(2025, 2, 28), 36, date(2022, 3, 1)),
    ],
)
def test_a_window_starts_the_day_after_the_one_that_many_months_before(
    as_of: date, months: int, start: date
) -> None:
    assert months_to(as_of, months) == DayRange(start, as_of)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_the_quarters_cover_the_window_without_gap_or_overlap(last: date) -> None:
    quarters = quarters_of(last, 12)
    assert (quarters[0].start, quarters[-1].end) == (months_to(last, 36).start, last)
    assert all(one.end + timedelta(days=1) == other.start for one, other in itertools.pairwise(quarters))
    assert all(85 <= each.days <= 95 for each in quarters)


def test_quarters_of_one_year_under_the_same_criteria_share_a_rate() -> None:
    quarters = quarters_of(LAST, 12)
    assert periods_of(quarters, []) == (0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2)
    assert periods_of(quarters, [date(2023, 4, 1)]) == (0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2)


def test_a_quarter_in_which_the_criteria_changed_stands_alone() -> None:
    assert periods_of(quarters_of(LAST, 4), [date(2023, 8, 15)]) == (0, 1, 2, 2)


def year(first: int, quantity: int, completeness: str = "complete") -> Return:
    return Return(DayRange(date(first, 4, 1), date(first + 1, 3, 31)), quantity, completeness)


def test_returns_add_up_quarter_by_quarter() -> None:
    spread = spread_over(quarters_of(LAST, 12), [year(2021, 365), year(2023, 366)])
    assert [int(each) for each in spread.activity] == [91, 92, 92, 90, 0, 0, 0, 0, 91, 92, 92, 91]
    assert spread.days[4:8] == (0, 0, 0, 0)
    assert [(each.start, each.end) for each in spread.covered] == [
        (date(2021, 4, 1), date(2022, 3, 31)),
        (date(2023, 4, 1), LAST),
    ]


def test_two_returns_for_the_same_days_count_once_and_the_first_is_trusted() -> None:
    spread = spread_over(quarters_of(LAST, 4), [year(2023, 3660), year(2023, 9, "estimated")])
    assert sum(spread.activity) == Decimal(3660)
    assert spread.completeness == "complete"


def test_a_return_that_reaches_out_of_the_window_is_prorated_to_the_day() -> None:
    spread = spread_over(quarters_of(date(2023, 6, 30), 1), [year(2023, 366)])
    assert spread.activity == (Decimal("91.000"),)


@pytest.mark.parametrize("returns", [[], [year(2010, 500)]])
def test_no_return_within_the_window_is_missing_and_not_zero(returns: list[Return]) -> None:
    spread = spread_over(quarters_of(LAST, 4), returns)
    assert (spread.covered, spread.completeness) == ((), "")
    assert spread_over(quarters_of(LAST, 4), [year(2023, 0)]).completeness == "complete"
