"""Amounts are converted exactly, and refused where the unit does not measure what was asked."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.criteria.units import UNITS, Dimension, NotAnAmount, in_base_unit, plain

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
        ("1e300", "mSv", DOSE, "sensible size"),
        ("1e-300", "mSv", DOSE, "sensible size"),
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


@pytest.mark.parametrize(
    ("number", "shown"), [("12.500", "12.5"), ("1E+3", "1000"), ("0.000", "0"), ("0.0001", "0.0001")]
)
def test_numbers_are_shown_as_people_write_them(number: str, shown: str) -> None:
    assert plain(Decimal(number)) == shown
