"""Search, the list of words and the index: in step with every entry put or removed, and as if made anew."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from enforcement.register import paging
from enforcement.register.finding import holding
from enforcement.register.models import EntryText, IndexLine, ProvisionText, RegisterEntry, Word
from enforcement.register.paging import ORDERS, Place, Wanted, find, read_place
from enforcement.register.services import put_entry, remove_entry
from enforcement.register.suggestions import close_to
from enforcement.register.wording import how_many
from enforcement.register.words import Sought, read
from tests.register.entries import cited, entry, snapshot

pytestmark = pytest.mark.usefixtures("provisions")


def _derived() -> list[Any]:
    """All that is derived from the entries, but for the keys of its rows."""
    tables = (
        (EntryText, ("entry__slug", "words", "served_on", "employer", "changed")),
        (Word, ("word", "entries")),
        (IndexLine, ("kind", "key", "year", "name", "sort", "entries")),
        (ProvisionText, ("reference", "heading", "own_words", "in_force_from", "in_force_to")),
    )
    return [sorted(table.objects.values_list(*names)) for table, names in tables]


def _found(typed: str) -> set[str]:
    return {each.employer_name for each in holding(RegisterEntry.objects.all(), read(typed))}


def test_what_is_derived_is_as_if_made_anew_after_any_change() -> None:
    first = snapshot(employer_name="Alder Trust", region="London")
    put_entry(first)
    put_entry(snapshot(employer_name="Birch Trust", citations=cited("17(4)")))
    gone = entry(employer_name="Cedar Trust", location="", postcode="")
    changed: dict[str, Any] = {
        "served_on": date(2026, 1, 10),
        "citations": cited("7"),
        "employer_name": "Dogwood Trust",
    }
    put_entry(replace(first, **changed))
    remove_entry(gone.slug)
    before = _derived()
    call_command("rebuild_register_index", verbosity=0)
    after = _derived()
    texts = before.pop()
    # A text that was once cited stays, as the law it is.
    assert set(after.pop()) < set(texts)
    assert before == after


def test_an_entry_that_changes_is_found_by_what_it_says_now_alone() -> None:
    said = snapshot(employer_name="Alder Trust", description="Calibrate the dosimeter.")
    put_entry(said)
    assert _found("dosimeter") == {"Alder Trust"}
    put_entry(replace(said, description="Train the operators.", employer_name="Birch Trust"))
    assert _found("dosimeter") == _found("alder") == set()
    assert _found("operators birch") == {"Birch Trust"}
    remove_entry(said.slug)
    assert _found("operators") == set()
    assert not Word.objects.exists()
    assert not IndexLine.objects.exists()


def test_accents_apostrophes_and_order_make_no_difference() -> None:
    entry(employer_name="Queen’s Élan Hospital NHS Trust", description="Records of training")
    for typed in ("queens elan", "QUEEN'S", "training élan", "hosp train rec", "trainings"):
        assert _found(typed), typed
    for typed in ("queen's elam", "king's", "rainin"):
        assert not _found(typed), typed


def test_the_headings_of_what_is_cited_are_found() -> None:
    made = entry(citations=cited("17(4)"))
    heading = made.citations.get().heading
    assert _found(heading) == {made.employer_name}


def test_more_endings_than_are_listed_are_found_all_the_same() -> None:
    for number in range(105):
        entry(employer_name=f"Zzz{number:03}", description="")
    assert len(_found("zzz")) == 105
    assert len(_found("zzz0")) == 100


@pytest.mark.parametrize("order", ORDERS)
def test_a_page_of_every_order_takes_four_queries_at_most(order: str) -> None:
    for _ in range(30):
        entry()
    with CaptureQueriesContext(connection) as captured:
        found = find(Wanted(read("employer notice 2025")), order)
    assert len(captured) <= 4
    assert (len(found.keys), found.total, found.after, found.before) == (20, 30, True, False)


def test_of_several_common_things_more_than_so_many_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of an index would have to be read to count them (PostgreSQL); what is said is true all the same."""
    for name in ("MOST_GATHERED", "MOST_WALKED"):
        monkeypatch.setattr(paging, name, 25)
    monkeypatch.setattr(paging, "WALKED_FOR_ONE", 1)
    monkeypatch.setattr(paging, "LEAST_TOLD", 10)
    for number in range(30):
        entry(served_on=date(2025, 3, 1), description="gantry" if number % 2 else "gantry couch")
    is_walked = connection.vendor == "postgresql"
    found = find(Wanted(read("gantry notice")), "newest")
    assert (found.total, found.more) == ((20, True) if is_walked else (30, False))
    assert how_many(found.total, more=found.more) == ("More than 20 notices" if is_walked else "30 notices")
    found = find(Wanted(read("gantry notice 2025")), "newest")
    assert (found.total, found.more) == ((20, True) if is_walked else (30, False))
    monkeypatch.setattr(paging, "LEAST_TOLD", 100)
    assert find(Wanted(read("gantry notice")), "newest").total == 30
    monkeypatch.setattr(paging, "MOST_WALKED", 31)
    found = find(Wanted(read("couch notice")), "newest")
    assert (found.total, found.more) == (15, False)


def test_between_two_days_and_in_a_year_both_must_fit() -> None:
    for month in (1, 5, 12):
        entry(served_on=date(2025, month, 31), breach_on=date(2025, month, 1))
    typed = read("2025").terms
    assert find(Wanted(Sought(typed), date(2025, 5, 31), date(2025, 6, 1)), "newest").total == 1
    assert find(Wanted(Sought(typed), date(2025, 6, 1)), "newest").total == 1
    assert find(Wanted(read("2025 2024")), "newest").total == 0


def test_a_word_that_stands_nowhere_is_named_and_a_close_one_offered() -> None:
    entry(employer_name="Brackenfield Hospital")
    found = find(Wanted(read("brakenfield hospital")), "newest")
    assert found.missing == ("hold “brakenfield”",)
    assert close_to("brakenfield") == ["brackenfield"]
    assert close_to("zzzzzz") == []
    assert close_to("bra") == []


def test_a_place_is_read_as_it_was_written_and_else_not_at_all() -> None:
    assert read_place("2025-01-31.7", "newest") == ("2025-01-31", 7)
    assert read_place("a.b trust.2025-01-31.7", "employer") == ("a.b trust", "2025-01-31", 7)
    for nonsense in ("", "7", "2025-01-32.7", "2025-01-31.-7", "2025-01-31.٣", "2025-01-31." + "9" * 30):
        assert read_place(nonsense, "newest") is None


@examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.sampled_from(sorted(ORDERS)), st.text(max_size=30), st.booleans())
def test_whatever_is_typed_and_wherever_a_page_is_said_to_begin(
    provisions: None, typed: str, order: str, place: str, backwards: bool
) -> None:
    key = read_place(place, order)
    found = find(Wanted(read(typed)), order, Place(key, backwards) if key else None)
    assert found.total == len(found.keys) == 0


@examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=60))
def test_whatever_stands_in_an_entry_is_found_by_each_of_its_words(provisions: None, typed: str) -> None:
    made = entry(description=typed, citations=())
    for word in set(typed.split()):
        if read(word).terms and not read(word).terms[0].exact:
            assert made in holding(RegisterEntry.objects.all(), read(word)), word
