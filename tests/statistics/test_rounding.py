"""Percentages add up to 100, or say that they do not."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulator.statistics.rounding import half_up, sum_note
from regulator.statistics.tables import Mark
from regulator.statistics.tally import with_percent

counts = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), st.integers(0, 3_000), max_size=12)


def shares(counts: dict[str, int], places: int = 0) -> list[Decimal]:
    """Each count's share of their sum in per cent."""
    return [half_up(100 * count, sum(counts.values()) or 1, places) for count in counts.values()]


@given(counts=counts, places=st.integers(0, 3))
def test_rounded_shares_are_the_nearest_and_say_their_sum(counts: dict[str, int], places: int) -> None:
    found, whole = shares(counts, places), sum(counts.values())
    for share, count in zip(found, counts.values(), strict=True):
        assert abs(Fraction(share) - Fraction(100 * count, whole or 1)) <= Fraction(1, 2 * 10**places)
    note = sum_note(found)
    assert (note == "") == (not any(found) or sum(found) == 100)
    assert note == "" or f" {sum(found)}%" in note


def test_three_thirds() -> None:
    found = shares({"a": 1, "b": 1, "c": 1})
    assert found == [Decimal(33)] * 3
    assert sum_note(found) == "Percentages are rounded, each for itself, and add up to 99%."


def test_the_modalities_of_2023_24_add_up_as_they_are() -> None:
    year = {"diagnostic_imaging": 447, "radiotherapy": 244, "nuclear_medicine": 128}
    assert [str(share) for share in shares(year)] == ["55", "30", "16"]
    assert sum_note(shares(year)).endswith("add up to 101%.")
    assert sum(shares(year, 1)) == Decimal("100.0")
    assert sum_note(shares(year, 1)) == ""


def test_a_half_goes_up() -> None:
    assert [str(share) for share in shares({"a": 1, "b": 199})] == ["1", "100"]  # 0.5% and 99.5%


@given(counts=counts)
def test_the_shares_that_figures_carry_are_the_same(counts: dict[str, int]) -> None:
    """But for the marks of what is nothing and of what is nearly nothing."""
    carried = [row["percent"] for row in with_percent(counts).values()]
    assert shares(counts) == [0 if isinstance(share, Mark) else share for share in carried]


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


def test_what_cannot_be_rounded_is_refused() -> None:
    with pytest.raises(ValueError, match="0 or more places"):
        half_up(1, 2, -1)
    with pytest.raises(ZeroDivisionError):
        half_up(1, 0)
