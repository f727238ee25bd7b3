"""What the portal's own fields accept, and what they say of nonsense."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from regulator import clock
from regulator.frontend.fields import DecimalField, GovukDateField, in_a_sentence
from tests.frontend.sample_forms import GOOD, EveryWidget

LOST = (
    "The page lost track of which version you were changing. "
    "What you typed is kept: check it, then send it again"
)


def _date_field(**options: Any) -> GovukDateField:
    return GovukDateField(label="When?", noun="Date of the incident", **options)


def _dose(**options: Any) -> DecimalField:
    sizes: dict[str, Any] = {"max_digits": 6, "decimal_places": 2, "min_value": Decimal(0)}
    return DecimalField(label="Dose", unit="mSv", **sizes, **options)


def _refusal(field: Any, value: object) -> str:
    with pytest.raises(ValidationError) as refused:
        field.clean(value)
    return str(refused.value.messages[0])


@pytest.mark.parametrize("month", ["6", "06", "June", "june", "Jun"])
def test_a_month_may_be_a_number_or_a_name(month: str) -> None:
    assert _date_field().clean([" 3 ", month, "2019"]) == date(2019, 6, 3)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (["31", "2", "2024"], "Date of the incident must be a real date"),
        (["29", "2", "2023"], "Date of the incident must be a real date"),
        (["x", "6", "2019"], "Date of the incident must be a real date"),
        (["3", "Juno", "2019"], "Date of the incident must be a real date"),
        (["3", "decent", "2019"], "Date of the incident must be a real date"),
        (["٣", "6", "2019"], "Date of the incident must be a real date"),
        (["1_0", "6", "2019"], "Date of the incident must be a real date"),
        (["3", "6", "0000"], "Date of the incident must be a real date"),
        (["3", "6", "19"], "Date of the incident must have a year of 4 digits"),
        (["3", "6", "9" * 5000], "Date of the incident must have a year of 4 digits"),
        (["3", "", ""], "Date of the incident must include a month and year"),
        (["", "6", "2019"], "Date of the incident must include a day"),
        (["", "", ""], "Enter the date of the incident"),
        (None, "Enter the date of the incident"),
        ("2019-06-03", "Date of the incident must include a month and year"),
    ],
)
def test_a_date_that_is_none_is_refused_in_plain_words(typed: object, message: str) -> None:
    assert _refusal(_date_field(), typed) == message


def test_a_date_may_be_left_out_where_it_is_optional() -> None:
    assert _date_field(required=False).clean(["", "", ""]) is None


def test_a_date_in_the_future_is_refused_where_it_cannot_be() -> None:
    with clock.at(datetime(2024, 6, 3, 23, 30, tzinfo=UTC)):  # half past midnight on the 4th in London
        assert _date_field(not_in_future=True).clean(["4", "6", "2024"]) == date(2024, 6, 4)
        assert _refusal(_date_field(not_in_future=True), ["5", "6", "2024"]) == (
            "Date of the incident must be today or in the past"
        )


@given(st.lists(st.text(max_size=12), min_size=3, max_size=3))
def test_whatever_is_typed_for_a_date_is_a_date_or_a_message(typed: list[str]) -> None:
    try:
        answer = _date_field(required=False).clean(typed)
    except ValidationError:
        return
    assert answer is None or isinstance(answer, date)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("12.5", "12.5"), (" 12 ", "12"), ("0", "0"), (".5", "0.5"), ("1,200", "1200"), ("+3", "3")],
)
def test_numbers_in_ordinary_notation_are_read(typed: str, number: str) -> None:
    assert _dose().clean(typed) == Decimal(number)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("NaN", "Dose must be a number, like 12.5"),
        ("Infinity", "Dose must be a number, like 12.5"),
        ("-inf", "Dose must be a number, like 12.5"),
        ("1e400", "Dose must be a number, like 12.5"),
        ("1e3", "Dose must be a number, like 12.5"),
        ("12,5", "Dose must be written with a point, not a comma, like 12.5"),
        ("0,200", "Dose must be written with a point, not a comma, like 12.5"),
        ("٣", "Dose must be a number, like 12.5"),
        ("1_000", "Dose must be a number, like 12.5"),
        ("12 mSv", "Dose must be a number, like 12.5"),
        ("+", "Dose must be a number, like 12.5"),
        ("12345", "Dose must have no more than 4 digits before the decimal point"),
        ("9" * 5000, "Dose must have no more than 4 digits before the decimal point"),
        ("1.234", "Dose must have no more than 2 decimal places"),
        ("-1", "Dose must be 0 mSv or more"),
    ],
)
def test_a_number_that_is_none_is_refused_in_plain_words(typed: str, message: str) -> None:
    assert _refusal(_dose(), typed) == message


def test_a_unit_with_a_per_cent_sign_does_not_break_its_message() -> None:
    share = DecimalField(label="Share", unit="%", max_digits=5, decimal_places=2, max_value=Decimal(100))
    assert _refusal(share, "101") == "Share must be 100 % or less"


@given(st.text(max_size=30))
def test_whatever_is_typed_for_a_number_is_finite_or_a_message(typed: str) -> None:
    try:
        answer = _dose(required=False).clean(typed)
    except ValidationError:
        return
    assert answer is None or answer.is_finite()


def test_a_good_form_is_clean() -> None:
    form = EveryWidget(GOOD)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["happened_on"] == date(2019, 6, 3)
    assert form.cleaned_data["version"] == 3


def test_an_empty_form_says_of_each_field_what_to_do() -> None:
    errors = {name: messages[0] for name, messages in EveryWidget({}).errors.items()}
    assert errors == {
        "version": LOST,
        "title": "Enter the local incident number",
        "email": "Enter the email address",
        "happened_on": "Enter the date of the incident",
        "dose": "Enter the dose",
        "people": "Enter the number of people exposed",
        "account": "Answer “What happened?”",
        "modality": "Select the modality",
        "groups": "Answer “Who was exposed?”",
        "site": "Select the site",
        "agreed": "Tick “I have removed everything that identifies a patient” to go on",
    }


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("title", "x" * 41, "Local incident number must be 40 characters or fewer"),
        ("title", "a\0b", "Local incident number must not contain hidden characters"),
        ("email", "nobody", "Enter an email address in the correct format, like name@example.com"),
        ("people", "many", "Number of people exposed must be a whole number, like 12"),
        ("people", "-1", "Number of people exposed must be 0 or more"),
        ("modality", "xx", "Choose one of the answers offered for “Modality”"),
        ("groups", ["xx"], "Choose one of the answers offered for “Who was exposed?”"),
        ("version", "abc", LOST),
        ("version", "9" * 30, LOST),
    ],
)
def test_nonsense_is_answered_with_the_field_s_name(name: str, typed: object, message: str) -> None:
    assert EveryWidget(GOOD | {name: typed}).errors[name] == [message]


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("Dose", "the dose"),
        ("MPE advice", "the MPE advice"),
        ("X-ray set", "the X-ray set"),
        ("Your name", "your name"),
    ],
)
def test_a_label_reads_well_inside_a_sentence(label: str, words: str) -> None:
    assert in_a_sentence(label) == words
