"""Years to the day: leap days, London's midnights, and the two ways of counting, which must agree."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulator.retention.days import last_closing, years_later
from regulator.retention.due import end_of

LATER = [
    (date(2025, 3, 4), 7, date(2032, 3, 4)),
    (date(2025, 12, 31), 1, date(2026, 12, 31)),
    (date(2024, 2, 29), 7, date(2031, 2, 28)),
    (date(2024, 2, 29), 4, date(2028, 2, 29)),
    (date(2024, 2, 28), 7, date(2031, 2, 28)),
    (date(2023, 2, 28), 1, date(2024, 2, 28)),
    (date(2096, 2, 29), 4, date(2100, 2, 28)),
    (date(2025, 3, 1), 7, date(2032, 3, 1)),
]
LAST = [
    (date(2032, 3, 4), 7, date(2025, 3, 4)),
    (date(2031, 2, 28), 7, date(2024, 2, 29)),
    (date(2031, 2, 27), 7, date(2024, 2, 27)),
    (date(2032, 2, 28), 7, date(2025, 2, 28)),
    (date(2032, 2, 29), 7, date(2025, 2, 28)),
    (date(2028, 2, 28), 4, date(2024, 2, 28)),
    (date(2028, 2, 29), 4, date(2024, 2, 29)),
    (date(2031, 3, 1), 7, date(2024, 3, 1)),
    (date(5, 1, 1), 7, None),
]
ENDS = [
    (date(2025, 1, 15), datetime(2025, 1, 16, 0, 0, tzinfo=UTC)),
    (date(2025, 7, 15), datetime(2025, 7, 15, 23, 0, tzinfo=UTC)),
    (date(2025, 3, 29), datetime(2025, 3, 30, 0, 0, tzinfo=UTC)),  # the clocks go forward on the 30th
    (date(2025, 3, 30), datetime(2025, 3, 30, 23, 0, tzinfo=UTC)),
    (date(2025, 10, 25), datetime(2025, 10, 25, 23, 0, tzinfo=UTC)),
    (date(2025, 10, 26), datetime(2025, 10, 27, 0, 0, tzinfo=UTC)),  # the clocks went back
]
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))


@pytest.mark.parametrize(("day", "years", "due"), LATER)
def test_a_case_is_due_on_the_same_day_years_later(day: date, years: int, due: date) -> None:
    assert years_later(day, years) == due


@pytest.mark.parametrize(("as_of", "years", "last"), LAST)
def test_the_last_day_of_closing_that_is_due(as_of: date, years: int, last: date | None) -> None:
    assert last_closing(as_of, years) == last


@given(closed=DAYS, as_of=DAYS, years=st.integers(1, 100))
def test_both_ways_of_counting_say_the_same(closed: date, as_of: date, years: int) -> None:
    last = last_closing(as_of, years)
    assert last is not None
    assert (years_later(closed, years) <= as_of) == (closed <= last)


def test_no_day_lies_beyond_the_calendar() -> None:
    with pytest.raises(ValueError, match="year"):
        years_later(date(9999, 1, 1), 7)


@pytest.mark.parametrize(("day", "moment"), ENDS)
def test_a_day_ends_at_londons_midnight(day: date, moment: datetime) -> None:
    assert end_of(day) == moment


def test_the_last_day_of_the_calendar_ends_too() -> None:
    assert end_of(date.max) > datetime(9999, 12, 31, 12, tzinfo=UTC)
