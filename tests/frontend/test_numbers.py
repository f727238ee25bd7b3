"""Numbers as people write them: one reading for every box; a comma that may be a point is not guessed at."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulator.frontend.numbers import NotANumber, number_of, plain


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("3", "3"),
        (" 0.25 ", "0.25"),
        (".5", "0.5"),
        ("1,200", "1200"),
        ("12,345,678.9", "12345678.9"),
        ("+3", "3"),
        ("-1", "-1"),
        ("-0", "0"),
        ("-0.00", "0.00"),
    ],
)
def test_numbers_in_ordinary_notation_are_read(written: str, number: str) -> None:
    assert str(number_of(written)) == number


@pytest.mark.parametrize(
    "written",
    [
        "0,2",
        "2,5",
        "0,200",
        "00,200",
        "1,20",
        "1,2000",
        "12,34,567",
        "1,,200",
        ",5",
        "1.200,5",
        "1,200.",
        "1,",
    ],
)
def test_a_comma_that_parts_no_thousands_may_be_a_point(written: str) -> None:
    with pytest.raises(NotANumber) as refused:
        number_of(written)
    assert refused.value.comma


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "+",
        ".",
        "three",
        "1e3",
        "NaN",
        "Infinity",
        "٣",
        "1_000",
        "1 200",
        "12 mSv",
        "3.",
        "one,two",
        ",",
    ],
)
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(NotANumber) as refused:
        number_of(written)
    assert not refused.value.comma


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6))
def test_what_is_shown_is_read_back(number: Decimal) -> None:
    assert number_of(plain(number)) == number


@given(st.integers(min_value=0, max_value=10**12))
def test_thousands_may_be_parted(number: int) -> None:
    assert number_of(f"{number:,}") == number


@pytest.mark.parametrize(
    ("number", "shown"),
    [("12.500", "12.5"), ("1E+3", "1000"), ("0.000", "0"), ("0.0001", "0.0001"), ("-0", "0"), ("-0.00", "0")],
)
def test_numbers_are_shown_as_people_write_them(number: str, shown: str) -> None:
    assert plain(Decimal(number)) == shown
