"""Counting days: what "n days after" means, and which days are worked in England and Wales."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from regulator.deadlines.calendar import (
    _bank_holidays,
    add_calendar_days,
    add_working_days,
    beyond_horizon,
    horizon,
    is_working_day,
)

DAYS = st.dates(min_value=date(2018, 1, 1), max_value=date(2028, 6, 30))


def test_the_day_after_is_day_one() -> None:
    assert add_calendar_days(date(2023, 3, 1), 1) == date(2023, 3, 2)
    assert add_calendar_days(date(2023, 3, 1), 14) == date(2023, 3, 15)
    assert add_calendar_days(date(2023, 3, 1), 0) == date(2023, 3, 1)


def test_a_leap_day_is_counted() -> None:
    assert add_calendar_days(date(2024, 2, 28), 2) == date(2024, 3, 1)
    assert add_calendar_days(date(2023, 2, 28), 2) == date(2023, 3, 2)
    assert add_calendar_days(date(2023, 12, 8), 84) == date(2024, 3, 1)
    assert add_working_days(date(2024, 2, 28), 1) == date(2024, 2, 29)


def test_christmas_and_new_year_are_not_worked() -> None:
    assert add_working_days(date(2023, 12, 22), 1) == date(2023, 12, 27)
    assert add_working_days(date(2023, 12, 29), 1) == date(2024, 1, 2)
    # Christmas Day 2022 fell on a Sunday: Tuesday 27 December stood in for it.
    assert add_working_days(date(2022, 12, 23), 1) == date(2022, 12, 28)


@pytest.mark.parametrize(
    "day",
    [
        date(2022, 6, 2),  # spring bank holiday, moved for the Platinum Jubilee
        date(2022, 6, 3),  # Platinum Jubilee
        date(2022, 9, 19),  # State Funeral of Queen Elizabeth II
        date(2023, 5, 8),  # Coronation of King Charles III
    ],
)
def test_the_extra_bank_holidays_are_known(day: date) -> None:
    assert not is_working_day(day)


def test_the_holiday_that_was_moved_away_is_worked() -> None:
    assert is_working_day(date(2022, 5, 30))


def test_scottish_holidays_are_worked_in_england() -> None:
    assert is_working_day(date(2024, 1, 2))
    assert is_working_day(date(2023, 11, 30))


def test_working_days_from_a_weekend_start_on_monday() -> None:
    assert add_working_days(date(2023, 6, 10), 1) == date(2023, 6, 12)
    assert add_working_days(date(2023, 6, 10), 0) == date(2023, 6, 10)


@given(start=DAYS, n=st.integers(min_value=1, max_value=60))
def test_adding_and_counting_working_days_agree(start: date, n: int) -> None:
    end = add_working_days(start, n)
    assert is_working_day(end)
    after = (start + timedelta(days=offset) for offset in range(1, (end - start).days + 1))
    assert sum(map(is_working_day, after)) == n


def test_past_the_horizon_is_told_and_only_weekends_are_left_out() -> None:
    assert horizon() >= date(2027, 12, 31)
    assert not beyond_horizon(horizon())
    assert beyond_horizon(horizon() + timedelta(days=1))
    christmas = date(horizon().year + 20, 12, 25)
    assert is_working_day(christmas) is (christmas.weekday() < 5)


@pytest.mark.parametrize("count", [add_calendar_days, add_working_days])
def test_counting_backwards_is_refused(count: Callable[[date, int], date]) -> None:
    with pytest.raises(ValueError, match="-1"):
        count(date(2023, 6, 12), -1)


def test_the_network_is_never_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("the list of bank holidays was fetched")

    monkeypatch.setattr(requests, "get", refuse)
    assert date(2023, 12, 25) in _bank_holidays.__wrapped__()
