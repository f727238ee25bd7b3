"""Amounts are converted exactly, and refused where the unit does not measure what was asked."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.criteria.units import UNITS, Bounds, Dimension, NotAnAmount, in_base_unit

DOSE, ABSORBED, ACTIVITY = Dimension.EFFECTIVE_DOSE, Dimension.ABSORBED_DOSE, Dimension.ACTIVITY


@pytest.mark.parametrize(
    ("number", "unit", "dimension", "expected"),
    [
        ("3", "mSv", DOSE, "3"),
        ("3000", "µSv", DOSE, "3"),
        ("3000", "μSv", DOSE, "3"),
        ("3000", "uSv", DOSE, "3"),
        ("0.003", "Sv", DOSE, "3"),
        ("0.1", "µSv", DOSE, "0.0001"),
        ("1", "Gy", ABSORBED, "1000"),
        ("10", "", ABSORBED, "10"),
        ("1,200.5", "cGy·cm²", Dimension.DOSE_AREA_PRODUCT, "1200.5"),
        ("1,200", "cGy·cm²", Dimension.DOSE_AREA_PRODUCT, "1200"),
        ("1200", "cGycm2", Dimension.DOSE_AREA_PRODUCT, "1200"),
        ("2.5", "GBq", ACTIVITY, "2500"),
        ("370", "kBq", ACTIVITY, "0.37"),
    ],
)
def test_an_amount_is_converted_exactly(number: str, unit: str, dimension: Dimension, expected: str) -> None:
    assert in_base_unit(number, unit, dimension) == Decimal(expected)


@pytest.mark.parametrize(
    ("number", "unit", "dimension", "says"),
    [
        ("3", "mGy", DOSE, "mGy does not measure an effective dose. Use mSv or µSv or Sv."),
        ("3", "MBq", ABSORBED, "does not measure an absorbed dose"),
        ("3", "rem", DOSE, "“rem” is not a unit that is known here"),
        ("-1", "mSv", DOSE, "Enter 0 or more"),
        ("NaN", "mSv", DOSE, "Enter a number"),
        ("Infinity", "mSv", DOSE, "Enter a number"),
        ("three", "mSv", DOSE, "Enter a number"),
        ("٣", "mSv", DOSE, "Enter a number"),
        ("1_000", "mSv", DOSE, "Enter a number"),
        ("0,2", "mSv", DOSE, "Use a point, not a comma"),
        ("2,5", "mSv", DOSE, "Use a point, not a comma"),
        ("0,200", "mSv", DOSE, "Use a point, not a comma"),
        ("1,20", "mSv", DOSE, "Use a point, not a comma"),
        ("1,2000", "mSv", DOSE, "Use a point, not a comma"),
        ("1.200,5", "mSv", DOSE, "Use a point, not a comma"),
        ("1e3", "mSv", DOSE, "Enter a number"),
        ("9" * 300, "mSv", DOSE, "sensible size"),
        ("0." + "0" * 300 + "1", "mSv", DOSE, "sensible size"),
        ("0." + "1" * 30, "mSv", DOSE, "sensible size"),
        ("", "mSv", DOSE, "Enter a number"),
    ],
)
def test_what_is_no_amount_is_refused_in_words(
    number: str, unit: str, dimension: Dimension, says: str
) -> None:
    with pytest.raises(NotAnAmount, match=says.replace("(", r"\(")):
        in_base_unit(number, unit, dimension)


@given(
    number=st.decimals(min_value=0, max_value=100_000, places=6), unit=st.sampled_from(list(UNITS.values()))
)
def test_no_digit_is_lost_whatever_the_unit(number: Decimal, unit: object) -> None:
    assert isinstance(unit, type(UNITS["mSv"]))
    base = in_base_unit(f"{number:f}", unit.symbol, unit.dimension)
    assert base.scaleb(-unit.exponent) == number


@given(st.text(max_size=30), st.text(max_size=10))
def test_nonsense_is_a_number_or_refused(number: str, unit: str) -> None:
    with suppress(NotAnAmount):
        assert in_base_unit(number, unit, DOSE) >= 0


@pytest.mark.parametrize("number", ["-0", "-0.000", "+0", "0"])
def test_nought_has_no_sign(number: str) -> None:
    assert str(in_base_unit(number, "mSv", DOSE).normalize()) == "0"


KEPT = Bounds(12, 6, "mSv")


@pytest.mark.parametrize(
    ("number", "kept"),
    [("4.123456", "4.123456"), ("4.1000000", "4.1"), ("999999.999999", "999999.999999"), ("25.00", "25")],
)
def test_what_can_be_kept_is_kept_whole(number: str, kept: str) -> None:
    assert str(KEPT.within(Decimal(number))) == kept


@pytest.mark.parametrize("number", ["4.1234567", "1000000", "999999.9999999"])
def test_what_cannot_be_kept_is_refused_with_its_bounds(number: str) -> None:
    with pytest.raises(NotAnAmount, match="Less than 1,000,000 mSv, with at most 6 decimal places, in mSv"):
        KEPT.within(Decimal(number))
