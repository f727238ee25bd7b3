"""Reporting years: April to March, labelled like 2023/24. And which of several ranges a day belongs to."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulator.periods import (
    DayRange,
    Period,
    first_to_cover,
    reporting_year,
    reporting_year_as_typed,
    reporting_year_of,
)


def test_a_reporting_year_runs_from_april_to_march() -> None:
    year = reporting_year("2023/24")
    assert (year.label, year.start, year.end) == ("2023/24", date(2023, 4, 1), date(2024, 3, 31))
    assert year.contains(date(2023, 4, 1))
    assert year.contains(date(2024, 3, 31))
    assert not year.contains(date(2023, 3, 31))
    assert not year.contains(date(2024, 4, 1))


def test_a_reporting_year_may_span_the_turn_of_a_century() -> None:
    assert reporting_year("2099/00").end == date(2100, 3, 31)


@pytest.mark.parametrize(
    "label",
    ["2023/25", "23/24", "2023/2024", "2023-24", "", "banana", " 2023/24", "2023/24\n", "2024/23", "٢٠٢٣/٢٤"],
)
def test_any_other_label_is_refused_in_plain_words(label: str) -> None:
    with pytest.raises(ValueError, match="is not a reporting year"):
        reporting_year(label)


@pytest.mark.parametrize(
    "typed",
    ["2023/24", " 2023/24 ", "2023-24", "2023–24", "2023/2024", "2023-2024", "2023 / 24", "2023 –\u00a024"],
)
def test_people_write_a_year_in_several_ways(typed: str) -> None:
    assert reporting_year_as_typed(typed) == reporting_year("2023/24")


@pytest.mark.parametrize(
    "typed",
    ["", "2023", "2023/25", "2023/2025", "2023/1924", "2023/024", "23/24", "2023.24", "Dec-11", "٢٠٢٣/٢٤"],
)
def test_what_is_typed_and_is_no_year_is_refused_in_plain_words(typed: str) -> None:
    with pytest.raises(ValueError, match="is not a reporting year"):
        reporting_year_as_typed(typed)


def test_a_year_written_over_the_turn_of_a_century_is_read() -> None:
    assert reporting_year_as_typed("2099/2100") == reporting_year("2099/00")
    assert reporting_year("2023/24").slug == "2023-24"


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2900, 1, 1)))
def test_every_day_falls_in_exactly_one_reporting_year(day: date) -> None:
    year = reporting_year_of(day)
    assert year.contains(day)
    assert reporting_year(year.label) == year
    assert reporting_year_of(year.end + timedelta(days=1)).start == year.end + timedelta(days=1)


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        Period(label="wrong", start=date(2024, 1, 2), end=date(2024, 1, 1))


WINDOW = DayRange(date(2023, 4, 1), date(2024, 3, 31))
days = st.dates(min_value=date(2022, 1, 1), max_value=date(2025, 12, 31))
ranges = st.lists(st.tuples(days, days).map(lambda ends: DayRange(min(ends), max(ends))), max_size=6)


@given(ranges)
def test_each_day_belongs_to_the_first_range_that_covers_it(held: list[DayRange]) -> None:
    found = first_to_cover(WINDOW, held)
    day = WINDOW.start
    while day in WINDOW:
        first = next((place for place, each in enumerate(held) if day in each), None)
        owners = [place for place, taken in enumerate(found) if any(day in stretch for stretch in taken)]
        assert owners == ([] if first is None else [first])
        day += timedelta(days=1)
    assert sum(stretch.days for taken in found for stretch in taken) <= WINDOW.days
