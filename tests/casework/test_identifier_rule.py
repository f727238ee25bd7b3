"""A text that seems to identify somebody is refused, until somebody says why it identifies nobody."""

import hashlib
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from pytest_django import DjangoAssertNumQueries

from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link, writing
from regulator.casework.confirmation import IdentifierConfirmation
from regulator.casework.models import Case
from regulator.casework.services import IdentifiersFound, refuse_identifiers
from regulator.casework.services.identifiers import LONGEST_REASON, MOST_CONFIRMED, MOST_FOUND
from tests.casework.conftest import SETTING_UP

pytestmark = pytest.mark.django_db
NUMBER = "First line.\nThen the patient,\n943 476 5919, was exposed."


@pytest.fixture
def reporter(case: Case, make_user: Callable[..., User]) -> User:
    return make_user(Role.EMPLOYER_REPORTER, employer=case.employer)


def check(case: Case, by: User, reason: str = "", stored: dict[str, str] | None = None, **texts: str) -> None:
    with writing():
        refuse_identifiers(case=case, texts=texts, by=by, reason=reason, stored=stored)


def test_the_message_says_what_where_and_what_to_do(case: Case, reporter: User) -> None:
    with pytest.raises(IdentifiersFound) as raised:
        check(case, reporter, narrative=NUMBER, other="By Mr Patel.", clean="Nothing.")
    assert set(raised.value.message_dict) == {"narrative", "other"}
    (message,) = raised.value.message_dict["narrative"]
    assert "an NHS number on line 3: “…the patient, 943 476 5919, was exposed.”" in message
    assert "Take it out, or say" in message
    placed = raised.value.found[0].as_data()
    start = NUMBER.index("943")
    assert placed == {
        "field": "narrative",
        "kind": "nhs_number",
        "line": 3,
        "start": start,
        "end": start + 12,
    }
    assert not IdentifierConfirmation.objects.exists()


def test_a_reason_is_kept_in_a_row_and_its_digest_in_the_chain(case: Case, reporter: User) -> None:
    check(case, reporter, " An example from guidance. ", narrative=NUMBER)
    row = IdentifierConfirmation.objects.get()
    digest = row.digest
    assert (row.case, row.field, row.kind) == (case, "narrative", "nhs_number")
    assert (row.reason, row.confirmed_by) == ("An example from guidance.", reporter)
    event = case.events.get()
    assert event.payload == {
        "confirmed": [{"field": "narrative", "kind": "nhs_number", "digest": digest}],
        "reason_sha256": hashlib.sha256(b"An example from guidance.").hexdigest(),
    }
    assert first_broken_link() is None


def test_what_was_confirmed_is_not_asked_about_again_on_this_case_however_it_is_spaced(
    case: Case, reporter: User, make_case: Callable[..., Case]
) -> None:
    check(case, reporter, "An example.", narrative=NUMBER)
    check(case, reporter, learning="See 943-476-5919.")
    check(case, reporter, "Another reason.", learning="See 9434765919.")
    assert IdentifierConfirmation.objects.count() == case.events.count() == 1
    with pytest.raises(IdentifiersFound):
        check(case, reporter, narrative=NUMBER + " By Mr Patel.")
    with pytest.raises(IdentifiersFound):
        check(make_case(), reporter, narrative=NUMBER)


def test_a_text_stored_unchanged_is_not_asked_about_but_a_changed_one_is(case: Case, reporter: User) -> None:
    check(case, reporter, stored={"narrative": NUMBER}, narrative=NUMBER)
    with pytest.raises(IdentifiersFound):
        check(case, reporter, stored={"narrative": NUMBER}, narrative=NUMBER + ".")
    with pytest.raises(IdentifiersFound):
        check(case, reporter, stored={"narrative": NUMBER}, learning=NUMBER)


def test_a_clean_text_costs_no_query_and_fields_do_not_run_into_each_other(
    case: Case, reporter: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        refuse_identifiers(
            case=case, texts={"a": "943", "b": "476", "c": "5919", "d": "Mr", "e": "Patel"}, by=reporter
        )


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ("It is only Mr Patel’s.", NUMBER),
        ("x" * (LONGEST_REASON + 1), NUMBER),
        (
            "A list.",
            " ".join(f"Mr Name{chr(97 + n % 26)}{chr(97 + n // 26)}," for n in range(MOST_CONFIRMED + 1)),
        ),
    ],
)
def test_a_reason_that_is_none_is_refused_beside_it(
    case: Case, reporter: User, reason: str, text: str
) -> None:
    with pytest.raises(ValidationError) as raised:
        check(case, reporter, reason, narrative=text)
    assert set(raised.value.message_dict) == {"identifies_nobody"}
    assert not IdentifierConfirmation.objects.exists()
    assert not case.events.exists()


def test_spaces_are_no_reason_and_scheduled_work_gives_none(case: Case, reporter: User) -> None:
    with pytest.raises(IdentifiersFound):
        check(case, reporter, " \n ", narrative=NUMBER)
    with writing(), pytest.raises(IdentifiersFound):
        refuse_identifiers(case=case, texts={"narrative": NUMBER}, by=SETTING_UP, reason="Because.")


def test_many_findings_are_counted_and_not_all_listed(case: Case, reporter: User) -> None:
    with pytest.raises(IdentifiersFound) as raised:
        check(case, reporter, narrative="Mr Patel. " * 300)
    assert "and 295 more" in raised.value.messages[0]
    check(case, reporter, "An invented name.", narrative="Mr Patel. " * 300)
    assert IdentifierConfirmation.objects.count() == 1


@pytest.mark.parametrize("around", [200_000, 400_000])
@pytest.mark.parametrize("shift", [-14, -9, -5, 0, 1])
def test_a_long_text_hides_nothing_where_it_is_read_in_pieces(
    case: Case, reporter: User, around: int, shift: int
) -> None:
    for written in ("943 476 5919", "born 12/03/1954", "Mr Patel"):
        before = ("word " * around)[: around + shift - 1] + " "
        with pytest.raises(IdentifiersFound) as raised:
            check(case, reporter, narrative=f"{before}{written} {'more ' * 100_000}")
        (only,) = raised.value.found
        assert written.endswith(only.finding.text)
        assert only.finding.end == len(before) + len(written)


def test_a_text_of_nothing_but_identifiers_cannot_be_confirmed(case: Case, reporter: User) -> None:
    with pytest.raises(ValidationError, match="too many to confirm"):
        check(case, reporter, "All invented.", narrative="Mr Patel. " * MOST_FOUND)
    assert not IdentifierConfirmation.objects.exists()
