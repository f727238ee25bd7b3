"""References: every slip of one character and every swap of neighbouring digits is noticed."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulator.casework.references import check_character, format_reference, is_well_formed, normalise

PREFIXES = st.sampled_from(["IRN", "IRI", "IRE", "IRL"])
YEARS = st.integers(min_value=2000, max_value=2999)
NUMBERS = st.integers(min_value=1, max_value=9_999_999)


def test_a_reference_has_prefix_year_number_and_check_letter() -> None:
    reference = format_reference("IRN", 2026, 42)
    assert reference == f"IRN-2026-00042-{check_character('IRN', 2026, 42)}"
    assert is_well_formed(reference)


def test_a_number_past_five_digits_keeps_all_its_digits() -> None:
    reference = format_reference("IRN", 2026, 1_234_567)
    assert reference.startswith("IRN-2026-1234567-")
    assert is_well_formed(reference)
    assert not is_well_formed(reference.replace("-1234567-", "-01234567-"))


@given(PREFIXES, YEARS, NUMBERS)
def test_the_check_letter_is_never_one_that_is_misheard(prefix: str, year: int, number: int) -> None:
    assert check_character(prefix, year, number) in set(string.ascii_uppercase) - set("IOS")


@given(PREFIXES, YEARS, NUMBERS)
def test_case_and_spaces_do_not_matter(prefix: str, year: int, number: int) -> None:
    reference = format_reference(prefix, year, number)
    spoken = f"  {reference.lower().replace('-', ' ')} "
    assert normalise(spoken) == reference
    assert is_well_formed(spoken)
    assert is_well_formed(reference.replace("-", " \u2013 "))


@given(PREFIXES, YEARS, NUMBERS)
def test_every_substitution_of_one_character_is_detected(prefix: str, year: int, number: int) -> None:
    reference = format_reference(prefix, year, number)
    for place, right in enumerate(reference):
        for wrong in string.ascii_uppercase + string.digits + "-":
            if wrong != right:
                slipped = reference[:place] + wrong + reference[place + 1 :]
                assert not is_well_formed(slipped), slipped


@given(PREFIXES, YEARS, NUMBERS)
def test_every_swap_of_neighbouring_digits_is_detected(prefix: str, year: int, number: int) -> None:
    reference = format_reference(prefix, year, number)
    for place in range(len(reference) - 1):
        left, right = reference[place : place + 2]
        if left != right and (left + right).isalnum():
            swapped = reference[:place] + right + left + reference[place + 2 :]
            assert not is_well_formed(swapped), swapped


@given(st.text(max_size=30))
def test_random_text_is_answered_without_an_error(text: str) -> None:
    assert is_well_formed(text) in {True, False}


@pytest.mark.parametrize(
    "text", ["", "IRN", "IRN-2026-00000-A", "IRN-2026-42-A", "IRN202600042K", "IRN-2026-٠٠٠٤٢-K"]
)
def test_other_shapes_are_refused(text: str) -> None:
    assert not is_well_formed(text)


@pytest.mark.parametrize(
    ("prefix", "year", "number"),
    [
        ("irn", 2026, 1),
        ("IRQ", 2026, 1),
        ("IR", 2026, 1),
        ("IRN", 26, 1),
        ("IRN", 2026, 0),
        ("IRN", 2026, -1),
    ],
)
def test_a_reference_out_of_bounds_is_never_made(prefix: str, year: int, number: int) -> None:
    with pytest.raises(ValueError, match="."):
        format_reference(prefix, year, number)
