"""Reporting years: April to March, labelled like 2023/24 and nothing else."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulator.statistics.periods import Period, reporting_year, reporting_year_of


def test_a_reporting_year_runs_from_april_to_march() -> None:
    year = reporting_year("2023/24")
    assert (year.label, year.start, year.end) == ("2023/24", date(2023, 4, 1), date(2024, 3, 31))
    assert year.contains(date(2023, 4, 1)) and year.contains(date(2024, 3, 31))
    assert not year.contains(date(2023, 3, 31)) and not year.contains(date(2024, 4, 1))


def test_a_reporting_year_may_span_the_turn_of_a_century() -> None:
    assert reporting_year("2099/00").end == date(2100, 3, 31)


@pytest.mark.parametrize(
    "label",
    ["2023/25", "23/24", "2023/2024", "2023-24", "", "banana", " 2023/24", "2023/24\n", "2024/23", "٢٠٢٣/٢٤"],
)
def test_any_other_label_is_refused_in_plain_words(label: str) -> None:
    with pytest.raises(ValueError, match="is not a reporting year"):
        reporting_year(label)


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2900, 1, 1)))
def test_every_day_falls_in_exactly_one_reporting_year(day: date) -> None:
    year = reporting_year_of(day)
    assert year.contains(day)
    assert reporting_year(year.label) == year
    assert reporting_year_of(year.end + timedelta(days=1)).start == year.end + timedelta(days=1)


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        Period(label="wrong", start=date(2024, 1, 2), end=date(2024, 1, 1))
