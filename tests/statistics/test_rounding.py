"""Percentages add up to 100, or say that they do not."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulator.statistics.rounding import Shares, half_up, rounded_shares, sum_note
from regulator.statistics.tables import Mark
from regulator.statistics.tally import with_percent

counts = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), st.integers(0, 3_000), max_size=12)


@given(counts=counts, places=st.integers(0, 3))
def test_rounded_shares_are_the_nearest_and_say_their_sum(counts: dict[str, int], places: int) -> None:
    found, whole = rounded_shares(counts, places), sum(counts.values())
    assert list(found.percents) == list(counts)
    assert found.total == sum(found.percents.values())
    for key, count in counts.items():
        exact = Fraction(100 * count, whole or 1)
        assert abs(Fraction(found.percents[key]) - exact) <= Fraction(1, 2 * 10**places)
    assert (found.note == "") == (whole == 0 or found.total == 100)
    assert found.note == "" or f" {found.total}%" in found.note


def test_three_thirds() -> None:
    thirds = {"a": 1, "b": 1, "c": 1}
    assert rounded_shares(thirds) == Shares(
        dict.fromkeys(thirds, Decimal(33)),
        Decimal(99),
        "Percentages are rounded, each for itself, and add up to 99%.",
    )


def test_the_modalities_of_2023_24_add_up_as_they_are() -> None:
    year = {"diagnostic_imaging": 447, "radiotherapy": 244, "nuclear_medicine": 128}
    found = rounded_shares(year)
    assert [str(share) for share in found.percents.values()] == ["55", "30", "16"]
    assert found.note.endswith("add up to 101%.")
    assert rounded_shares(year, 1).total == Decimal("100.0")
    assert rounded_shares(year, 1).note == ""


def test_a_half_goes_up() -> None:
    found = rounded_shares({"a": 1, "b": 199})  # 0.5% and 99.5%
    assert [str(share) for share in found.percents.values()] == ["1", "100"]


@given(counts=counts)
def test_the_shares_that_figures_carry_are_the_same(counts: dict[str, int]) -> None:
    """But for the marks of what is nothing and of what is nearly nothing."""
    carried = {key: row["percent"] for key, row in with_percent(counts).items()}
    expected = {key: 0 if isinstance(share, Mark) else share for key, share in carried.items()}
    assert dict(rounded_shares(counts).percents) == expected


@given(above=st.integers(-10_000, 10_000), below=st.integers(1, 5_000), places=st.integers(0, 3))
def test_a_number_is_rounded_to_the_nearest_and_a_half_away_from_nought(
    above: int, below: int, places: int
) -> None:
    found, exact = Fraction(half_up(above, below, places)), Fraction(above, below)
    off = abs(found - exact)
    assert off <= Fraction(1, 2 * 10**places)
    assert off < Fraction(1, 2 * 10**places) or abs(found) > abs(exact)
    assert half_up(-above, below, places) == -half_up(above, below, places)


def test_nothing_is_said_of_shares_that_are_all_nought_or_add_up() -> None:
    assert sum_note([]) == sum_note([0, 0]) == sum_note([60, 40]) == ""
    assert sum_note([Decimal("33.3")] * 3).endswith("add up to 99.9%.")


def test_what_is_no_count_is_refused() -> None:
    with pytest.raises(ValueError, match="counts of 0 or more"):
        rounded_shares({"a": -1})
    with pytest.raises(ValueError, match="0 or more places"):
        rounded_shares({"a": 1}, -1)
