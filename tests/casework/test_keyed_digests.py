"""What was confirmed is known again by a digest under the portal's key, and by nobody without it."""

import hashlib
import hmac
import json
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link, writing
from regulator.casework.confirmation import PURPOSE, IdentifierConfirmation, digests_of
from regulator.casework.identifiers import find
from regulator.casework.models import Case
from regulator.casework.services import IdentifiersFound, refuse_identifiers
from regulator.secret import keyed_digests

pytestmark = pytest.mark.django_db
TEXT = "It was 943 476 5919."
PLAIN = hashlib.sha256(b"nhs_number:9434765919").hexdigest()
MIGRATION = import_module("regulator.casework.migrations.0005_identifiers_by_keyed_digest")


@pytest.fixture
def officer(make_user: Callable[..., User]) -> User:
    return make_user(Role.CASE_OFFICER)


def check(case: Case, by: User, why: str = "", text: str = TEXT) -> None:
    with writing():
        refuse_identifiers(case=case, texts={"narrative": text}, by=by, reason=why)


def test_a_digest_is_an_hmac_under_a_key_of_its_own(settings: Any) -> None:
    settings.SECRET_KEY = "the portal's"
    key = hashlib.sha256(PURPOSE.encode() + b"the portal's").digest()
    expected = hmac.new(key, PLAIN.encode(), "sha256").hexdigest()
    (found,) = find(TEXT)
    assert digests_of(found) == (expected,)
    assert keyed_digests("something else", PLAIN) != (expected,)


def test_neither_the_row_nor_the_chain_can_be_tried_without_the_key(
    case: Case, officer: User, settings: Any
) -> None:
    check(case, officer, "An example.")
    row = IdentifierConfirmation.objects.get()
    kept = json.dumps([event.payload for event in case.events.all()]) + row.digest
    guesses = ("nhs_number:9434765919", "9434765919", "943 476 5919", PLAIN)
    for guess in guesses:
        assert guess not in kept
        assert hashlib.sha256(guess.encode()).hexdigest() not in kept
    settings.SECRET_KEY = "another portal's"
    assert not any(digest in kept for digest in digests_of(find(TEXT)[0]))


def test_what_was_confirmed_under_a_former_key_counts_while_that_key_is_listed(
    case: Case, officer: User, settings: Any
) -> None:
    settings.SECRET_KEY = "first"
    check(case, officer, "An example.")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "third", ["second", "first"]
    check(case, officer, text=f"{TEXT} Still.")
    settings.SECRET_KEY_FALLBACKS = ["second"]
    with pytest.raises(IdentifiersFound):
        check(case, officer)
    check(case, officer, "An example, as was said.")
    settings.SECRET_KEY_FALLBACKS = []
    check(case, officer)
    assert IdentifierConfirmation.objects.count() == case.events.count() == 2
    assert first_broken_link() is None


def test_a_new_confirmation_is_kept_under_the_present_key(case: Case, officer: User, settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "present", ["former"]
    check(case, officer, "An example.")
    settings.SECRET_KEY_FALLBACKS = []
    check(case, officer)
    settings.SECRET_KEY = "former"
    with pytest.raises(IdentifiersFound):
        check(case, officer)


def test_rows_with_plain_digests_are_keyed_and_go_on_counting(case: Case, officer: User) -> None:
    row = IdentifierConfirmation.objects.create(
        case=case, field="narrative", kind="nhs_number", digest=PLAIN, reason="Old.", confirmed_by=officer
    )
    with pytest.raises(IdentifiersFound):
        check(case, officer)
    MIGRATION.key_the_digests(apps, None)
    row.refresh_from_db()
    assert row.digest != PLAIN
    check(case, officer)
    assert (row.reason, IdentifierConfirmation.objects.count()) == ("Old.", 1)
